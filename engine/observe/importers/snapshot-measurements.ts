// From a tool's numbers to those that a snapshot may hold: subjects in our words, definitions that no number of ours has,
// own metrics under their declared names, small groups suppressed. What is left out is said, with the reason.
import { compareBy } from '../../base/order.ts'
import type { Metric } from '../../domain/metric.ts'
import { type Measurement, subjectText } from '../../domain/snapshot.ts'
import { findMetric } from '../metrics/catalogue.ts'
import { customId, declarationOf } from './custom-metric.ts'
import type { Imported } from './import-source.ts'
import type { ImportedMeasurement, Subject } from './imported.ts'

export interface SnapshotRules {
  /** `custom.*` metrics of governance.yaml. */
  readonly metrics: Readonly<Record<string, Metric>>
  readonly minimumGroupSize: number
}

/** Numbers that were not kept: why, and how many. `declare`: lines for governance.yaml that would keep them. */
export interface LeftOut {
  readonly why: 'undeclared' | 'small-group' | 'group-size-unknown' | 'name'
  readonly count: number
  readonly declare?: readonly string[]
}

export interface SnapshotMeasurements {
  /** Sorted by metric, subject and definition. */
  readonly measurements: readonly Measurement[]
  readonly leftOut: readonly LeftOut[]
}

/** `picked`: those of one window (pick-window.ts). */
export function snapshotMeasurements(
  { tool, shape }: Pick<Imported, 'tool' | 'shape'>,
  picked: readonly ImportedMeasurement[],
  rules: SnapshotRules,
): SnapshotMeasurements {
  const byReason = Map.groupBy(picked, (one) => reasonToLeaveOut(one, rules))
  const kept = (byReason.get(null) ?? []).map((one) => measurementOf(one, definitionOf(one, shape)))
  const sizes = groupSizes(picked, tool)
  const order = compareBy<Measurement>(
    ({ metric }) => metric,
    subjectText,
    ({ definition }) => definition ?? null,
  )
  const leftOut = [...byReason].flatMap(([why, list]) => (why === null ? [] : leftOutOf(why, list)))
  return { measurements: [...kept, ...sizes].sort(order), leftOut }
}

function reasonToLeaveOut(
  one: ImportedMeasurement,
  { metrics, minimumGroupSize }: SnapshotRules,
): LeftOut['why'] | null {
  if (one.metric === 'custom' && !Object.hasOwn(metrics, customId(one.name ?? ''))) return 'undeclared'
  if (!namesOf(one.subject).every(isStorable)) return 'name'
  if (isRateOfGroup(one) && one.n === undefined) return 'group-size-unknown'
  // A mean over a handful of rows tells their values.
  const isOfRows = isRateOfGroup(one) || one.metric === 'explain.mean_abs_shap'
  return isOfRows && one.n !== undefined && one.n < minimumGroupSize ? 'small-group' : null
}

function isRateOfGroup({ subject, metric }: ImportedMeasurement): boolean {
  return subject.kind === 'group' && findMetric(metric)?.subject !== 'protected'
}

function namesOf(subject: Subject): readonly string[] {
  if (subject.kind === 'model') return []
  return subject.kind === 'group' ? Object.entries(subject.group).flat() : [subject.name]
}

/** As the check of a snapshot's texts: no control characters, not empty, at most 1,000 characters. */
function isStorable(name: string): boolean {
  return name.trim() !== '' && name.length <= 1000 && name.isWellFormed() && !/\p{Cc}/u.test(name)
}

/** A part (a label, a stage) and a group that a signed difference is of belong to the definition. */
function definitionOf({ metric, definition, part, subject }: ImportedMeasurement, shape: string): string {
  const isOfAttribute = subject.kind === 'group' && findMetric(metric)?.subject === 'protected'
  const group = isOfAttribute ? Object.entries(subject.group).map(([name, value]) => `${name}=${value}`) : []
  return [`${definition}${variantOf(metric, shape)}`, ...(part === undefined ? [] : [part]), ...group].join('/')
}

/** Evidently up to 0.6 counts infinities as missing, later ones do not: two definitions. */
function variantOf(metric: string, shape: string): string {
  const isFirstApi = shape === 'evidently-report' || shape === 'evidently-test-suite'
  return metric === 'data.missing_share' && isFirstApi ? ':infinities-missing' : ''
}

function measurementOf(one: ImportedMeasurement, definition: string): Measurement {
  const { value, reason, n, low, high } = one
  const isBand = value !== null && low !== undefined && high !== undefined && low <= high
  const interval = isBand && Number.isFinite(high - low) ? ([low, high] as const) : null
  return {
    metric: one.metric === 'custom' ? customId(one.name ?? '') : one.metric,
    ...placeOf(one),
    value: value === null ? null : clamped(value, findMetric(one.metric)),
    ...(reason === null ? {} : { reason }),
    ...(n === undefined ? {} : { n }),
    // Three sampling errors to each side (NannyML).
    ...(interval === null ? {} : { interval, level: 0.9973 }),
    definition,
  }
}

/** Rounding may pass a bound by an ulp or so (one-each.ts lets it). */
function clamped(value: number, metric: Metric | undefined): number {
  const [low, high] = metric?.range ?? [null, null]
  return Math.min(Math.max(value, low ?? value), high ?? value)
}

type Place = Pick<Measurement, 'feature' | 'attribute' | 'group' | 'endpoint'>

function placeOf({ subject, metric, labels }: ImportedMeasurement): Place {
  if (subject.kind === 'feature') return { feature: subject.name }
  if (subject.kind === 'attribute') return { attribute: subject.name }
  if (subject.kind === 'group') return placeOfGroup(subject.group, findMetric(metric)?.subject === 'protected')
  const endpoint = ['endpoint', 'handler', 'route', 'path']
    .map((name) => labels?.[name])
    .find((one) => one !== undefined)
  return endpoint === undefined ? {} : { endpoint }
}

function placeOfGroup(group: Readonly<Record<string, string>>, isOfAttribute: boolean): Place {
  const entries = Object.entries(group)
  const [first] = entries
  if (isOfAttribute) return { attribute: entries.map(([name]) => name).join('|') }
  if (first !== undefined && entries.length === 1) return { attribute: first[0], group: first[1] }
  return { group: entries.map(([name, value]) => `${name}=${value}`).join('|') }
}

/** The size of every group that is told, suppressed ones included. */
function groupSizes(picked: readonly ImportedMeasurement[], tool: string): Measurement[] {
  const sizes = new Map<string, Measurement>()
  for (const one of picked) {
    const { n, subject } = one
    if (n === undefined || !isRateOfGroup(one) || !namesOf(subject).every(isStorable)) continue
    const place = placeOf(one)
    const key = JSON.stringify(place)
    sizes.set(key, { metric: 'fairness.group_size', ...place, value: n, n, definition: `${tool}:count` })
  }
  return [...sizes.values()]
}

function leftOutOf(why: LeftOut['why'], list: readonly ImportedMeasurement[]): LeftOut {
  if (why !== 'undeclared') return { why, count: list.length }
  const lines = new Map(list.map((one) => [customId(one.name ?? ''), declarationOf(one)]))
  return { why, count: list.length, declare: [...lines.values()].sort() }
}
