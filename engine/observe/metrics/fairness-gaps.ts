// Gaps between the groups of one attribute, largest against smallest, as Fairlearn defines them, but a group without a
// denominator is left out instead of counted as 0, and a single group has no gap instead of a perfect one.
// Intervals hold for all pairs of groups at once (gap-intervals.ts). Source: Fairlearn `demographic_parity_*`, `equal_opportunity_difference`, `equalized_odds_difference`.
import { smallestRatio, widestDifference } from './gap-intervals.ts'
import { type Group, type RateName, rateShare } from './group-rates.ts'
import { LEVEL, type Share } from './intervals.ts'
import { type Interval, known, type Measured, unknown } from './measured.ts'

/** The extreme groups of a rate; ties go to the name that comes first. */
export interface Gap {
  readonly highest: { readonly group: string; readonly share: Share }
  readonly lowest: { readonly group: string; readonly share: Share }
}

/** Null with fewer than two groups that have the rate. `groups` are in code-point order. */
export function widestGap(rate: RateName, groups: readonly Group[]): Gap | null {
  const rated = ratedGroups(rate, groups)
  let [highest, lowest] = [rated[0], rated[0]]
  if (highest === undefined || lowest === undefined || rated.length < 2) return null
  for (const one of rated) {
    if (rateOf(one.share) > rateOf(highest.share)) highest = one
    if (rateOf(one.share) < rateOf(lowest.share)) lowest = one
  }
  return { highest, lowest }
}

/** Largest − smallest selection rate. */
export function demographicParityDifference(groups: readonly Group[]): Measured {
  return gapOf('selection_rate', groups)
}

/** Smallest ÷ largest selection rate (the "four-fifths" ratio). */
export function demographicParityRatio(groups: readonly Group[]): Measured {
  const gap = widestGap('selection_rate', groups)
  if (gap === null) return unknown('fewer_than_two_groups', 0)
  const [low, high] = [gap.lowest.share, gap.highest.share]
  if (high.part === 0) return unknown('zero_denominator', low.whole + high.whole)
  const interval = smallestRatio(ratedGroups('selection_rate', groups).map(({ share }) => share))
  return known(rateOf(low) / rateOf(high), low.whole + high.whole, interval)
}

/** Largest − smallest true positive rate. */
export function equalOpportunityDifference(groups: readonly Group[]): Measured {
  return gapOf('tpr', groups)
}

/**
 * The gaps in true and false positive rates: the worse of both, or (variant `agg=mean`) their mean. Both rates are over
 * other rows, so that the two intervals, each at the root of the level, hold together at the level.
 */
export function equalizedOddsDifference(groups: readonly Group[], aggregate: 'worst' | 'mean' = 'worst'): Measured {
  const [tpr, fpr] = [gapOf('tpr', groups, Math.sqrt(LEVEL)), gapOf('fpr', groups, Math.sqrt(LEVEL))]
  if (tpr.value === null) return tpr
  if (fpr.value === null) return fpr
  const combined =
    aggregate === 'worst' ? (a: number, b: number) => Math.max(a, b) : (a: number, b: number) => (a + b) / 2
  return known(combined(tpr.value, fpr.value), tpr.n + fpr.n, endsOf(combined, tpr.interval, fpr.interval))
}

function endsOf(combined: (a: number, b: number) => number, one?: Interval, other?: Interval): Interval | null {
  if (one === undefined || other === undefined) return null
  return [combined(one[0], other[0]), combined(one[1], other[1])]
}

function gapOf(rate: RateName, groups: readonly Group[], level: number = LEVEL): Measured {
  const gap = widestGap(rate, groups)
  if (gap === null) return unknown('fewer_than_two_groups', 0)
  const [low, high] = [gap.lowest.share, gap.highest.share]
  const shares = ratedGroups(rate, groups).map(({ share }) => share)
  return known(rateOf(high) - rateOf(low), low.whole + high.whole, widestDifference(shares, level))
}

/** Groups without a denominator have no rate. */
function ratedGroups(rate: RateName, groups: readonly Group[]): { readonly group: string; readonly share: Share }[] {
  return groups
    .map(({ group, counts }) => ({ group, share: rateShare(rate, counts) }))
    .filter(({ share }) => share.whole > 0)
}

function rateOf({ part, whole }: Share): number {
  return part / whole
}
