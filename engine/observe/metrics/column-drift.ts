// Every drift metric of one column, each a pure function of its summary: null with the reason where it has no value.
// What is missing (NULL or NaN) counts in PSI and `missing` alone; infinities in PSI alone, as `other`.
import type { CategorySummary, ColumnSummary, NumberSummary } from '../summarise/drift-column.ts'
import { missingDrift, missingShare } from './data-quality.ts'
import { jensenShannon } from './jensen-shannon.ts'
import { ksP, ksStatistic } from './ks.ts'
import { type Measured, unknown } from './measured.ts'
import { psi } from './psi.ts'
import {
  type BinCounts,
  type CategoryCounts,
  categoryBins,
  countCategories,
  countNumbers,
  type NumberCounts,
  numberBins,
} from './psi-bins.ts'
import { wassersteinNormed } from './wasserstein.ts'

/** The native PSI of a column whose values are counted. */
export function numberPsi(reference: NumberCounts, current: NumberCounts): Measured {
  const bins = numberBins(reference)
  return psi(bins, countNumbers(bins, reference), countNumbers(bins, current))
}

/** In nats. The bins are those of the reference; what it does not have is a bin of its own. */
export function categoryPsi(reference: CategoryCounts, current: CategoryCounts): Measured {
  const bins = categoryBins(reference)
  return psi(bins, countCategories(bins, reference), countCategories(bins, current))
}

/** Rows of both windows. */
export interface WindowRows {
  readonly reference: number
  readonly current: number
}

/** The share of missing cells, current minus reference. */
export function missingOf(column: ColumnSummary, rows: WindowRows): Measured {
  const missing =
    column.kind === 'number'
      ? { reference: column.totals.reference.missing, current: column.totals.current.missing }
      : column.missing
  return missingDrift(missingShare(missing.reference, rows.reference), missingShare(missing.current, rows.current))
}

/** In nats, for numbers by the deciles of the reference, for categories by value. */
export function psiOf(column: NumberSummary | CategorySummary): Measured {
  if (column.kind === 'number') return psi(column.bins, column.counts.reference, column.counts.current)
  const { bins, reference, current } = categoryPsiCounts(column)
  return psi(bins, reference, current)
}

/** Bins and counts of a column of categories; of too many to name, each stands for its pair of counts. */
export function categoryPsiCounts({ values, pairs, missing }: CategorySummary) {
  if (values !== null) {
    const [before, now]: [CategoryCounts, CategoryCounts] = [
      { values: values.reference, missing: missing.reference },
      { values: values.current, missing: missing.current },
    ]
    const bins = categoryBins(before)
    return { bins, reference: countCategories(bins, before), current: countCategories(bins, now) }
  }
  const known = pairs.filter(({ reference }) => reference > 0)
  const unseen = pairs.reduce((sum, pair) => sum + (pair.reference > 0 ? 0 : pair.values * pair.current), 0)
  const spread = (side: 'reference' | 'current'): BinCounts =>
    known.flatMap((pair) => Array<number>(pair.values).fill(pair[side]))
  const reference = spread('reference')
  return {
    bins: [
      ...reference.map((_, i) => ({ kind: 'category' as const, value: String(i) })),
      { kind: 'other' as const },
      { kind: 'missing' as const },
    ],
    reference: [...reference, 0, missing.reference],
    current: [...spread('current'), unseen, missing.current],
  }
}

/** 0 to 1. Null where a window has no finite value (`empty_window`). */
export function ksOf({ distances, totals }: NumberSummary): Measured {
  return distances === null ? unknown('empty_window', totals.current.finite) : ksStatistic(distances)
}

/** A p-value. Null where a window has no finite value (`empty_window`). */
export function ksPOf({ distances, totals }: NumberSummary): Measured {
  return distances === null ? unknown('empty_window', totals.current.finite) : ksP(distances)
}

/** In standard deviations of the reference. Null where a window has no finite value (`empty_window`). */
export function wassersteinOf({ distances, deviation, totals }: NumberSummary): Measured {
  if (distances === null) return unknown('empty_window', totals.current.finite)
  return wassersteinNormed(distances.area, deviation, distances.m)
}

/** By value, or of numbers of more than 20 reference values by Sturges' bins of both windows, as Evidently. */
export function jensenShannonOf(column: NumberSummary | CategorySummary): Measured {
  if (column.kind === 'category') return jensenShannon(column.pairs)
  const { distances, pairs, totals } = column
  if (distances === null) return unknown('empty_window', totals.current.finite)
  return pairs === null ? unknown('undefined', distances.m) : jensenShannon(pairs)
}
