// The intervals of fairness metrics beyond those of rates: Newcombe's and the log method where two pooled shares are compared,
// a seeded bootstrap where rates of several kinds are combined.
import { bootstrapInterval } from './bootstrap.ts'
import { type Confusion, labelledRows, mergeConfusions } from './confusion.ts'
import { equalizedOddsDifference } from './fairness-gaps.ts'
import type { Group } from './group-rates.ts'
import { logRatio, newcombe, type Share } from './intervals.ts'
import type { Interval, Measured } from './measured.ts'
import { type SignedName, signedFairness, theilIndex } from './signed-fairness.ts'

/** Of more groups than this a bootstrap would take longer than the measurement; the number is arbitrary. */
const MOST_DRAWN = 100

/** By a seeded bootstrap, 95 %. Null where there are too many groups to draw. */
export function equalizedOddsInterval(groups: readonly Group[]): Interval | null {
  return drawnInterval(groups, (drawn) => equalizedOddsDifference(drawn))
}

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
      return logRatio(...both(selected))
    case 'equal_opportunity_difference_signed':
      return newcombe(...both(hits))
    default:
      return drawnInterval(groups, (drawn) => signedFairness(name, drawn, privileged))
  }
}

/** By a seeded bootstrap, 95 %. */
export function theilInterval(counts: Confusion): Interval | null {
  return bootstrapInterval((redraw) => theilIndex(redraw(counts)))
}

function drawnInterval(groups: readonly Group[], measure: (drawn: readonly Group[]) => Measured): Interval | null {
  if (groups.length > MOST_DRAWN) return null
  return bootstrapInterval((redraw) => measure(groups.map(({ group, counts }) => ({ group, counts: redraw(counts) }))))
}

function selected(counts: Confusion): Share {
  return { part: counts.tp + counts.fp, whole: labelledRows(counts) }
}

function hits({ tp, fn }: Confusion): Share {
  return { part: tp, whole: tp + fn }
}
