// Every fairness measurement of one protected attribute over one window: the groups' rates, the gaps, and the signed differences.
import type { GroupCount, Measurement } from '../../domain/snapshot.ts'
import { asMeasurement } from './as-measurement.ts'
import { allRows, labelledRows } from './confusion.ts'
import {
  demographicParityDifference,
  demographicParityRatio,
  equalizedOddsDifference,
  equalOpportunityDifference,
} from './fairness-gaps.ts'
import {
  type Group,
  type GroupOptions,
  type GroupsByUse,
  groupRate,
  groupsByUse,
  RATE_NAMES,
  rateShare,
} from './group-rates.ts'
import { known } from './measured.ts'
import { SIGNED_NAMES, signedFairness } from './signed-fairness.ts'

export interface AttributeSummary extends GroupOptions {
  readonly attribute: string
  readonly groups: readonly Group[]
  /** The card's `privileged`; empty: no signed differences. */
  readonly privileged: readonly string[]
}

/** A suppressed group has a size and nothing else. */
export function attributeFairness(summary: AttributeSummary): Measurement[] {
  const { attribute, privileged } = summary
  const uses = groupsByUse(summary.groups, summary)
  return [
    ...groupSizes(attribute, uses),
    ...groupRates(attribute, uses.reported),
    ...gaps(attribute, uses),
    ...(privileged.length === 0 ? [] : SIGNED_NAMES).map((name) =>
      asMeasurement(`fairness.${name}`, signedFairness(name, uses.compared, privileged), { attribute }),
    ),
  ]
}

function groupSizes(attribute: string, { reported, suppressed }: GroupsByUse): Measurement[] {
  const sizes = [...reported.map(({ group, counts }) => ({ group, n: allRows(counts) })), ...suppressed]
  return sizes.map(({ group, n }) => asMeasurement('fairness.group_size', known(n, n), { attribute, group }))
}

function groupRates(attribute: string, groups: readonly Group[]): Measurement[] {
  return RATE_NAMES.flatMap((name) =>
    groups.map(({ group, counts }) => asMeasurement(`fairness.${name}`, groupRate(name, counts), { attribute, group })),
  )
}

function gaps(attribute: string, { compared, suppressed }: GroupsByUse): Measurement[] {
  const hidden = suppressed.map((group): GroupCount => ({ ...group, suppressed: true }))
  const bySelection = [...compared.map(selectionCount), ...hidden]
  const byLabel = [...compared.map(outcomeCount), ...hidden]
  return [
    asMeasurement('fairness.demographic_parity_difference', demographicParityDifference(compared), {
      attribute,
      groups: bySelection,
    }),
    asMeasurement('fairness.demographic_parity_ratio', demographicParityRatio(compared), {
      attribute,
      groups: bySelection,
    }),
    asMeasurement('fairness.equal_opportunity_difference', equalOpportunityDifference(compared), {
      attribute,
      groups: byLabel,
    }),
    asMeasurement('fairness.equalized_odds_difference', equalizedOddsDifference(compared), {
      attribute,
      groups: byLabel,
    }),
  ]
}

function selectionCount({ group, counts }: Group): GroupCount {
  return { group, n: allRows(counts), selected: rateShare('selection_rate', counts).part }
}

/** Labelled rows of a group, and the four counts from which both odds follow. */
function outcomeCount({ group, counts }: Group): GroupCount {
  const { tp, fp, fn, tn } = counts
  return { group, n: labelledRows(counts), tp, fp, fn, tn }
}
