// The Jensen–Shannon distance: the square root of the divergence, by natural logarithm (at most 0.8326) or base 2 (at most 1).
// Source: J. Lin, IEEE Trans. Inf. Theory 37 (1991) 145–151; as scipy.spatial.distance.jensenshannon, which normalises p and q.
import { type PairOfCounts, pairTotals, sumOverValues } from './category-pairs.ts'
import { known, type Measured, unknown } from './measured.ts'

/** Counts, or shares with one `values` each. Null, `empty_window`, where a side has nothing. */
export function jensenShannon(pairs: readonly PairOfCounts[], base: 'natural' | 2 = 'natural'): Measured {
  const { reference, current } = pairTotals(pairs)
  if (reference === 0 || current === 0) return unknown('empty_window', current)
  const sum = sumOverValues(pairs, (r, c) => {
    const [p, q] = [r / reference, c / current]
    return relative(p, (p + q) / 2) + relative(q, (p + q) / 2)
  })
  // Rounding may leave a trace below 0.
  const divergence = Math.max(0, sum / 2)
  return known(Math.sqrt(base === 2 ? divergence / Math.LN2 : divergence), current)
}

function relative(p: number, middle: number): number {
  return p === 0 ? 0 : p * Math.log(p / middle)
}
