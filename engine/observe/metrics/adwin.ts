// ADWIN: a window that grows while its parts agree, and alarms when two of them have unlike means. It keeps an exponential
// histogram, so a stream of any length takes a few hundred numbers.
// Sources: Bifet and Gavaldà, SDM 2007; river 0.26 `drift.ADWIN`, whose parameters, arithmetic and cuts these are.
import type { Detector } from './detector.ts'

export interface AdwinParameters {
  readonly delta: number
  /** Cuts are looked for at every so many values. */
  readonly clock: number
  readonly max_buckets: number
  /** Values on either side of a cut. */
  readonly min_window_length: number
  /** Values before the first cut. */
  readonly grace_period: number
}

export const ADWIN: AdwinParameters = {
  delta: 0.002,
  clock: 32,
  max_buckets: 5,
  min_window_length: 5,
  grace_period: 10,
}

/** Row i holds buckets of 2ⁱ values, the oldest first. */
interface Bucket {
  readonly total: number
  /** Sum of squared deviations from the bucket's mean. */
  readonly deviations: number
}

interface Window {
  readonly rows: Bucket[][]
  width: number
  total: number
  deviations: number
}

export interface AdwinDetector extends Detector {
  /** What the window holds: after an alarm, what was left of it. */
  window(): { readonly width: number; readonly total: number; readonly deviations: number }
}

/** A detector for values between 0 and 1, shown one by one. After an alarm it begins anew with the next value. */
export function adwin(parameters: AdwinParameters): AdwinDetector {
  let window = emptyWindow()
  let [ticks, isSpent] = [0, false]
  return {
    alarms(value) {
      if (isSpent) [window, ticks] = [emptyWindow(), 0]
      insert(window, value, parameters.max_buckets)
      ticks++
      isSpent = ticks % parameters.clock === 0 && window.width > parameters.grace_period && shrink(window, parameters)
      return isSpent
    },
    window: () => ({ width: window.width, total: window.total, deviations: window.deviations }),
  }
}

function emptyWindow(): Window {
  return { rows: [[]], width: 0, total: 0, deviations: 0 }
}

function insert(window: Window, value: number, maxBuckets: number): void {
  window.rows[0]?.push({ total: value, deviations: 0 })
  window.width++
  if (window.width > 1) {
    const before = window.width - 1
    window.deviations += (before * (value - window.total / before) * (value - window.total / before)) / window.width
  }
  window.total += value
  compress(window.rows, maxBuckets)
}

/** Where a row has one bucket too many, its two oldest become one of the next row. */
function compress(rows: Bucket[][], maxBuckets: number): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? []
    if (row.length <= maxBuckets) return
    const [a, b] = row.splice(0, 2)
    if (a === undefined || b === undefined) return
    const size = 2 ** i
    const between = a.total / size - b.total / size
    const merged = {
      total: a.total + b.total,
      deviations: a.deviations + b.deviations + (size * size * between * between) / (size + size),
    }
    const next = rows[i + 1]
    if (next === undefined) rows.push([merged])
    else next.push(merged)
  }
}

/** Drops oldest buckets as long as a cut tells both sides apart; whether one did. */
function shrink(window: Window, parameters: AdwinParameters): boolean {
  let isCut = false
  while (hasCut(window, parameters)) {
    isCut = true
    dropOldest(window)
  }
  return isCut
}

/** Tries each border between buckets, from the oldest on. */
function hasCut({ rows, width, total, deviations }: Window, parameters: AdwinParameters): boolean {
  const { delta, min_window_length: least } = parameters
  const strictness = Math.log((2 * Math.log(width)) / delta)
  const variance = deviations / width
  let [n0, n1, u0, u1] = [0, width, 0, total]
  for (let i = rows.length - 1; i >= 0; i--) {
    const size = 2 ** i
    for (const bucket of rows[i] ?? []) {
      n0 += size
      n1 -= size
      u0 += bucket.total
      u1 -= bucket.total
      if (n1 < least) return false
      if (n0 < least) continue
      const share = 1 / (n0 - least + 1) + 1 / (n1 - least + 1)
      const bound = Math.sqrt(2 * share * variance * strictness) + (2 / 3) * strictness * share
      if (Math.abs(u0 / n0 - u1 / n1) > bound) return true
    }
  }
  return false
}

function dropOldest(window: Window): void {
  const { rows } = window
  const last = rows.length - 1
  const oldest = rows[last]?.shift()
  if (oldest === undefined) return
  const size = 2 ** last
  window.width -= size
  window.total -= oldest.total
  const between = oldest.total / size - window.total / window.width
  window.deviations -= oldest.deviations + (size * window.width * between * between) / (size + window.width)
  if (rows[last]?.length === 0 && last > 0) rows.pop()
}
