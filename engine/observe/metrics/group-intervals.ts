// The intervals of fairness metrics that compare the unprivileged with the privileged, each pooled: Newcombe's and the log method
// where two shares are compared, limits of a sum from limits of its parts (intervals.ts) for the mean of two such differences,
// and a seeded bootstrap for the Theil index. Those of gaps over many groups are in gap-intervals.ts.
import { bootstrapInterval } from './bootstrap.ts'
import { type Confusion, labelledRows, mergeConfusions } from './confusion.ts'
import type { Group } from './group-rates.ts'
import { type Estimate, LEVEL, minus, newcombe, plus, ratioInterval, type Share, shareEstimate } from './intervals.ts'
import type { Interval } from './measured.ts'
import { twoSidedZ } from './normal-quantile.ts'
import { type SignedName, theilIndex } from './signed-fairness.ts'

/** Others against the privileged groups, each pooled, 95 %. Null where it cannot be had. */
export function signedInterval(
  name: SignedName,
  groups: readonly Group[],
  privileged: readonly string[],
): Interval | null {
  const [others, chosen] = [false, true].map((isChosen) =>
    mergeConfusions(groups.filter(({ group }) => privileged.includes(group) === isChosen).map(({ counts }) => counts)),
  )
  if (others === undefined || chosen === undefined) return null
  const both = (share: (counts: Confusion) => Share): readonly [Share, Share] => [share(others), share(chosen)]
  switch (name) {
    case 'statistical_parity_difference':
      return newcombe(...both(selected))
    case 'disparate_impact':
      return ratioInterval(...both(selected))
    case 'equal_opportunity_difference_signed':
      return newcombe(...both(hits))
    case 'average_odds_difference':
      return halfOf(plus, oddsGaps(others, chosen, twoSidedZ(LEVEL)))
    case 'average_abs_odds_difference':
      return absoluteOddsInterval(others, chosen)
  }
}

/** By a seeded bootstrap, 95 %. Null where draws do not vary: of no error each has none, which says nothing of how sure that is. */
export function theilInterval(counts: Confusion): Interval | null {
  const interval = bootstrapInterval((redraw) => theilIndex(redraw(counts)))
  return interval === null || interval[0] === interval[1] ? null : interval
}

/** Unprivileged − privileged, of true and of false positive rates. */
function oddsGaps(others: Confusion, chosen: Confusion, z: number): readonly [tpr: Estimate, fpr: Estimate] {
  const gap = (share: (counts: Confusion) => Share) =>
    minus(shareEstimate(share(others), z), shareEstimate(share(chosen), z))
  return [gap(hits), gap(falseAlarms)]
}

/**
 * |a| + |b| is the largest of a + b, a − b and their opposites. An interval for both sums at once (Bonferroni), so that the
 * absolute values, which are above 0 by chance alone, are not taken for a difference.
 */
function absoluteOddsInterval(others: Confusion, chosen: Confusion): Interval {
  const gaps = oddsGaps(others, chosen, twoSidedZ(1 - (1 - LEVEL) / 2))
  const [[lowSum, highSum], [lowRest, highRest]] = [halfOf(plus, gaps), halfOf(minus, gaps)]
  return [Math.max(0, lowSum, -highSum, lowRest, -highRest), Math.max(highSum, -lowSum, highRest, -lowRest)]
}

function halfOf(combine: typeof plus, [a, b]: readonly [Estimate, Estimate]): Interval {
  const { low, high } = combine(a, b)
  return [low / 2, high / 2]
}

function selected(counts: Confusion): Share {
  return { part: counts.tp + counts.fp, whole: labelledRows(counts) }
}

function hits({ tp, fn }: Confusion): Share {
  return { part: tp, whole: tp + fn }
}

function falseAlarms({ fp, tn }: Confusion): Share {
  return { part: fp, whole: fp + tn }
}
