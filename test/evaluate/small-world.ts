// Builders for small governed worlds: what a test says is what matters, all else is plain.
import { digestOf } from '../../engine/base/canonical-json.ts'
import { compareText } from '../../engine/base/order.ts'
import type { Rulebook } from '../../engine/domain/governance.ts'
import type { FeatureKinds, Metric, MetricVariant, SubjectKind } from '../../engine/domain/metric.ts'
import type { LoadedCard, ModelCard } from '../../engine/domain/model-card.ts'
import type { CardRule, Enforcement, LogicRule, MetricRule, Policy, Rule, Waiver } from '../../engine/domain/policy.ts'
import type { LiveSnapshot, Measurement, Snapshot, SnapshotHistory } from '../../engine/domain/snapshot.ts'
import type { StoredSnapshot } from '../reference-evaluator/repository.ts'

export const NOW = Date.parse('2026-11-22T06:00:00Z')
export const DAY = 86_400_000

const METRICS: readonly (readonly [id: string, subject: SubjectKind, unit?: string])[] = [
  ['performance.auc', 'model'],
  ['sla.error_rate', 'model'],
  ['drift.psi', 'feature'],
  ['drift.ks_p', 'feature', 'p-value'],
  ['fairness.demographic_parity_ratio', 'protected'],
  ['fairness.selection_rate', 'group'],
  ['sla.latency_p95_ms', 'endpoint', 'ms'],
]

/** As in the catalogue; the variant is of fewer features than its metric. */
const KINDS: Readonly<Record<string, { features: FeatureKinds; variants?: readonly MetricVariant[] }>> = {
  'drift.ks_p': { features: { types: ['number'] } },
  'drift.psi': {
    features: { types: ['number', 'category'] },
    variants: [{ variant: 'other', definition: 'other', source: 'none', features: { needs: ['min', 'unique'] } }],
  },
}

export const METRIC_LIST: ReadonlyMap<string, Metric> = new Map(
  METRICS.map(([id, subject, unit = 'share']) => [
    id,
    {
      id,
      title: { pt: `métrica ${id}`, en: `metric ${id}` },
      family: id.split('.')[0] as Metric['family'],
      subject,
      unit,
      range: [null, null],
      worse: 'none',
      definition: id,
      source: 'none',
      ...KINDS[id],
    },
  ]),
)

const PLACE = { file: 'policies/p.yaml', line: 7, column: 5 }

export function metricRule(more: Partial<MetricRule> & Pick<MetricRule, 'metric'>): MetricRule {
  return {
    form: 'metric',
    id: 'r',
    place: PLACE,
    unit: METRIC_LIST.get(more.metric)?.unit ?? 'share',
    each: null,
    comparison: null,
    versus: null,
    change: null,
    isPValue: METRIC_LIST.get(more.metric)?.unit === 'p-value',
    ...more,
  }
}

export function cardRule(path: string, test: CardRule['test'], id = 'r'): CardRule {
  return { form: 'card', id, place: PLACE, path: path.replaceAll('[]', '.[]').split('.'), test }
}

export function logicRule(failsWhen: unknown, id = 'r'): LogicRule {
  return { form: 'logic', id, place: PLACE, failsWhen }
}

export function policy(rules: readonly Rule[], more: Partial<Policy> = {}): Policy {
  const id = more.id ?? 'p'
  return {
    id,
    formerly: [],
    title: `title of ${id}`,
    owner: 'team:risk',
    severity: 'high',
    controls: ['lgpd/art-20'],
    appliesTo: { all: [], not: null },
    params: {},
    rules,
    onMissing: 'error',
    remediate: { action: 'retrain' },
    notify: [],
    message: {},
    digest: digestOf(id),
    place: { file: `policies/${id}.yaml`, line: 1, column: 1 },
    ...more,
  }
}

export function waiver(more: Partial<Waiver> = {}): Waiver {
  return {
    id: 'w',
    policy: 'p',
    rule: 'r',
    model: 'm',
    reason: 'known',
    requestedBy: 'user:ana',
    approvedBy: 'user:lia',
    issued: '2026-11-01',
    expires: '2026-11-30',
    place: { file: 'policies/waivers/w.yaml', line: 1, column: 1 },
    ...more,
  }
}

export type EnforcementTable = Readonly<Record<string, Readonly<Record<string, Enforcement>>>>

export function rulebook(
  policies: readonly Policy[],
  more: {
    readonly waivers?: readonly Waiver[]
    readonly enforcement?: EnforcementTable
    readonly timeZone?: string
  } = {},
): Rulebook {
  const listed = more.enforcement ?? {
    production: Object.fromEntries(policies.map((p) => [p.id, 'mandatory' as const])),
  }
  return {
    governance: {
      institution: {
        name: 'Banco Exemplo',
        type: 'bank',
        timeZone: more.timeZone ?? 'America/Sao_Paulo',
        languages: ['pt', 'en'],
        holidays: ['2026-11-20'],
      },
      minimumGroupSize: 10,
      people: {},
      record: { branch: null, signingKey: null, author: { name: 'Tutela', email: 'tutela@localhost' } },
      ledger: { origin: 'tutela.local/banco-exemplo', key: null, raw: {} },
      forge: { kind: 'local' },
      channels: {},
      routes: {},
      triggers: {},
      metrics: {},
    },
    policies,
    waivers: more.waivers ?? [],
    frameworks: [],
    enforcement: new Map(Object.entries(listed).map(([name, rows]) => [name, new Map(Object.entries(rows))])),
    diagnostics: [],
    digest: digestOf('rulebook'),
  }
}

export function card(more: Partial<ModelCard> = {}): LoadedCard {
  const whole: ModelCard = {
    apiVersion: 'tutela/v1',
    kind: 'ModelCard',
    id: 'm',
    title: 'a model',
    purpose: 'tests',
    stage: 'production',
    owners: ['team:credit-models'],
    validator: 'team:model-risk',
    risk: { tier: 'high', automation: 'sole', domain: 'credit' },
    review: { last: '2026-06-30', everyDays: 365 },
    data: {
      kind: 'binary',
      prediction: 'approved',
      features: [
        { name: 'income', type: 'number' },
        { name: 'age', type: 'number' },
        { name: 'note', type: 'text', monitor: false },
      ],
      protected: [{ name: 'sex' }, { name: 'race', missingGroup: 'exclude' }],
    },
    deployment: { environment: 'production', version: '1.0.0' },
    ...more,
  }
  return { card: whole, digest: digestOf(whole), file: `models/${whole.id}/card.yaml` }
}

/** `day` 0 is the window that ended six hours before NOW, 1 the day before, and so on. */
export function snapshot(
  day: number,
  measurements: readonly Measurement[],
  more: Partial<Snapshot> = {},
): StoredSnapshot {
  const end = Date.parse('2026-11-22T00:00:00Z') - day * DAY
  const stamp = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`
  const whole: Snapshot = {
    apiVersion: 'tutela/v1',
    kind: 'Snapshot',
    model: 'm',
    version: '1.0.0',
    environment: 'production',
    purpose: 'monitoring',
    window: { start: stamp(end - DAY), end: stamp(end) },
    source: { tool: 'test', version: '1', digest: `sha256:${'0'.repeat(64)}` },
    measurements,
    ...more,
  }
  return { digest: digestOf(whole), file: 'models/snapshots/s.ndjson', line: 1, snapshot: whole }
}

/** The history that the loader would give: live snapshots, newest first, none that ends after `now`. */
export function historyOf(stored: readonly StoredSnapshot[], model: string, now: number): SnapshotHistory {
  const superseded = new Set(stored.map((s) => s.snapshot.supersedes))
  const unique = new Map(stored.map((s) => [s.digest, s]))
  const live = [...unique.values()].filter((s) => s.snapshot.model === model && !superseded.has(s.digest))
  const newestFirst = live
    .map((s) => ({ stored: s, live: liveSnapshot(s) }))
    .filter((s) => s.live.end <= now)
    .sort((a, b) => b.live.end - a.live.end || b.live.start - a.live.start || compareText(a.live.digest, b.live.digest))
  return {
    windows: (version, environment, purpose) =>
      newestFirst
        .filter(({ stored: { snapshot: s } }) => s.version === version && s.environment === environment)
        .filter(({ stored: { snapshot: s } }) => s.purpose === purpose)
        .map((s) => s.live),
  }
}

function liveSnapshot({ digest, file, line, snapshot: s }: StoredSnapshot): LiveSnapshot {
  return {
    digest,
    file,
    line,
    window: s.window,
    start: Date.parse(s.window.start),
    end: Date.parse(s.window.end),
    measurementsOf: (metric) => {
      const found = s.measurements.filter((m) => m.metric === metric)
      return found.length === 0 ? undefined : found
    },
  }
}

/** `auc(0.8)`: the model-wide measurement that most tests need. */
export function auc(value: number | null, more: Partial<Measurement> = {}): Measurement {
  return { metric: 'performance.auc', value, ...more }
}
