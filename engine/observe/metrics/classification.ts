// Performance of a binary classifier from its confusion counts. A share without a denominator is null with its reason,
// where scikit-learn says 0 (METRICS.md, performance.*).
import { allRows, type Confusion, labelledRows } from './confusion.ts'
import { wilson } from './intervals.ts'
import { known, type Measured, type NullReason, unknown } from './measured.ts'

/** Rows with a label. */
export function support(c: Confusion): Measured {
  return known(labelledRows(c), allRows(c))
}

/** Rows with a label ÷ rows: a model whose labels have not arrived has no performance yet. */
export function labelCoverage(c: Confusion): Measured {
  return share(labelledRows(c), allRows(c), 'empty_window')
}

/** A share of the labelled rows. Null without any (`empty_window`). */
export function accuracy(c: Confusion): Measured {
  return share(c.tp + c.tn, labelledRows(c), 'empty_window')
}

/** Null where nothing was predicted positive (`no_predicted_positives`), or nothing has a label. */
export function precision(c: Confusion): Measured {
  if (labelledRows(c) === 0) return unknown('empty_window', 0)
  return share(c.tp, c.tp + c.fp, 'no_predicted_positives')
}

/** Null where nothing is positive (`no_positives`), or nothing has a label. */
export function recall(c: Confusion): Measured {
  if (labelledRows(c) === 0) return unknown('empty_window', 0)
  return share(c.tp, c.tp + c.fn, 'no_positives')
}

/** 2·tp ÷ (2·tp + fp + fn). */
export function f1(c: Confusion): Measured {
  const n = labelledRows(c)
  if (n === 0) return unknown('empty_window', 0)
  if (c.tp + c.fp + c.fn === 0) return unknown('no_positives', n)
  return known((2 * c.tp) / (2 * c.tp + c.fp + c.fn), n)
}

/** Labels that are 1 ÷ labels: no measure of the model, but the first thing to break when labels do. */
export function labelRate(c: Confusion): Measured {
  return share(c.tp + c.fn, labelledRows(c), 'empty_window')
}

/** `part ÷ whole` with its Wilson interval; null with `reason` where nothing divides. */
export function share(part: number, whole: number, reason: NullReason): Measured {
  return whole === 0 ? unknown(reason, 0) : known(part / whole, whole, wilson({ part, whole }))
}
