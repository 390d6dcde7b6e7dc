// How far the attributions of live data have moved from the baseline's: NDCG, L1 and the overlap of the most important.
// SageMaker's NDCG alone misses a swap of the two most important features, so the others stand beside it.
// Sources: SageMaker Clarify (feature attribution drift); scikit-learn `ndcg_score`.
import { compareText } from '../../base/order.ts'
import { known, type Measured, unknown } from './measured.ts'

/** The mean |SHAP| of a feature in both; 0 where a side does not have it. */
export interface AttributionPair {
  readonly feature: string
  readonly baseline: number
  readonly live: number
}

/** Gains of the baseline in live order over log2(rank + 1), by their best; tied live values average over their orders. */
export function ndcg(pairs: readonly AttributionPair[]): Measured {
  if (pairs.length < 2) return unknown('one_feature', pairs.length)
  if (isZero(pairs)) return unknown('zero_attribution', pairs.length)
  const best = discounted([...pairs].sort((a, b) => b.baseline - a.baseline).map(({ baseline }) => baseline))
  return known(tieAveraged(pairs) / best, pairs.length)
}

/** Σ |share of the baseline − share live|, shares of the sum of importances: 0 to 2. */
export function l1(pairs: readonly AttributionPair[]): Measured {
  if (isZero(pairs)) return unknown('zero_attribution', pairs.length)
  const [baseline, live] = [total(pairs, 'baseline'), total(pairs, 'live')]
  const distance = pairs.reduce((sum, one) => sum + Math.abs(one.baseline / baseline - one.live / live), 0)
  return known(distance, pairs.length)
}

/** |first k of the baseline ∩ first k live| ÷ k; equal importances by name, k at most the number of features. */
export function topOverlap(pairs: readonly AttributionPair[], k: number): Measured {
  if (pairs.length < 2) return unknown('one_feature', pairs.length)
  if (isZero(pairs)) return unknown('zero_attribution', pairs.length)
  const size = Math.min(k, pairs.length)
  const live = new Set(firstOf(pairs, 'live', size))
  const shared = firstOf(pairs, 'baseline', size).filter((feature) => live.has(feature))
  return known(shared.length / size, pairs.length)
}

function isZero(pairs: readonly AttributionPair[]): boolean {
  return total(pairs, 'baseline') === 0 || total(pairs, 'live') === 0
}

function total(pairs: readonly AttributionPair[], side: 'baseline' | 'live'): number {
  return pairs.reduce((sum, pair) => sum + pair[side], 0)
}

function firstOf(pairs: readonly AttributionPair[], side: 'baseline' | 'live', size: number): string[] {
  const sorted = [...pairs].sort((a, b) => b[side] - a[side] || compareText(a.feature, b.feature))
  return sorted.slice(0, size).map(({ feature }) => feature)
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, i) => sum + gain * discount(i), 0)
}

function discount(index: number): number {
  return 1 / Math.log2(index + 2)
}

function tieAveraged(pairs: readonly AttributionPair[]): number {
  const sorted = [...pairs].sort((a, b) => b.live - a.live)
  let sum = 0
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1
    while (end < sorted.length && sorted[end]?.live === sorted[start]?.live) end++
    const tied = sorted.slice(start, end)
    const discounts = tied.reduce((of, _, i) => of + discount(start + i), 0)
    sum += (total(tied, 'baseline') / tied.length) * discounts
    start = end
  }
  return sum
}
