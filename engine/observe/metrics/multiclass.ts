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

/** A share of the labelled rows. Null without any (`empty_window`). */
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
  if (average === 'micro') {
    const right = sumWhere(counts, (c) => c.label === c.prediction)
    return known(right / rows, rows)
  }
  const classes = classTotals(counts)
  let sum = 0
  for (const one of classes) {
    const weight = average === 'macro' ? 1 / classes.length : one.labelled / rows
    sum += weight * classValue(metric, one)
  }
  return known(sum, rows)
}

interface ClassTotals {
  hits: number
  labelled: number
  predicted: number
}

/** In code-point order of the classes. */
function classTotals(counts: readonly ClassCount[]): readonly ClassTotals[] {
  const totals = new Map<string, ClassTotals>()
  const totalsOf = (name: string) => {
    const found = totals.get(name) ?? { hits: 0, labelled: 0, predicted: 0 }
    totals.set(name, found)
    return found
  }
  for (const { label, prediction, n } of counts) {
    totalsOf(label).labelled += n
    totalsOf(prediction).predicted += n
    if (label === prediction) totalsOf(label).hits += n
  }
  return [...totals].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one)
}

function classValue(metric: ClassMetric, { hits, labelled, predicted }: ClassTotals): number {
  const whole = { precision: predicted, recall: labelled, f1: (labelled + predicted) / 2 }[metric]
  return whole === 0 ? 0 : hits / whole
}

function sumWhere(counts: readonly ClassCount[], isWanted: (count: ClassCount) => boolean): number {
  return counts.reduce((sum, count) => (isWanted(count) ? sum + count.n : sum), 0)
}
