// Performance of a classifier with any number of classes, from counts of label by prediction.
// Source: scikit-learn, `average` macro, micro and weighted with zero_division=0.
import { compareText } from '../../base/order.ts'
import { share } from './classification.ts'
import { known, type Measured, unknown } from './measured.ts'

export interface ClassCount {
  readonly label: string
  readonly prediction: string
  readonly n: number
}

export type Average = 'macro' | 'micro' | 'weighted'
export type ClassMetric = 'precision' | 'recall' | 'f1'

export function multiclassAccuracy(counts: readonly ClassCount[]): Measured {
  return share(
    sumWhere(counts, (c) => c.label === c.prediction),
    sumWhere(counts, () => true),
    'empty_window',
  )
}

/** Over every class that occurs as a label or a prediction; `weighted` by labels. */
export function multiclassAverage(metric: ClassMetric, counts: readonly ClassCount[], average: Average): Measured {
  const rows = sumWhere(counts, () => true)
  if (rows === 0) return unknown('empty_window', 0)
  const right = sumWhere(counts, (c) => c.label === c.prediction)
  if (average === 'micro') return known(right / rows, rows)
  const classes = [...new Set(counts.flatMap((c) => [c.label, c.prediction]))].sort(compareText)
  let sum = 0
  for (const name of classes) {
    const labelled = sumWhere(counts, (c) => c.label === name)
    const weight = average === 'macro' ? 1 / classes.length : labelled / rows
    sum += weight * classValue(metric, counts, name)
  }
  return known(sum, rows)
}

function classValue(metric: ClassMetric, counts: readonly ClassCount[], name: string): number {
  const hits = sumWhere(counts, (c) => c.label === name && c.prediction === name)
  const labelled = sumWhere(counts, (c) => c.label === name)
  const predicted = sumWhere(counts, (c) => c.prediction === name)
  const whole = { precision: predicted, recall: labelled, f1: (labelled + predicted) / 2 }[metric]
  return whole === 0 ? 0 : hits / whole
}

function sumWhere(counts: readonly ClassCount[], isWanted: (count: ClassCount) => boolean): number {
  return counts.reduce((sum, count) => (isWanted(count) ? sum + count.n : sum), 0)
}
