// The value that a rule with `versus` compares with: a baseline's, the window before's, or a mean over days.
import type { MetricRule, Versus } from '../domain/policy.ts'
import type { Deployed } from './deployed.ts'
import { definitionOf, type MetricWindow, type Reading } from './metric-window.ts'

const DAY = 86_400_000

export type Before =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'missing'; readonly reason?: string }
  /** The two sides were not measured alike. */
  | { readonly kind: 'definition'; readonly definitions: readonly string[] }

const NOTHING: Before = { kind: 'missing' }

/** `index`: the window judged, among those that measure the metric; `now`: its reading of the subject. */
export function valueBefore(
  rule: { readonly rule: MetricRule; readonly reading: number },
  versus: Versus,
  deployed: Deployed,
  at: { readonly index: number; readonly text: string | null; readonly now: Reading },
): Before {
  const definition = definitionOf(at.now.measurement)
  if (versus.kind === 'baseline') {
    const baseline = deployed.baselinesOf(rule.reading).at(0)
    if (baseline !== undefined) return pick(baseline, at.text, definition)
    const { reference } = at.now.measurement
    return reference === undefined ? NOTHING : { kind: 'value', value: reference }
  }
  const windows = deployed.windowsOf(rule.reading)
  if (versus.kind === 'rolling') return meanBefore(versus.days, windows, at, definition)
  const previous = windows.at(at.index + 1)
  return previous === undefined ? NOTHING : pick(previous, at.text, definition)
}

/** Windows without a value for the subject are passed over; the sum runs from the newest to the oldest. */
function meanBefore(
  days: number,
  windows: { at(index: number): MetricWindow | undefined },
  at: { readonly index: number; readonly text: string | null },
  definition: string,
): Before {
  const end = windows.at(at.index)?.end ?? 0
  let sum = 0
  let count = 0
  for (let i = at.index + 1; ; i++) {
    const window = windows.at(i)
    if (window === undefined || window.end < end - days * DAY) break
    const before = pick(window, at.text, definition)
    if (before.kind === 'definition') return before
    if (before.kind === 'missing') continue
    sum += before.value
    count++
  }
  return count === 0 ? NOTHING : { kind: 'value', value: sum / count }
}

function pick(window: MetricWindow, text: string | null, definition: string): Before {
  const readings = window.definitions.length === 1 ? [window.find(text)] : window.findAll(text)
  const present = readings.filter((r) => r !== undefined)
  if (present.length === 0) return NOTHING
  const alike = present.find((r) => definitionOf(r.measurement) === definition)
  if (alike === undefined) {
    return { kind: 'definition', definitions: [definition, ...present.map((r) => definitionOf(r.measurement))] }
  }
  const { value, reason } = alike.measurement
  if (value === null) return reason === undefined ? NOTHING : { kind: 'missing', reason }
  return { kind: 'value', value }
}
