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
export function gainsByCalibration({ scores, labels }: LabelledScores): boolean {
  const splits = stratifiedSplits(labels, SPLITS)
  if (splits === null) return false
  const ascending = placesInOrder(scores)
  const tested = splits.map((left) => testedRows({ scores, labels }, ascending, left))
  const join = (part: 'raw' | 'calibrated') => tested.flatMap((one) => one[part])
  return calibrationError(join('raw')) > calibrationError(join('calibrated'))
}

interface Judged {
  readonly score: number
  readonly label: number
}

/** Fits on the other rows, and reads the curve at the rows that were left out. */
function testedRows(
  { scores, labels }: LabelledScores,
  ascending: Int32Array,
  left: Int32Array,
): { readonly raw: readonly Judged[]; readonly calibrated: readonly Judged[] } {
  const isLeft = new Uint8Array(scores.length)
  for (const place of left) isLeft[place] = 1
  const calibrate = ascendingCalibrator(fitted({ scores, labels }, ascending, isLeft))
  const raw: Judged[] = []
  const calibrated: Judged[] = []
  for (const place of ascending) {
    if (isLeft[place] !== 1) continue
    const [score, label] = [scores[place] ?? 0, labels[place] ?? 0]
    raw.push({ score, label })
    calibrated.push({ score: calibrate(score) ?? 0, label })
  }
  return { raw, calibrated }
}

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
function calibrationError(rows: readonly Judged[]): number {
  const sorted = [...rows].sort((a, b) => a.score - b.score)
  const labels = Uint8Array.from(sorted, ({ label }) => label)
  const ties = tiesOf(sorted)
  const twister = mersenneTwister(SPLITS.seed)
  const orders = ties.length === 0 ? 1 : ORDERS
  let sum = 0
  for (let order = 0; order < orders; order++) {
    shuffleTies(labels, ties, twister)
    sum += errorInOrder(sorted, labels)
  }
  return sum / orders
}

function errorInOrder(sorted: readonly Judged[], labels: Uint8Array): number {
  const width = Math.floor(sorted.length / BINS)
  const gaps = new Float64Array(BINS)
  for (const [i, { score }] of sorted.entries()) {
    const bin = Math.min(BINS - 1, Math.floor(i / width))
    gaps[bin] = (gaps[bin] ?? 0) + score - (labels[i] ?? 0)
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / sorted.length
}

function shuffleTies(labels: Uint8Array, ties: readonly (readonly [number, number])[], twister: Twister): void {
  for (const [start, end] of ties) shuffle(labels, twister, start, end)
}

/** Runs of equal scores longer than one row. */
function tiesOf(sorted: readonly Judged[]): (readonly [number, number])[] {
  const ties: (readonly [number, number])[] = []
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1
    while (end < sorted.length && sorted[end]?.score === sorted[start]?.score) end++
    if (end > start + 1) ties.push([start, end])
    start = end
  }
  return ties
}

function placesInOrder(scores: Float64Array): Int32Array {
  const places = Int32Array.from(scores, (_, place) => place)
  return places.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b)
}
