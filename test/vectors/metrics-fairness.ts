// The cases of `fairness/`: their data through the same summary and the same functions as `observe`.
import type { ProtectedAttribute } from '../../engine/domain/model-card.ts'
import type { GroupCount, Measurement } from '../../engine/domain/snapshot.ts'
import { asMeasurement } from '../../engine/observe/metrics/as-measurement.ts'
import { equalizedOddsDifference, type Gap, widestGap } from '../../engine/observe/metrics/fairness-gaps.ts'
import { groupMeasurements, groupName, pairName } from '../../engine/observe/metrics/group-measurements.ts'
import { type Group, groupsByUse, RATE_NAMES, rateShare } from '../../engine/observe/metrics/group-rates.ts'
import { logRatio, newcombe } from '../../engine/observe/metrics/intervals.ts'
import type { Interval } from '../../engine/observe/metrics/measured.ts'
import { type GroupsSummary, summariseGroups } from '../../engine/observe/summarise/table-summary.ts'
import type { Got } from './metric-differences.ts'
import type { MetricCase, RunCase } from './metrics.ts'

const ATTRIBUTES = ['sex', 'race', 'age'] as const

/** The names that the vectors give to the methods of intervals. */
const METHODS: Readonly<Record<string, string>> = {
  'fairness.demographic_parity_difference': 'newcombe (statsmodels newcomb)',
  'fairness.demographic_parity_ratio': 'log of the ratio (statsmodels log)',
  'fairness.equal_opportunity_difference': 'newcombe (statsmodels newcomb)',
}
const NO_LOGARITHM = 'none: a rate of 0 has no logarithm'

export const fairnessCase: RunCase = async ({ engine, spec, table }) => {
  const attributes = ATTRIBUTES.filter((name) => Object.hasOwn(spec.columns, name))
  const summary = await summariseGroups(engine, await table('data'), {
    outcomes: { kind: 'binary', prediction: 'prediction', label: 'label', score: null },
    attributes,
    pairs: [['sex', 'race']],
  })
  const named = protectedBy(spec, attributes)
  return minimumsOf(spec).flatMap((minimumGroupSize) => [
    ...groupMeasurements(summary, { minimumGroupSize, protected: named })
      .filter(({ metric }) => metric.startsWith('fairness.'))
      .map((one) => gotOf(one, summary, minimumGroupSize)),
    ...meanOdds(summary, minimumGroupSize),
  ])
}

function minimumsOf(spec: MetricCase): number[] {
  const found = spec.expected.map(({ parameters }) => parameters.minimumGroupSize).filter((n) => typeof n === 'number')
  return [...new Set([0, ...found])]
}

function protectedBy(spec: MetricCase, attributes: readonly string[]): ProtectedAttribute[] {
  return attributes.map((name) => {
    const privileged = spec.expected.find((one) => one.subject === name && 'privileged' in one.parameters)?.parameters
    return {
      name,
      missingGroup: 'exclude',
      ...(privileged === undefined ? {} : { privileged: [String(privileged.privileged)] }),
    }
  })
}

function gotOf(one: Measurement, summary: GroupsSummary, minimumGroupSize: number): Got {
  const { metric, value, reason } = one
  const isPair = one.attribute === 'sex × race' || (one.attribute === undefined && one.group !== undefined)
  const attribute = isPair ? 'pair' : one.attribute
  const about = { metric, variant: null, subject: one.group ?? attribute ?? null, value, reason }
  if (metric === 'fairness.theil_index') return { ...about, subject: null, parameters: {} }
  const groups = groupsOf(summary, attribute ?? '')
  if (one.group !== undefined) {
    const parameters = { minimumGroupSize }
    return { ...about, parameters, details: { attribute, ...groupDetails(one, groups, minimumGroupSize) } }
  }
  if (one.groups === undefined) return { ...about, details: { attribute } }
  const details = { attribute, ...gapDetails(one, one.groups, groups) }
  return { ...about, parameters: { minimumGroupSize }, details }
}

function groupDetails(one: Measurement, groups: readonly Group[], minimumGroupSize: number): Got['details'] {
  if (one.metric === 'fairness.group_size') return { suppressed: (one.value ?? 0) < minimumGroupSize }
  const rate = RATE_NAMES.find((name) => one.metric === `fairness.${name}`)
  const counts = groups.find(({ group }) => group === one.group)?.counts
  if (rate === undefined || counts === undefined) return {}
  return { ...rateShare(rate, counts), interval95: one.interval, intervalMethod: 'wilson (statsmodels)' }
}

function gapDetails(one: Measurement, compared: readonly GroupCount[], groups: readonly Group[]): Got['details'] {
  const names = new Set(compared.filter(({ suppressed }) => suppressed !== true).map(({ group }) => group))
  const gap = widestGap(
    one.metric === 'fairness.equal_opportunity_difference' ? 'tpr' : 'selection_rate',
    groups.filter(({ group }) => names.has(group)),
  )
  const interval95 = gap === null ? null : pairInterval(one.metric, gap)
  return {
    maxGroup: gap?.highest.group,
    minGroup: gap?.lowest.group,
    interval95,
    intervalMethod: interval95 === null ? NO_LOGARITHM : METHODS[one.metric],
  }
}

/**
 * The vectors have the interval of the two groups that they name. What `observe` stores holds for all pairs of groups at once,
 * since the two were chosen after looking (gap-intervals.ts and its test).
 */
export function pairInterval(metric: string, { highest, lowest }: Gap): Interval | null {
  return metric === 'fairness.demographic_parity_ratio'
    ? logRatio(lowest.share, highest.share)
    : newcombe(highest.share, lowest.share)
}

/** The `mean` variant, which `observe` does not store, by the function behind the one that it does. */
function meanOdds(summary: GroupsSummary, minimumGroupSize: number): Got[] {
  return [...ATTRIBUTES, 'pair'].map((attribute) => {
    const { compared } = groupsByUse(groupsOf(summary, attribute), { minimumGroupSize, missingGroup: 'exclude' })
    const measured = equalizedOddsDifference(compared, 'mean')
    const { metric, value, reason } = asMeasurement('fairness.equalized_odds_difference', measured)
    const parameters = { minimumGroupSize }
    return { metric, variant: 'mean', subject: attribute, parameters, value, reason, details: { attribute } }
  })
}

function groupsOf({ attributes }: GroupsSummary, attribute: string): Group[] {
  const found = attributes.find((one) => (one.attributes.length > 1 ? 'pair' : one.attributes[0]) === attribute)
  return (found?.groups ?? []).map(({ values, counts }) => ({
    group: values.length > 1 ? pairName(found?.attributes ?? [], values) : groupName(values[0] ?? null),
    counts,
  }))
}
