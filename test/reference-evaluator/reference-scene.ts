// The reference evaluator's measurements: which windows measure a metric, and who is in them.
import { compareText } from '../../engine/base/order.ts'
import type { Cause, Outcome, Subject } from '../../engine/domain/finding.ts'
import { addDuration, type Duration } from '../../engine/domain/instant.ts'
import type { Feature, LoadedCard } from '../../engine/domain/model-card.ts'
import type { MetricRule } from '../../engine/domain/policy.ts'
import type { Measurement, Snapshot } from '../../engine/domain/snapshot.ts'
import type { PlainFinding, Repository, StoredSnapshot } from './repository.ts'

/** All that is known when one deployment is judged. */
export interface Scene {
  readonly repository: Repository
  readonly loaded: LoadedCard
  readonly environment: string
  readonly version: string | null
}

/** What a rule says of one subject; `numbers` are the fields that go into the finding as they are. */
export interface Said {
  readonly subject: Subject | null
  readonly outcome: Outcome
  readonly cause?: Cause
  readonly numbers?: Pick<PlainFinding, 'value' | 'margin' | 'n' | 'interval' | 'versus' | 'adjusted'>
  readonly window?: PlainFinding['window']
  readonly evidence: PlainFinding['evidence']
}

/** A measurement and where it stands. */
export interface Row {
  readonly m: Measurement
  readonly stored: StoredSnapshot
  readonly start: number
  readonly end: number
}

export function definitionOf(m: Measurement): string {
  return m.definition ?? m.metric
}

/** Live snapshots of a purpose: not superseded, equal digests once, no window that ends after now. */
export function live(
  { repository, loaded, environment, version }: Scene,
  purpose: Snapshot['purpose'],
): StoredSnapshot[] {
  const { snapshots, now } = repository
  return snapshots
    .filter((s, i) => snapshots.findIndex((other) => other.digest === s.digest) === i)
    .filter((s) => !snapshots.some((other) => other.snapshot.supersedes === s.digest))
    .filter(({ snapshot: s }) => s.model === loaded.card.id && s.version === version && s.environment === environment)
    .filter(({ snapshot: s }) => s.purpose === purpose && Date.parse(s.window.end) <= now)
    .sort((a, b) => compareText(a.digest, b.digest))
}

/** The windows that measure a metric, newest first, each as the rows of that metric in it. */
export function windowsOf(scene: Scene, purpose: Snapshot['purpose'], metric: string, definition?: string): Row[][] {
  const rows = live(scene, purpose).flatMap((stored) =>
    stored.snapshot.measurements
      .filter((m) => m.metric === metric && (definition === undefined || definitionOf(m) === definition))
      .map((m) => {
        const { window } = stored.snapshot
        return { m, stored, start: Date.parse(window.start), end: Date.parse(window.end) }
      }),
  )
  const keys = [...new Set(rows.map((r) => JSON.stringify([r.end, r.start])))]
  return keys
    .map((key) => rows.filter((r) => JSON.stringify([r.end, r.start]) === key))
    .sort((a, b) => (b[0]?.end ?? 0) - (a[0]?.end ?? 0) || (b[0]?.start ?? 0) - (a[0]?.start ?? 0))
}

export function subjectOfRow({ m }: Row): Subject | null {
  if (m.feature !== undefined) return { feature: m.feature }
  if (m.endpoint !== undefined) return { endpoint: m.endpoint }
  if (m.group !== undefined)
    return m.attribute === undefined ? { group: m.group } : { attribute: m.attribute, group: m.group }
  return m.attribute === undefined ? null : { attribute: m.attribute }
}

export function rowOf(rows: readonly Row[], subject: Subject | null): Row | undefined {
  return rows.find((row) => textOf(subjectOfRow(row)) === textOf(subject))
}

/** The card's subjects that the metric is defined for, and whatever else of the card, or pair of it, the window measures. */
export function subjectsIn(scene: Scene, rule: MetricRule, rows: readonly Row[]): (Subject | null)[] {
  if (rule.each === null) return [null]
  const { features = [], protected: attributes = [] } = scene.loaded.card.data ?? {}
  const names = attributes.map((p) => p.name)
  const isMeasured = (name: string) => rows.some((row) => textOf(subjectOfRow(row)) === name)
  if (rule.each === 'feature') {
    const listed = features.filter((f) => f.monitor !== false)
    const judged = listed.filter((f) => isDefinedFor(scene, rule, f) || isMeasured(f.name))
    return [...new Set(judged.map((f) => f.name))].map((feature) => ({ feature }))
  }
  if (rule.each === 'protected') {
    const asFeature = (name: string) => features.find((f) => f.name === name) ?? { name, type: 'category' as const }
    const single = names.filter((name) => isDefinedFor(scene, rule, asFeature(name)) || isMeasured(name))
    const pairs = rows
      .filter(({ m }) => m.group === undefined && m.attribute !== undefined && !names.includes(m.attribute))
      .map(({ m }) => m.attribute ?? '')
      .filter((name) => name.includes(' × ') && name.split(' × ').every((part) => names.includes(part)))
    return [...new Set([...single, ...pairs])].map((attribute) => ({ attribute }))
  }
  const { each } = rule
  const measured = rows.map(subjectOfRow).filter((s) => s !== null && s[each] !== undefined)
  return measured.filter((s, i) => measured.findIndex((other) => textOf(other) === textOf(s)) === i)
}

/** Of the definition that the rule names, else of the metric. */
function isDefinedFor({ repository }: Scene, rule: MetricRule, feature: Feature): boolean {
  const metric = repository.metrics.get(rule.metric)
  if (metric?.subject === 'feature' && feature.monitor === false) return false
  const named = metric?.variants?.filter((v) => v.definition === rule.definition && v.features !== undefined) ?? []
  const { types = [feature.type], needs = [] } = named[0]?.features ?? metric?.features ?? {}
  if (!types.includes(feature.type)) return false
  return needs.length === 0 || needs.some((field) => ![undefined, false].includes(feature[field] as undefined))
}

/** Nothing is left to judge, although the card has subjects: the metric is defined for none of them. */
export function isDefinedForNone({ loaded }: Scene, rule: MetricRule): boolean {
  const { features = [], protected: attributes = [] } = loaded.card.data ?? {}
  if (rule.each === 'feature') return features.some((f) => f.monitor !== false)
  return rule.each === 'protected' && attributes.length > 0
}

export function isStale({ repository }: Scene, end: number, staleAfter: Duration | undefined): boolean {
  if (staleAfter === undefined) return false
  return repository.now > addDuration(end, staleAfter, repository.rulebook.governance.institution)
}

export function textOf(subject: Subject | null): string | null {
  if (subject === null) return null
  if (subject.group !== undefined && subject.attribute !== undefined) return `${subject.attribute}=${subject.group}`
  return subject.feature ?? subject.endpoint ?? subject.group ?? subject.attribute ?? null
}
