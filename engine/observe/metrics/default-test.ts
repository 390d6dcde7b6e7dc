// The test of drift that Evidently 0.7 would choose for a column, its score and verdict (METRICS.md, drift.share_drifted).
// Its z-test's p-value is 2·(1 − CDF), 0 past z = 8.3; here the tail is exact.
import type { CategorySummary, ColumnSummary, NumberSummary } from '../summarise/drift-column.ts'
import { distinctValues, type PairOfCounts, pairTotals } from './category-pairs.ts'
import { chi2P } from './chi2.ts'
import { jensenShannonOf, ksPOf, wassersteinOf } from './column-drift.ts'
import { proportionsP } from './drift-z.ts'
import { known, type Measured, unknown } from './measured.ts'

export type DefaultMethod =
  | 'K-S p_value'
  | 'chi-square p_value'
  | 'Z-test p_value'
  | 'Wasserstein distance (normed)'
  | 'Jensen-Shannon distance'

export interface DefaultTest {
  readonly method: DefaultMethod
  readonly threshold: number
  readonly score: Measured
  readonly drifted: boolean
}

/** Reference rows with a value, up to which p-values decide. */
const SMALL_REFERENCE = 1000
/** Distinct numbers over both windows, up to which they count as categories. */
const FEW_NUMBERS = 5
const LEVEL = 0.05
const DISTANCE = 0.1

/** Null where a window has no value (finite, if a number): Evidently refuses such a column. Also of text and times. */
export function defaultTest(column: ColumnSummary): DefaultTest | null {
  if (column.kind === 'other') return null
  const { reference, current } = valuesOf(column)
  if (reference === 0 || current === 0) return null
  const isLarge = reference > SMALL_REFERENCE
  if (column.kind === 'number' && (column.distinct === null || column.distinct > FEW_NUMBERS)) {
    return isLarge ? distance('Wasserstein distance (normed)', wassersteinOf(column)) : kolmogorovSmirnov(column)
  }
  return isLarge ? distance('Jensen-Shannon distance', jensenShannonOf(column)) : smallCategories(column.pairs ?? [])
}

/** The share of columns whose default test drifts, of those that have one. */
export function shareDrifted(columns: readonly ColumnSummary[], currentRows: number): Measured {
  const tests = columns.map(defaultTest).filter((test) => test !== null)
  if (tests.length === 0) return unknown('empty_window', currentRows)
  return known(tests.filter(({ drifted }) => drifted).length / tests.length, currentRows)
}

function valuesOf(column: NumberSummary | CategorySummary): { readonly reference: number; readonly current: number } {
  if (column.kind === 'category') return pairTotals(column.pairs)
  return { reference: column.totals.reference.finite, current: column.totals.current.finite }
}

function smallCategories(pairs: readonly PairOfCounts[]): DefaultTest {
  const isMany = distinctValues(pairs) > 2
  const score = isMany ? chi2P(pairs) : proportionsP(pairs)
  const method = isMany ? 'chi-square p_value' : 'Z-test p_value'
  return { method, threshold: LEVEL, score, drifted: score.value !== null && score.value < LEVEL }
}

function kolmogorovSmirnov(column: NumberSummary): DefaultTest {
  const score = ksPOf(column)
  return { method: 'K-S p_value', threshold: LEVEL, score, drifted: score.value !== null && score.value <= LEVEL }
}

function distance(method: DefaultMethod, score: Measured): DefaultTest {
  return { method, threshold: DISTANCE, score, drifted: score.value !== null && score.value >= DISTANCE }
}
