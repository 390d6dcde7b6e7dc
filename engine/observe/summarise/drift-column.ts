// The summary of one column over both windows: the counts that every drift metric is arithmetic over. No values of rows
// but the few distinct ones and the edges of bins, which the measurements leave behind.
import type { BinnedDistances } from '../metrics/binned-distances.ts'
import type { PairOfCounts } from '../metrics/category-pairs.ts'
import type { Bin, BinCounts } from '../metrics/psi-bins.ts'
import type { CategorySide, KeptReference } from './drift-kept.ts'

export interface BothSides<T> {
  readonly reference: T
  readonly current: T
}

export interface NumberTotals {
  readonly missing: number
  readonly infinite: number
  readonly finite: number
}

/** KS and Wasserstein between finite values. */
export interface ColumnDistances extends Pick<BinnedDistances, 'n' | 'm' | 'gap' | 'area'> {
  /** Whether both are exact; otherwise within the bound that the definition states. */
  readonly isExact: boolean
}

export interface NumberSummary {
  readonly kind: 'number'
  readonly name: string
  readonly totals: BothSides<NumberTotals>
  /** The native PSI's bins, and rows in each. */
  readonly bins: readonly Bin[]
  readonly counts: BothSides<BinCounts>
  /** Null where a side has no finite value. */
  readonly distances: ColumnDistances | null
  /** σ of the reference's population. */
  readonly deviation: number | null
  /** Distinct finite values over both windows; null: more than `FEW_VALUES`. */
  readonly distinct: number | null
  /** By value, where the reference has at most `FEW_VALUES`; otherwise by Sturges' bins of both windows; null: they fail. */
  readonly pairs: readonly PairOfCounts[] | null
  readonly variants: NumberVariants | null
}

/** What other tools' definitions need beyond. Each null where the tool's own bins fail. */
export interface NumberVariants {
  /** As `pairs`, but by value where Evidently counts by value, in any case. */
  readonly evidently: readonly PairOfCounts[] | null
  /** Sturges' bins of the distinct values, with what their widths differ by (hellinger.ts). */
  readonly hellinger: { readonly pairs: readonly PairOfCounts[]; readonly stretch: readonly number[] } | null
  /** Doane's bins of the reference, and a last one for what lies outside. */
  readonly nannyml: readonly PairOfCounts[] | null
}

export interface CategorySummary {
  readonly kind: 'category'
  readonly name: string
  readonly missing: BothSides<number>
  readonly pairs: readonly PairOfCounts[]
  /** By name, where both sides have few enough. */
  readonly values: BothSides<NonNullable<CategorySide['values']>> | null
}

export interface OtherSummary {
  readonly kind: 'other'
  readonly name: string
  readonly missing: BothSides<number>
}

export type ColumnSummary = NumberSummary | CategorySummary | OtherSummary

export interface DriftSummary {
  /** To be kept for next time. */
  readonly reference: KeptReference
  readonly rows: BothSides<number>
  /** In the order asked for. */
  readonly columns: readonly ColumnSummary[]
}
