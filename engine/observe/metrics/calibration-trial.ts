// Whether scores gain by calibration: on rows that were left out of the fit, is the calibrated score nearer to the labels than
// the raw one? As NannyML's `needs_calibration`: ten splits, each a tenth, expected calibration error over ten bins of equal
// count. Rows of equal score have no order there but the sort's, which differs by processor; here the error is the mean over
// twenty drawn orders, so the answer is the same on every machine.
import { ascendingCalibrator, isotonicFit, type Step } from './isotonic.ts'
import { mersenneTwister, shuffle } from './mersenne-twister.ts'
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
  const order = placesInOrder(scores)
  const sorted = Float64Array.from(order, (place) => scores[place] ?? 0)
  const drawn = Uint8Array.from(order, (place) => labels[place] ?? 0)
  const ties = tiesOf(sorted)
  const twister = mersenneTwister(SPLITS.seed)
  const orders = ties.length === 0 ? 1 : ORDERS
  let sum = 0
  for (let i = 0; i < orders; i++) {
    for (const [start, end] of ties) shuffle(drawn, twister, start, end)
    sum += errorInOrder(sorted, drawn)
  }
  return sum / orders
}

function errorInOrder(sorted: Float64Array, labels: Uint8Array): number {
  const width = Math.floor(sorted.length / BINS)
  const gaps = new Float64Array(BINS)
  for (let i = 0; i < sorted.length; i++) {
    const bin = Math.min(BINS - 1, Math.floor(i / width))
    gaps[bin] = (gaps[bin] ?? 0) + (sorted[i] ?? 0) - (labels[i] ?? 0)
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / sorted.length
}

/** Runs of equal scores longer than one row. */
function tiesOf(sorted: Float64Array): (readonly [number, number])[] {
  const ties: (readonly [number, number])[] = []
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1
    while (end < sorted.length && sorted[end] === sorted[start]) end++
    if (end > start + 1) ties.push([start, end])
    start = end
  }
  return ties
}

function placesInOrder(scores: Float64Array): Int32Array {
  const places = Int32Array.from(scores, (_, place) => place)
  return places.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b)
}
