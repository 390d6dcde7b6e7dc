// Every fairness measurement of one window, and performance by group, from the counts of its protected groups.
import type { ProtectedAttribute } from '../../domain/model-card.ts'
import type { Measurement } from '../../domain/snapshot.ts'
import { asMeasurement } from './as-measurement.ts'
import { attributeFairness } from './attribute-fairness.ts'
import { type Confusion, mergeConfusions } from './confusion.ts'
import { signedInterval, theilInterval } from './group-intervals.ts'
import { type Group, groupsByUse, MISSING_GROUP } from './group-rates.ts'
import { rateMeasurements } from './outcome-measurements.ts'
import { SIGNED_NAMES, theilIndex } from './signed-fairness.ts'

export interface GroupRules {
  /** Groups with fewer rows are suppressed: only their size is told. */
  readonly minimumGroupSize: number
  /** The card's list: who is privileged, and what is done with missing values. */
  readonly protected: readonly ProtectedAttribute[]
}

interface Counted {
  readonly values: readonly (string | null)[]
  readonly counts: Confusion
}

interface Groups {
  readonly all: Confusion
  readonly attributes: readonly { readonly attributes: readonly string[]; readonly groups: readonly Counted[] }[]
}

/** In the order of the attributes. Groups below the minimum size are counted, and never measured. */
export function groupMeasurements(summary: Groups, rules: GroupRules): Measurement[] {
  return [
    theil(summary.all, {}),
    ...summary.attributes.flatMap(({ attributes, groups }) =>
      attributes.length === 1 ? ofAttribute(attributes[0] ?? '', groups, rules) : ofPair(attributes, groups, rules),
    ),
  ]
}

function ofAttribute(attribute: string, groups: readonly Counted[], rules: GroupRules): Measurement[] {
  const { privileged = [], missingGroup = 'report' } = rules.protected.find(({ name }) => name === attribute) ?? {}
  const named = groups.map(({ values, counts }) => ({ group: groupName(values[0] ?? null), counts }))
  const options = { minimumGroupSize: rules.minimumGroupSize, missingGroup }
  const { reported, compared } = groupsByUse(named, options)
  const inTheil = missingGroup === 'report' ? named : named.filter(({ group }) => group !== MISSING_GROUP)
  return [
    ...attributeFairness({ attribute, groups: named, privileged, ...options }).map((one) =>
      withInterval(one, compared, privileged),
    ),
    theil(mergeConfusions(inTheil.map(({ counts }) => counts)), { attribute }),
    ...reported.flatMap(({ group, counts }) => rateMeasurements(counts, { attribute, group })),
  ]
}

/** A pair's gaps are about `sex × race`; its groups about `sex=F|race=B`. */
function ofPair(attributes: readonly string[], groups: readonly Counted[], rules: GroupRules): Measurement[] {
  const isExcluded = (name: string) =>
    rules.protected.some((one) => one.name === name && one.missingGroup === 'exclude')
  const isCompared = ({ values }: Counted) =>
    values.every((value, i) => value !== null || !isExcluded(attributes[i] ?? ''))
  const nameOf = ({ values }: Counted) => pairName(attributes, values)
  const named: Group[] = groups.map((one) => ({ group: nameOf(one), counts: one.counts }))
  const comparedNames = new Set(groups.filter(isCompared).map(nameOf))
  const options = {
    minimumGroupSize: rules.minimumGroupSize,
    missingGroup: 'report',
    isCompared: (group: string) => comparedNames.has(group),
  } as const
  const { compared } = groupsByUse(named, options)
  return attributeFairness({ attribute: attributes.join(' × '), groups: named, privileged: [], ...options })
    .map((one) => withInterval(one, compared, []))
    .map((one) => {
      if (one.group === undefined) return one
      const { attribute: _, ...rest } = one
      return rest
    })
}

function theil(counts: Confusion, place: { readonly attribute?: string }): Measurement {
  const one = asMeasurement('fairness.theil_index', theilIndex(counts), place)
  const interval = one.value === null ? null : theilInterval(counts)
  return interval === null ? one : { ...one, interval }
}

/** What a rate or a gap has stays; the signed differences get theirs. */
function withInterval(one: Measurement, compared: readonly Group[], privileged: readonly string[]): Measurement {
  if (one.value === null || one.interval !== undefined) return one
  const signed = SIGNED_NAMES.find((name) => one.metric === `fairness.${name}`)
  if (signed === undefined) return one
  const interval = signedInterval(signed, compared, privileged)
  return interval === null ? one : { ...one, interval }
}

/**
 * A missing value is the group `missing`; a real value of that name, or `suppressed`, is put in quotes, as often as it takes.
 * A value with `|` in it is escaped by `\`, so that it is never taken for a pair.
 */
export function groupName(value: string | null): string {
  const label = labelOf(value)
  return label.includes('|') ? escaped(label) : label
}

/** `sex=F|race=B`; `|` and `\` in a value are escaped, so that two pairs never share a name. */
export function pairName(attributes: readonly string[], values: readonly (string | null)[]): string {
  return attributes.map((name, i) => `${name}=${escaped(labelOf(values[i] ?? null))}`).join('|')
}

function labelOf(value: string | null): string {
  if (value === null) return MISSING_GROUP
  return /^'*(missing|suppressed)'*$/.test(value) ? `'${value}'` : value
}

function escaped(label: string): string {
  return label.replaceAll('\\', '\\\\').replaceAll('|', '\\|')
}
