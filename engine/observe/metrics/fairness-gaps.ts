// Gaps between the groups of one attribute, largest against smallest, as Fairlearn defines them, but a group without a
// denominator is left out instead of counted as 0, and a single group has no gap instead of a perfect one.
// Source: Fairlearn `demographic_parity_*`, `equal_opportunity_difference`, `equalized_odds_difference`.
import { type Group, type RateName, rateShare } from './group-rates.ts'
import { logRatio, newcombe, type Share } from './intervals.ts'
import { known, type Measured, unknown } from './measured.ts'

/** The extreme groups of a rate; ties go to the name that comes first. */
export interface Gap {
  readonly highest: { readonly group: string; readonly share: Share }
  readonly lowest: { readonly group: string; readonly share: Share }
}

/** Null with fewer than two groups that have the rate. `groups` are in code-point order. */
export function widestGap(rate: RateName, groups: readonly Group[]): Gap | null {
  const rated = groups
    .map(({ group, counts }) => ({ group, share: rateShare(rate, counts) }))
    .filter(({ share }) => share.whole > 0)
  let [highest, lowest] = [rated[0], rated[0]]
  if (highest === undefined || lowest === undefined || rated.length < 2) return null
  for (const one of rated) {
    if (rateOf(one.share) > rateOf(highest.share)) highest = one
    if (rateOf(one.share) < rateOf(lowest.share)) lowest = one
  }
  return { highest, lowest }
}

/** Largest − smallest selection rate, with Newcombe's interval of these two groups. */
export function demographicParityDifference(groups: readonly Group[]): Measured {
  return gapOf('selection_rate', groups)
}

/** Smallest ÷ largest selection rate (the "four-fifths" ratio), with the log-method interval where both are above 0. */
export function demographicParityRatio(groups: readonly Group[]): Measured {
  const gap = widestGap('selection_rate', groups)
  if (gap === null) return unknown('fewer_than_two_groups', 0)
  const [low, high] = [gap.lowest.share, gap.highest.share]
  if (high.part === 0) return unknown('zero_denominator', low.whole + high.whole)
  return known(rateOf(low) / rateOf(high), low.whole + high.whole, logRatio(low, high))
}

/** Largest − smallest true positive rate. */
export function equalOpportunityDifference(groups: readonly Group[]): Measured {
  return gapOf('tpr', groups)
}

/** The gaps in true and false positive rates: the worse of both, or (variant `agg=mean`) their mean. */
export function equalizedOddsDifference(groups: readonly Group[], aggregate: 'worst' | 'mean' = 'worst'): Measured {
  const [tpr, fpr] = [gapOf('tpr', groups), gapOf('fpr', groups)]
  if (tpr.value === null) return tpr
  if (fpr.value === null) return fpr
  const n = tpr.n + fpr.n
  return known(aggregate === 'worst' ? Math.max(tpr.value, fpr.value) : (tpr.value + fpr.value) / 2, n)
}

function gapOf(rate: RateName, groups: readonly Group[]): Measured {
  const gap = widestGap(rate, groups)
  if (gap === null) return unknown('fewer_than_two_groups', 0)
  const [low, high] = [gap.lowest.share, gap.highest.share]
  return known(rateOf(high) - rateOf(low), low.whole + high.whole, newcombe(high, low))
}

function rateOf({ part, whole }: Share): number {
  return part / whole
}
