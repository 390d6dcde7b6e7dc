// Whether scores gain by calibration: on rows that were left out of the fit, is the calibrated score nearer to the labels than
// the raw one? As NannyML's `needs_calibration`: ten splits, each a tenth, expected calibration error over ten bins of equal
// count. Rows of equal score have no order there but the sort's, which differs by processor; here the error is the mean over
// twenty drawn orders, so the answer is the same on every machine.
import { ascendingCalibrator, isotonicFit, type Step } from './isotonic.ts'
import { mersenneTwister, shuffle, type Twister } from './mersenne-twister.ts'
import { stratifiedSplits } from './stratified-splits.ts'

/** Rows are drawn in the order that they come in, so the order is part of the question. */
export interface LabelledScores {
  readonly scores: Float64Array
  /** 0 or 1. */
  readonly labels: Uint8Array
}

/** NannyML's own. */
const SPLITS = { splits: 10, left: 0.1, seed: 42 }
const BINS = 10
const ORDERS = 20

/** False with too few rows of a class to try it on. */
export function gainsByCalibration(rows: LabelledScores): boolean {
  const splits = stratifiedSplits(rows.labels, SPLITS)
  if (splits === null) return false
  const ascending = placesInOrder(rows.scores)
  const size = splits.reduce((sum, left) => sum + left.length, 0)
  const tried = { raw: new Float64Array(size), calibrated: new Float64Array(size), labels: new Uint8Array(size) }
  let at = 0
  for (const left of splits) {
    const isLeft = new Uint8Array(rows.scores.length)
    for (const place of left) isLeft[place] = 1
    const calibrate = ascendingCalibrator(fitted(rows, ascending, isLeft))
    for (const place of ascending) {
      if (isLeft[place] !== 1) continue
      const score = rows.scores[place] ?? 0
      tried.raw[at] = score
      tried.calibrated[at] = calibrate(score) ?? 0
      tried.labels[at++] = rows.labels[place] ?? 0
    }
  }
  return calibrationError(tried.raw, tried.labels) > calibrationError(tried.calibrated, tried.labels)
}

/** The curve of the rows that are not left out. */
function fitted({ scores, labels }: LabelledScores, ascending: Int32Array, isLeft: Uint8Array): readonly Step[] {
  const fit = isotonicFit()
  let [score, positives, rows] = [Number.NaN, 0, 0]
  for (const place of ascending) {
    if (isLeft[place] === 1) continue
    const next = scores[place] ?? 0
    if (next !== score) {
      fit.add(score, positives, rows)
      ;[score, positives, rows] = [next, 0, 0]
    }
    positives += labels[place] ?? 0
    rows++
  }
  fit.add(score, positives, rows)
  return fit.steps()
}

/** Σ rows of the bin ÷ rows · |mean score − mean label|, ties in drawn orders. */
function calibrationError(scores: Float64Array, labels: Uint8Array): number {
  const sorted = scores.toSorted()
  const width = Math.floor(sorted.length / BINS)
  const borders = Array.from({ length: BINS - 1 }, (_, i) => sorted[(i + 1) * width] ?? 0)
  const runs = runsOver(sorted, borders, width)
  // Where all rows of a score are in one bin, their order says nothing.
  const gaps = new Float64Array(BINS)
  for (let i = 0; i < scores.length; i++) {
    const [score, label] = [scores[i] ?? 0, labels[i] ?? 0]
    const run = runs.get(score)
    if (run !== undefined) run.labels[run.filled++] = label
    else {
      const bin = binBetween(borders, score)
      gaps[bin] = (gaps[bin] ?? 0) + score - label
    }
  }
  const twister = mersenneTwister(SPLITS.seed)
  const orders = runs.size === 0 ? 1 : ORDERS
  let sum = 0
  for (let i = 0; i < orders; i++) sum += errorInOrder(gaps, runs, { width, twister })
  return sum / orders / sorted.length
}

/** Rows of one score on both sides of a border. */
interface Run {
  /** Where its first row stands in the order of scores. */
  readonly start: number
  readonly labels: Uint8Array
  filled: number
}

function errorInOrder(
  others: Float64Array,
  runs: ReadonlyMap<number, Run>,
  { width, twister }: { readonly width: number; readonly twister: Twister },
): number {
  const gaps = others.slice()
  for (const [score, { start, labels }] of runs) {
    shuffle(labels, twister)
    for (let i = 0; i < labels.length; i++) {
      const bin = Math.min(BINS - 1, Math.floor((start + i) / width))
      gaps[bin] = (gaps[bin] ?? 0) + score - (labels[i] ?? 0)
    }
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0)
}

/** By score. */
function runsOver(sorted: Float64Array, borders: readonly number[], width: number): Map<number, Run> {
  const runs = new Map<number, Run>()
  for (const [i, score] of borders.entries()) {
    const border = (i + 1) * width
    if (sorted[border - 1] !== score || runs.has(score)) continue
    let [start, end] = [border - 1, border + 1]
    while (sorted[start - 1] === score) start--
    while (sorted[end] === score) end++
    runs.set(score, { start, labels: new Uint8Array(end - start), filled: 0 })
  }
  return runs
}

function binBetween(borders: readonly number[], score: number): number {
  let bin = 0
  while (bin < borders.length && (borders[bin] ?? 0) <= score) bin++
  return bin
}

/** Places by score, equal ones by place. Without a comparison of one's own for every pair: the sort of numbers alone is native. */
function placesInOrder(scores: Float64Array): Int32Array {
  const sorted = scores.toSorted()
  const filled = new Int32Array(scores.length)
  const places = new Int32Array(scores.length)
  for (let place = 0; place < scores.length; place++) {
    const first = firstAt(sorted, scores[place] ?? 0)
    const taken = filled[first] ?? 0
    places[first + taken] = place
    filled[first] = taken + 1
  }
  return places
}

function firstAt(sorted: Float64Array, score: number): number {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((sorted[middle] ?? 0) < score) from = middle + 1
    else to = middle
  }
  return from
}
