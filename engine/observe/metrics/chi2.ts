// The one-way chi-square test of the current counts against the reference's, scaled; its upper tail is in chi2-tail.ts.
// Source: K. Pearson (1900); as scipy.stats.chisquare(current, reference · n_current ÷ n_reference).
import { distinctValues, type PairOfCounts, pairTotals, sumOverValues } from './category-pairs.ts'
import { chi2Tail } from './chi2-tail.ts'
import { known, type Measured, unknown } from './measured.ts'

/** A value that the reference lacks makes it infinite. */
export function chi2Statistic(pairs: readonly PairOfCounts[]): number {
  const { reference, current } = pairTotals(pairs)
  return sumOverValues(pairs, (r, c) => {
    const expected = (r * current) / reference
    return expected === 0 ? Number.POSITIVE_INFINITY : (c - expected) ** 2 / expected
  })
}

/** Null: `empty_window` where a side has nothing, `one_category` where there is nothing to compare. */
export function chi2P(pairs: readonly PairOfCounts[]): Measured {
  const { reference, current } = pairTotals(pairs)
  if (reference === 0 || current === 0) return unknown('empty_window', current)
  const categories = distinctValues(pairs)
  if (categories < 2) return unknown('one_category', current)
  return known(chi2Tail(chi2Statistic(pairs), categories - 1), current)
}
