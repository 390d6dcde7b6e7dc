// Random rules and policies for the laws of evaluation, in every form that the loader accepts.
import * as fc from 'fast-check'
import type { Duration } from '../../engine/domain/instant.ts'
import type { CardRule, FailsAfter, LogicRule, MetricRule, Policy, Rule, Versus } from '../../engine/domain/policy.ts'
import { LIMIT, maybe, rarely, SHARE_METRICS, VALUE } from './random-snapshots.ts'
import { cardRule, logicRule, metricRule, policy } from './small-world.ts'

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
  fc.constantFrom('drift.psi', 'drift.ks_p').map((metric) => ({ metric, each: 'protected' as const })),
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

/** All but its id. */
export const aPolicy: fc.Arbitrary<Omit<Policy, 'id'>> = fc
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
