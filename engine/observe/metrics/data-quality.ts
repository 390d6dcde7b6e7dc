// Data quality from counts: what is missing, out of range, unseen, repeated or late (METRICS.md, data.*).
import { known, type Measured, unknown } from './measured.ts'

/** Missing cells ÷ cells, of a column or of the whole table. */
export function missingShare(missing: number, cells: number): Measured {
  return cells === 0 ? unknown('empty_window', 0) : known(missing / cells, cells)
}

/** Non-missing values outside the card's range, infinities among them: a count. */
export function rangeViolations(violations: number, nonMissing: number): Measured {
  return known(violations, nonMissing)
}

/** A share of the cells that are there. Null without any (`empty_window`). */
export function rangeViolationShare(violations: number, nonMissing: number): Measured {
  return nonMissing === 0 ? unknown('empty_window', 0) : known(violations / nonMissing, nonMissing)
}

/** Non-missing values that are none of the card's ÷ non-missing values. */
export function unseenCategoryShare(unseen: number, nonMissing: number): Measured {
  return nonMissing === 0 ? unknown('empty_window', 0) : known(unseen / nonMissing, nonMissing)
}

/** Rows equal to an earlier one in every column ÷ rows. */
export function duplicateShare(duplicates: number, rows: number): Measured {
  return rows === 0 ? unknown('empty_window', 0) : known(duplicates / rows, rows)
}

/** Hours from the newest row to `asOf` (both ms); negative when the newest lies ahead. */
export function freshnessHours(newest: number | null, asOf: number, rows: number): Measured {
  return newest === null ? unknown('no_timestamp', rows) : known((asOf - newest) / 3_600_000, rows)
}

/** Missing share of the current window − of the reference. */
export function missingDrift(reference: Measured, current: Measured): Measured {
  if (reference.value === null || current.value === null) return unknown('empty_window', current.n)
  return known(current.value - reference.value, current.n)
}
