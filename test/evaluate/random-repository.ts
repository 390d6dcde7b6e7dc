// Random governance repositories for the laws of evaluation. Values are few, so that limits are hit and ties happen.
import * as fc from 'fast-check'
import { digestOf } from '../../engine/base/canonical-json.ts'
import type { Duration } from '../../engine/domain/instant.ts'
import type { Deployment, Feature, ModelCard } from '../../engine/domain/model-card.ts'
import type {
  CardRule,
  FailsAfter,
  LogicRule,
  MetricRule,
  Policy,
  Rule,
  Versus,
  Waiver,
} from '../../engine/domain/policy.ts'
import type { Measurement } from '../../engine/domain/snapshot.ts'
import type { Repository, StoredSnapshot } from '../reference-evaluator/repository.ts'
import {
  card,
  cardRule,
  DAY,
  logicRule,
  METRIC_LIST,
  metricRule,
  NOW,
  policy,
  rulebook,
  snapshot,
  waiver,
} from './small-world.ts'

const VALUE = fc.constantFrom(0, 0.01, 0.04, 0.05, 0.2, 0.5, 0.7, 0.75, 0.8, 0.85, 1)
const LIMIT = fc.constantFrom(0.05, 0.2, 0.7, 0.75, 0.8)
const FEATURES = ['income', 'age', 'region'] as const
const ATTRIBUTES = ['sex', 'race'] as const
const GROUPS = ['F', 'M', 'missing'] as const
const ENDPOINTS = ['/v1/score', '/v1.2/score'] as const
const MODELS = ['m', 'n'] as const
const SHARE_METRICS = ['performance.auc', 'sla.error_rate'] as const

/** Present or absent, without a key of value undefined. */
function maybe<T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Partial<T>> {
  return fc.oneof(fc.constant({} as Partial<T>), arbitrary)
}

/** Once in `times`, else nothing. */
function rarely<T extends object>(value: T, times: number): fc.Arbitrary<Partial<T>> {
  return fc.constantFrom<Partial<T>>(value, ...Array.from({ length: times - 1 }, () => ({})))
}

function mostly<T>(value: T, other: T): fc.Arbitrary<T> {
  return fc.constantFrom(other, ...Array.from({ length: 7 }, () => value))
}

// -------------------------------------------------------------------------------------------------- snapshots

type OfSubject = Pick<Measurement, 'metric' | 'feature' | 'attribute' | 'group' | 'endpoint'>

const SUBJECTS: readonly OfSubject[] = [
  ...SHARE_METRICS.map((metric) => ({ metric })),
  ...['drift.psi', 'drift.ks_p'].flatMap((metric) => FEATURES.map((feature) => ({ metric, feature }))),
  ...ATTRIBUTES.map((attribute) => ({ metric: 'fairness.demographic_parity_ratio', attribute })),
  ...ATTRIBUTES.flatMap((attribute) =>
    GROUPS.map((group) => ({ metric: 'fairness.selection_rate', attribute, group })),
  ),
  { metric: 'fairness.selection_rate', group: 'sex=F|race=B' },
  ...ENDPOINTS.map((endpoint) => ({ metric: 'sla.latency_p95_ms', endpoint })),
]

const groupCount = fc.record(
  { group: fc.constantFrom(...GROUPS), n: fc.constantFrom(5, 50, 199, 200, 900), suppressed: fc.boolean() },
  { requiredKeys: ['group', 'n'] },
)

const measured: fc.Arbitrary<Omit<Measurement, 'metric'>> = fc
  .tuple(
    fc.oneof({ weight: 12, arbitrary: VALUE }, { weight: 1, arbitrary: fc.constant(null) }),
    fc.constantFrom({ n: 50 }, { n: 200 }, { n: 200 }, { n: 1000 }, { n: 1000 }, {}),
    maybe(fc.record({ interval: fc.tuple(VALUE, VALUE).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const) })),
    maybe(fc.record({ level: fc.constantFrom(0.9, 0.95) })),
    rarely({ definition: 'other' }, 60),
    maybe(fc.record({ reference: VALUE })),
    fc.uniqueArray(groupCount, { selector: (g) => g.group, maxLength: 3 }),
  )
  .map(([value, n, interval, level, definition, reference, groups]) => ({
    value,
    ...(value === null && { reason: 'no labels' }),
    ...n,
    ...(value !== null && interval),
    ...level,
    ...definition,
    ...reference,
    ...(groups.length > 0 && { groups }),
  }))

/** Most subjects of most metrics; groups only where a measurement has them. */
const measurements: fc.Arbitrary<Measurement[]> = fc
  .tuple(
    fc.subarray([...SUBJECTS], { minLength: SUBJECTS.length - 6 }),
    fc.array(measured, { minLength: SUBJECTS.length, maxLength: SUBJECTS.length }),
  )
  .map(([subjects, values]) =>
    subjects.map((subject, i) => {
      const { groups, ...value } = values[i] ?? { value: null }
      const hasGroups = subject.attribute !== undefined && subject.group === undefined && groups !== undefined
      return { ...subject, ...value, ...(hasGroups && { groups }) }
    }),
  )

/** Windows of one day, some of seven that end on the same one; a few of other versions, places and purposes. */
const storedSnapshot: fc.Arbitrary<StoredSnapshot> = fc
  .tuple(
    fc.constantFrom(0, 0, 1, 1, 2, 2, 3, 4, 5, 9, -1),
    measurements,
    mostly('m', 'n'),
    mostly('1.0.0', '1.1.0'),
    mostly('production', 'staging'),
    fc.constantFrom('monitoring', 'monitoring', 'monitoring', 'monitoring', 'baseline', 'validation'),
    rarely({ long: true }, 5),
  )
  .map(([day, list, model, version, environment, purpose, { long = false }]) => {
    const plain = snapshot(day, list, { model, version, environment, purpose })
    if (!long) return plain
    const start = new Date(Date.parse(plain.snapshot.window.start) - 6 * DAY).toISOString().replace('.000', '')
    return snapshot(day, list, { model, version, environment, purpose, window: { ...plain.snapshot.window, start } })
  })

/** Some are corrected; twice the same measurement in a window is left out, as it would be a diagnostic. */
const snapshots: fc.Arbitrary<StoredSnapshot[]> = fc
  .tuple(
    fc.array(storedSnapshot, { minLength: 4, maxLength: 14, size: 'max' }),
    fc.array(fc.nat(20), { maxLength: 2 }),
    measurements,
  )
  .map(([list, corrected, others]) => {
    const corrections = corrected.flatMap((at) => {
      const wrong = list[at % Math.max(1, list.length)]
      if (wrong === undefined) return []
      const { digest, snapshot: s } = wrong
      return [restore({ ...s, measurements: others, supersedes: digest })]
    })
    return withoutTwice([...list, ...corrections])
  })

function restore(s: StoredSnapshot['snapshot']): StoredSnapshot {
  return { digest: digestOf(s), file: 'models/snapshots/s.ndjson', line: 2, snapshot: s }
}

function withoutTwice(list: readonly StoredSnapshot[]): StoredSnapshot[] {
  const seen = new Set<string>()
  return list.map(({ snapshot: s }) => {
    const kept = s.measurements.filter((m) => {
      const of = [s.model, s.version, s.environment, s.purpose, s.window.start, s.window.end]
      const key = JSON.stringify([...of, m.metric, m.feature, m.attribute, m.group, m.endpoint, m.definition])
      return !seen.has(key) && seen.add(key)
    })
    return restore({ ...s, measurements: kept })
  })
}

// ------------------------------------------------------------------------------------------------------ rules

const comparison: fc.Arbitrary<NonNullable<MetricRule['comparison']>> = fc.oneof(
  fc.record({ op: fc.constantFrom('atLeast', 'atMost', 'below', 'above', 'equals'), limit: LIMIT }),
  fc
    .tuple(LIMIT, LIMIT)
    .map(([a, b]) => ({ op: 'between' as const, limit: [Math.min(a, b), Math.max(a, b)] as const })),
)

const versus: fc.Arbitrary<Versus> = fc.oneof(
  fc.constant({ kind: 'baseline' as const }),
  fc.constant({ kind: 'previous' as const }),
  fc.constantFrom(1, 3, 30).map((days) => ({ kind: 'rolling' as const, days })),
)

const change = fc.record({
  direction: fc.constantFrom('drops' as const, 'rises' as const),
  amount: fc.constantFrom(0, 0.05, 0.1),
  relative: fc.boolean(),
})

const failsAfter: fc.Arbitrary<FailsAfter> = fc.oneof(
  fc.constantFrom(2, 3).map((count) => ({ kind: 'consecutive' as const, count })),
  fc.constantFrom(2, 3).map((count) => ({ kind: 'of-last' as const, count, of: 4 })),
  fc.constantFrom(1, 2).map((count) => ({ kind: 'within-days' as const, count, days: 2 })),
)

const metricAndEach: fc.Arbitrary<Pick<MetricRule, 'metric' | 'each'>> = fc.oneof(
  fc.constantFrom(...SHARE_METRICS).map((metric) => ({ metric, each: null })),
  fc.constantFrom('drift.psi', 'drift.ks_p', 'drift.ks_p').map((metric) => ({ metric, each: 'feature' as const })),
  fc.constant({ metric: 'fairness.demographic_parity_ratio', each: 'protected' as const }),
  fc.constant({ metric: 'fairness.selection_rate', each: 'group' as const }),
  fc.constant({ metric: 'sla.latency_p95_ms', each: 'endpoint' as const }),
)

const staleAfter: fc.Arbitrary<{ readonly staleAfter?: Duration }> = fc.constantFrom(
  {},
  {},
  {},
  {},
  { staleAfter: { amount: 6, unit: 'h' } },
  { staleAfter: { amount: 2, unit: 'd' } },
  { staleAfter: { amount: 1, unit: 'bd' } },
)

const aMetricRule: fc.Arbitrary<MetricRule> = fc
  .tuple(
    metricAndEach,
    fc.oneof(
      { weight: 3, arbitrary: fc.record({ comparison }) },
      { weight: 1, arbitrary: fc.record({ versus, change }) },
    ),
    maybe(fc.record({ warnAt: LIMIT })),
    maybe(fc.record({ minSample: fc.constantFrom(50, 200) })),
    maybe(fc.record({ confidence: fc.constantFrom(0.9, 0.95) })),
    maybe(fc.record({ failsAfter })),
    rarely({ definition: 'other' }, 15),
    maybe(fc.constant({ correction: 'none' as const })),
    staleAfter,
  )
  .map(([metric, test, ...more]) => Object.assign(metricRule({ ...metric, ...test }), ...more) as MetricRule)

const aCardRule: fc.Arbitrary<CardRule> = fc
  .tuple(
    fc.constantFrom(
      'risk.tier',
      'review.last',
      'review.everyDays',
      'data.features[].name',
      'data.features[].min',
      'privacy.ripd.ref',
      'owners',
      'versions[].trained',
      'deployment.hold',
    ),
    fc.oneof(
      fc.record({ op: fc.constant('present' as const), wanted: fc.boolean() }),
      fc.record({
        op: fc.constantFrom('oneOf' as const, 'noneOf' as const),
        values: fc.subarray(['high', 'low', 'income', 'sex', 'team:credit-models', true], { minLength: 1 }),
      }),
      fc.record({ op: fc.constantFrom('atMost' as const, 'atLeast' as const), limit: fc.constantFrom(0, 180, 365) }),
      fc.record({ op: fc.constant('withinDays' as const), limit: fc.constantFrom(0, 30, 145, 365) }),
    ),
  )
  .map(([path, test]) => cardRule(path, test))

const NUMBER_VARIABLES = [
  'metrics.performance.auc',
  'metrics.sla.error_rate',
  'metrics.drift.psi.income',
  'metrics.fairness.selection_rate.sex=F',
  'metrics.sla.latency_p95_ms./v1.2/score',
  'card.review.everyDays',
  'params.limit',
]

/** Expressions that the guard accepts. */
const booleanExpression: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  number: fc.oneof(
    { maxDepth: 2 },
    VALUE,
    fc.constantFrom(...NUMBER_VARIABLES).map((name) => ({ var: name })),
    fc
      .tuple(fc.constantFrom('+', '-', '*', '/', '%', 'min', 'max'), tie('number'), tie('number'))
      .map(([op, a, b]) => ({ [op as string]: [a, b] })),
    fc.tuple(tie('boolean'), tie('number'), tie('number')).map((list) => ({ if: list })),
  ),
  boolean: fc.oneof(
    { maxDepth: 3 },
    fc
      .tuple(fc.constantFrom('<', '<=', '>', '>=', '==', '!='), tie('number'), tie('number'))
      .map(([op, a, b]) => ({ [op as string]: [a, b] })),
    fc.constant({ in: [{ var: 'card.risk.tier' }, ['high', 'critical']] }),
    fc.constant({ in: ['income', { var: 'card.data.features[].name' }] }),
    fc.constant({ '===': [{ var: 'card.risk.automation' }, 'sole'] }),
    fc
      .tuple(fc.constantFrom('and', 'or'), tie('boolean'), tie('boolean'))
      .map(([op, a, b]) => ({ [op as string]: [a, b] })),
    fc.tuple(fc.constantFrom('!', '!!'), tie('boolean')).map(([op, a]) => ({ [op as string]: [a] })),
  ),
})).boolean

const aLogicRule: fc.Arbitrary<LogicRule> = fc
  .tuple(booleanExpression, staleAfter)
  .map(([e, more]) => ({ ...logicRule(e), ...more }))

const aRule: fc.Arbitrary<Rule> = fc.oneof(
  { weight: 5, arbitrary: aMetricRule as fc.Arbitrary<Rule> },
  { weight: 2, arbitrary: aCardRule },
  { weight: 2, arbitrary: aLogicRule },
)

const aPolicy: fc.Arbitrary<Omit<Policy, 'id'>> = fc
  .tuple(
    fc.array(aRule, { minLength: 1, maxLength: 4, size: 'max' }),
    fc.constantFrom('error' as const, 'fail' as const, 'skip' as const),
    staleAfter,
    fc.constantFrom('none' as const, 'retrain' as const, 'hold' as const, 'rollback' as const),
    fc.constantFrom(
      { all: [], not: null },
      { all: [{ path: ['risk', 'tier'], anyOf: ['high'] }], not: null },
      {
        all: [{ path: ['owners'], anyOf: ['team:credit-models'] }],
        not: { all: [{ path: ['stage'], anyOf: ['retired'] }], not: null },
      },
      { all: [], not: { all: [{ path: ['data', 'features', '[]', 'name'], anyOf: ['region'] }], not: null } },
    ),
  )
  .map(([rules, onMissing, stale, action, appliesTo]) =>
    policy(
      rules.map((rule, i) => ({ ...rule, id: `r${(7 * i) % 4}` })),
      { onMissing, ...stale, remediate: { action }, appliesTo, params: { limit: 0.7 } },
    ),
  )

// ------------------------------------------------------------------------------------------- cards and waivers

const monitored: fc.Arbitrary<Feature[]> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([...FEATURES]) },
      { weight: 1, arbitrary: fc.subarray([...FEATURES]) },
    ),
    fc.constantFrom<Partial<Feature>>({}, {}, { monitor: true }, { monitor: false }, { min: 0 }, { min: 200 }),
  )
  .map(([names, more]) => names.map((name, i) => ({ name, type: 'number', ...(i === 0 && more) })))

const aCard: fc.Arbitrary<Partial<ModelCard>> = fc
  .tuple(
    mostly<ModelCard['stage']>('production', 'retired'),
    fc.constantFrom('high' as const, 'low' as const),
    monitored,
    fc.constantFrom('2026-06-30', '2026-11-22', '2026-11-23', '2026-10-23', 'soon'),
    fc.uniqueArray(
      fc.record(
        {
          environment: mostly<string>('production', 'staging'),
          version: mostly('1.0.0', '1.1.0'),
          role: fc.constantFrom('champion' as const, 'challenger' as const, 'shadow' as const),
          hold: fc.boolean(),
        },
        { requiredKeys: ['environment', 'version'] },
      ),
      { selector: (d) => `${d.environment} ${d.version}`, minLength: 1, maxLength: 2 },
    ),
    fc.constantFrom('one', 'list', 'none'),
  )
  .map(([stage, tier, features, last, deployments, how]) => {
    const deployment: Deployment | Deployment[] | undefined =
      how === 'one' ? deployments[0] : how === 'list' ? deployments : undefined
    const data = {
      kind: 'binary' as const,
      prediction: 'y',
      features,
      protected: [{ name: 'sex' }, { name: 'race', missingGroup: 'exclude' as const }],
    }
    const risk = { tier, automation: 'sole' as const, domain: 'credit' }
    const plain = { stage, risk, data, review: { last, everyDays: 365 } }
    return deployment === undefined ? plain : { ...plain, deployment }
  })

const aWaiver: fc.Arbitrary<Waiver> = fc
  .tuple(
    fc.constantFrom('p0', 'p1', 'p2'),
    fc.constantFrom('r0', 'r1', 'r2', 'r3'),
    fc.constantFrom(...MODELS),
    maybe(fc.record({ subject: fc.constantFrom('income', 'sex', 'sex=F', '/v1/score') })),
    fc.constantFrom('2026-10-01', '2026-11-22', '2026-11-23'),
    fc.constantFrom('2026-11-21', '2026-11-22', '2026-11-30'),
  )
  .map(([p, rule, model, subject, issued, expires]) => waiver({ policy: p, rule, model, issued, expires, ...subject }))

/** Whole repositories of two models, to three policies, a handful of snapshots. */
export const repositories: fc.Arbitrary<Repository> = fc
  .tuple(
    fc.array(aPolicy, { maxLength: 3, size: 'max' }),
    fc.tuple(aCard, aCard),
    snapshots,
    fc.array(aWaiver, { maxLength: 4 }),
    fc.constantFrom(0, 0, 0, -3 * 3_600_000, 30 * 3_600_000, 5 * DAY),
    fc.array(fc.constantFrom('advisory' as const, 'approval' as const, 'mandatory' as const), {
      minLength: 2,
      maxLength: 2,
    }),
  )
  .map(([policies, [m, n], stored, waivers, later, enforced]) => ({
    rulebook: rulebook(
      policies.map((p, i) => ({ ...p, id: `p${2 - i}` })),
      {
        waivers: waivers.map((w, i) => ({ ...w, id: `w${i}` })),
        enforcement: {
          production: { p2: enforced[0] ?? 'advisory', p1: enforced[1] ?? 'advisory' },
          none: { p2: 'mandatory' },
        },
      },
    ),
    metrics: METRIC_LIST,
    cards: [
      withoutDeployment(card({ ...m, id: 'm' }), m),
      ...(n.review?.last === 'soon' ? [withoutDeployment(card({ ...n, id: 'n' }), n)] : []),
    ],
    snapshots: stored,
    now: NOW + later,
  }))

/** A card without `deployment` must not get the builder's. */
function withoutDeployment(loaded: ReturnType<typeof card>, said: Partial<ModelCard>): ReturnType<typeof card> {
  if (said.deployment !== undefined) return loaded
  const { deployment: _, ...rest } = loaded.card
  return { ...loaded, card: rest }
}
