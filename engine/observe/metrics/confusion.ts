// Counts of prediction by label of a binary model: the summary that classification and fairness metrics are computed from.
// Mergeable: the counts of two parts of a window add up to those of the whole.

/** Rows by prediction (1 is selected) and label; rows whose label has not arrived are counted apart. */
export interface Confusion {
  readonly tp: number
  readonly fp: number
  readonly fn: number
  readonly tn: number
  readonly unlabelledSelected: number
  readonly unlabelledOther: number
}

export const NO_ROWS: Confusion = { tp: 0, fp: 0, fn: 0, tn: 0, unlabelledSelected: 0, unlabelledOther: 0 }

/** One line of a `group by prediction, label`. */
export interface PredictionCount {
  readonly prediction: 0 | 1
  readonly label: 0 | 1 | null
  readonly n: number
}

/** Any order, equal cells added. A prediction without a label counts as unlabelled. */
export function confusionOf(counts: Iterable<PredictionCount>): Confusion {
  const sums = { ...NO_ROWS }
  for (const { prediction, label, n } of counts) sums[cellOf(prediction, label)] += n
  return sums
}

/** The sum, in any order. */
export function mergeConfusions(parts: Iterable<Confusion>): Confusion {
  const sums = { ...NO_ROWS }
  for (const part of parts) {
    for (const cell of Object.keys(sums) as (keyof Confusion)[]) sums[cell] += part[cell]
  }
  return sums
}

/** Rows with prediction and label. */
export function labelledRows(c: Confusion): number {
  return c.tp + c.fp + c.fn + c.tn
}

/** Rows with a prediction. */
export function allRows(c: Confusion): number {
  return labelledRows(c) + c.unlabelledSelected + c.unlabelledOther
}

/** Rows predicted positive, labelled or not. */
export function selectedRows(c: Confusion): number {
  return c.tp + c.fp + c.unlabelledSelected
}

function cellOf(prediction: 0 | 1, label: 0 | 1 | null): keyof Confusion {
  if (label === null) return prediction === 1 ? 'unlabelledSelected' : 'unlabelledOther'
  if (prediction === 1) return label === 1 ? 'tp' : 'fp'
  return label === 1 ? 'fn' : 'tn'
}
