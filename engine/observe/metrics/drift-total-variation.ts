// The total variation distance ½ Σ |p − q| over the values of both windows; what is missing is left out.
// Evidently's `Total-Variation-Distance` is a permutation p-value, and not this.
import { type PairOfCounts, pairTotals, sumOverValues } from './category-pairs.ts'
import { known, type Measured, unknown } from './measured.ts'

/** 0 to 1. Null where a window is empty (`empty_window`). */
export function totalVariation(pairs: readonly PairOfCounts[]): Measured {
  const { reference, current } = pairTotals(pairs)
  if (reference === 0 || current === 0) return unknown('empty_window', current)
  return known(sumOverValues(pairs, (r, c) => Math.abs(r / reference - c / current)) / 2, current)
}
