// The pooled z-test of two proportions, two-sided, for columns of at most two values.
// Source: Evidently 0.7 (z_stattest) with the exact tail: its 2·(1 − CDF) is 0 past z = 8.3.
import { distinctValues, type PairOfCounts, pairTotals } from './category-pairs.ts'
import { known, type Measured, unknown } from './measured.ts'
import { twoSidedNormalTail } from './normal-tail.ts'

/** z of the second value's share, reference − current; null unless there are two values. */
export function proportionsZ(pairs: readonly PairOfCounts[]): number | null {
  const second = pairs[1] ?? pairs[0]
  if (second === undefined || distinctValues(pairs) !== 2) return null
  const { reference: n, current: m } = pairTotals(pairs)
  const pooled = (second.reference + second.current) / (n + m)
  return (second.reference / n - second.current / m) / Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
}

/** 1 where both windows hold one and the same value. Null, `empty_window`, where a side has nothing; `undefined` of three values. */
export function proportionsP(pairs: readonly PairOfCounts[]): Measured {
  const { reference, current } = pairTotals(pairs)
  if (reference === 0 || current === 0) return unknown('empty_window', current)
  if (distinctValues(pairs) === 1) return known(1, current)
  const z = proportionsZ(pairs)
  return z === null ? unknown('undefined', current) : known(twoSidedNormalTail(z), current)
}
