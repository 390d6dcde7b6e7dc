// The area under the ROC curve as the Mann–Whitney probability, ties one half, with DeLong's interval.
// Sources: DeLong, DeLong, Clarke-Pearson, Biometrics 44 (1988) 837–845; Sun and Xu, IEEE Signal Processing Letters 21 (2014) 1389–1393.
import { LEVEL } from './intervals.ts'
import { type Interval, known, type Measured, unknown } from './measured.ts'
import { twoSidedZ } from './normal-quantile.ts'
import { type ClassCounts, classCounts, type ScoreTable } from './score-table.ts'

/** P(score of a positive > score of a negative) + ½ P(equal). Null without rows, or when a class is absent. */
export function auc(table: ScoreTable, level: number = LEVEL): Measured {
  const classes = classCounts(table)
  const n = classes.positives + classes.negatives
  if (n === 0) return unknown('empty_window', 0)
  if (classes.positives === 0 || classes.negatives === 0) return unknown('one_class', n)
  const value = halfWins(table) / (2 * classes.positives * classes.negatives)
  return known(value, n, delongInterval(table, classes, value, level))
}

/** Twice the pairs that a positive wins, plus the ties once: an integer, so the sum is exact up to 2^53. */
function halfWins(table: ScoreTable): number {
  let negativesBelow = 0
  let sum = 0
  for (const { positives, negatives } of table) {
    sum += positives * (2 * negativesBelow + negatives)
    negativesBelow += negatives
  }
  return sum
}

/** Normal, clipped to [0, 1]; null with fewer than two rows of a class. */
function delongInterval(table: ScoreTable, classes: ClassCounts, value: number, level: number): Interval | null {
  const { positives: m, negatives: n } = classes
  if (m < 2 || n < 2) return null
  let [negativesBelow, positivesBelow, ofPositives, ofNegatives] = [0, 0, 0, 0]
  for (const { positives, negatives } of table) {
    const beaten = (negativesBelow + negatives / 2) / n
    const beating = 1 - (positivesBelow + positives / 2) / m
    ofPositives += positives * (beaten - value) ** 2
    ofNegatives += negatives * (beating - value) ** 2
    negativesBelow += negatives
    positivesBelow += positives
  }
  const half = twoSidedZ(level) * Math.sqrt(ofPositives / (m - 1) / m + ofNegatives / (n - 1) / n)
  return [Math.max(0, value - half), Math.min(1, value + half)]
}
