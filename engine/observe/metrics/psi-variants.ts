// The population stability index as other tools define it, over counts of values or of their bins; natural logarithm.
import { type PairOfCounts, pairTotals, sumOverValues } from './category-pairs.ts'
import { known, type Measured, unknown } from './measured.ts'

/** Evidently 0.7: an empty bin of a side counts as 1e-4, or a millionth of its smallest share where that is ≤ 1e-4. */
export function evidentlyPsi(pairs: readonly PairOfCounts[]): Measured {
  const fills = { reference: emptyShare(pairs, 'reference'), current: emptyShare(pairs, 'current') }
  return psiOf(pairs, (p, q) => {
    const [a, b] = [p === 0 ? fills.reference : p, q === 0 ? fills.current : q]
    return (a - b) * Math.log(a / b)
  })
}

/** deepchecks: a share counts as 0.01 at least. */
export function deepchecksPsi(pairs: readonly PairOfCounts[]): Measured {
  return psiOf(pairs, (p, q) => {
    const [a, b] = [Math.max(p, 0.01), Math.max(q, 0.01)]
    return (b - a) * Math.log(b / a)
  })
}

/** popmon: 1e-5 is added to both shares of the logarithm. */
export function popmonPsi(pairs: readonly PairOfCounts[]): Measured {
  return psiOf(pairs, (p, q) => (p - q) * Math.log((p + 1e-5) / (q + 1e-5)))
}

function psiOf(pairs: readonly PairOfCounts[], term: (p: number, q: number) => number): Measured {
  const { reference, current } = pairTotals(pairs)
  if (reference === 0 || current === 0) return unknown('empty_window', current)
  return known(
    sumOverValues(pairs, (r, c) => term(r / reference, c / current)),
    current,
  )
}

function emptyShare(pairs: readonly PairOfCounts[], side: 'reference' | 'current'): number {
  const total = pairTotals(pairs)[side]
  let smallest = Number.POSITIVE_INFINITY
  for (const pair of pairs) if (pair[side] > 0) smallest = Math.min(smallest, pair[side] / total)
  return smallest <= 1e-4 ? smallest / 1e6 : 1e-4
}
