// The verdict over a deployment: what is judged where, what blocks, what is demanded, and the exit code.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Diagnostic } from '../../engine/domain/diagnostic.ts'
import type { Deployment } from '../../engine/domain/model-card.ts'
import type { Action, Enforcement, Policy } from '../../engine/domain/policy.ts'
import { compileRulebook } from '../../engine/evaluate/compile.ts'
import { judgeModel } from '../../engine/evaluate/judge.ts'
import { exitOf } from '../../engine/evaluate/verdict.ts'
import { judge, onlyVerdict } from './judge-world.ts'
import {
  auc,
  card,
  cardRule,
  historyOf,
  logicRule,
  METRIC_LIST,
  metricRule,
  NOW,
  policy,
  rulebook,
  snapshot,
} from './small-world.ts'

const AUC = metricRule({ metric: 'performance.auc', comparison: { op: 'atLeast', limit: 0.7 } })
const TIER = cardRule('risk.tier', { op: 'oneOf', values: ['low'] }, 'tier')
const FAILING = [snapshot(0, [auc(0.5)])]
const PASSING = [snapshot(0, [auc(0.9)])]

const enforced = (policies: readonly Policy[], how: Enforcement) =>
  rulebook(policies, { enforcement: { production: Object.fromEntries(policies.map((p) => [p.id, how])) } })

const BLOCKS: readonly [
  how: Enforcement,
  snapshots: typeof FAILING,
  outcome: string,
  blocks: boolean,
  demand: Action,
][] = [
  ['mandatory', FAILING, 'fail', true, 'retrain'],
  ['approval', FAILING, 'fail', false, 'retrain'],
  ['advisory', FAILING, 'fail', false, 'none'],
  ['mandatory', [], 'error', true, 'none'],
  ['approval', [], 'error', false, 'none'],
  ['mandatory', PASSING, 'pass', false, 'none'],
]
for (const [how, snapshots, outcome, blocks, demand] of BLOCKS) {
  test(`a ${how} ${outcome} ${blocks ? 'blocks' : 'does not block'} and demands ${demand}`, () => {
    const verdict = onlyVerdict({ rulebook: enforced([policy([AUC])], how), snapshots })
    assert.deepEqual([verdict.outcome, verdict.blocks, verdict.demand], [outcome, blocks, demand])
  })
}

test('skips and warnings of a mandatory policy never block', () => {
  const skips = rulebook([policy([AUC], { onMissing: 'skip' })])
  assert.equal(onlyVerdict({ rulebook: skips }).blocks, false)
  const warns = rulebook([policy([{ ...AUC, warnAt: 0.95 }])])
  assert.equal(onlyVerdict({ rulebook: warns, snapshots: PASSING }).blocks, false)
})

const DEMANDS: readonly [actions: readonly Action[], how: Enforcement, demand: Action][] = [
  [['retrain', 'rollback', 'hold'], 'approval', 'rollback'],
  [['retrain', 'hold', 'none'], 'approval', 'hold'],
  [['none', 'retrain'], 'approval', 'retrain'],
  [['none'], 'approval', 'none'],
  [['none'], 'mandatory', 'hold'],
  [['none', 'retrain'], 'mandatory', 'hold'],
]
for (const [actions, how, demand] of DEMANDS) {
  test(`${how} fails with the remedies ${actions.join(', ')} demand ${demand}`, () => {
    const policies = actions.map((action, i) => policy([AUC], { id: `p${i}`, remediate: { action } }))
    assert.equal(onlyVerdict({ rulebook: enforced(policies, how), snapshots: FAILING }).demand, demand)
  })
}

test('a challenger and a shadow are judged, and only the champion is remedied', () => {
  const deployment: Deployment[] = [
    { environment: 'production', version: '1.0.0', role: 'champion' },
    { environment: 'production', version: '1.1.0', role: 'challenger' },
    { environment: 'production', version: '1.2.0', role: 'shadow' },
  ]
  const snapshots = deployment.map(({ version }) => snapshot(0, [auc(0.5)], { version }))
  const verdicts = judge({ rulebook: rulebook([policy([AUC])]), loaded: card({ deployment }), snapshots })
  assert.deepEqual(
    verdicts.map(({ verdict: v }) => [v.version, v.outcome, v.demand]),
    [
      ['1.0.0', 'fail', 'retrain'],
      ['1.1.0', 'fail', 'none'],
      ['1.2.0', 'fail', 'none'],
    ],
  )
})

test('deployments are judged in the order of environment, then version', () => {
  const deployment: Deployment[] = [
    { environment: 'staging', version: '2.0.0' },
    { environment: 'production', version: '1.1.0', role: 'shadow' },
    { environment: 'production', version: '1.0.0' },
  ]
  const verdicts = judge({ rulebook: rulebook([policy([AUC])]), loaded: card({ deployment }) })
  assert.deepEqual(
    verdicts.map(({ verdict: v }) => `${v.environment} ${v.version}`),
    ['production 1.0.0', 'production 1.1.0', 'staging 2.0.0'],
  )
})

const { deployment: _, ...undeployed } = card().card
const PLACELESS = [
  ['a card without a deployment', { card: undeployed, digest: card().digest, file: card().file }],
  ['a card with an empty list of deployments', card({ deployment: [] })],
  ['a retired model, whatever its deployment', card({ stage: 'retired' })],
] as const
for (const [what, loaded] of PLACELESS) {
  test(`${what} is judged by its card rules alone, in environment none, and never blocks`, () => {
    const rules = [AUC, logicRule({ '==': [{ var: 'card.risk.tier' }, 'high'] }, 'free'), TIER]
    const book = rulebook([policy(rules)], { enforcement: { none: { p: 'mandatory' } } })
    const [judgement] = judge({ rulebook: book, loaded, snapshots: FAILING })
    const { environment, version, outcome, blocks, demand } = judgement?.verdict ?? {}
    assert.deepEqual(
      { environment, version, outcome, blocks, demand },
      {
        environment: 'none',
        version: null,
        outcome: 'fail',
        blocks: false,
        demand: 'none',
      },
    )
    assert.deepEqual(
      judgement?.findings.map((f) => [f.rule, f.enforcement]),
      [['tier', 'advisory']],
    )
  })
}

test('no policy applies: skip, cause no-policy', () => {
  const other = policy([AUC], { appliesTo: { all: [{ path: ['risk', 'tier'], anyOf: ['low'] }], not: null } })
  for (const book of [rulebook([]), rulebook([other])]) {
    const verdict = onlyVerdict({ rulebook: book, snapshots: FAILING })
    assert.deepEqual([verdict.outcome, verdict.cause, verdict.blocks], ['skip', 'no-policy', false])
  }
})

test('an invalid model is an error of each deployment, which blocks where a mandatory policy applies', () => {
  const deployment: Deployment[] = [
    { environment: 'production', version: '1.0.0' },
    { environment: 'staging', version: '1.0.0' },
  ]
  const verdicts = judge({ rulebook: rulebook([policy([AUC])]), loaded: card({ deployment }), invalid: true })
  assert.deepEqual(
    verdicts.map(({ verdict: v, findings }) => [v.environment, v.outcome, v.cause, v.blocks, findings.length]),
    [
      ['production', 'error', 'invalid', true, 0],
      ['staging', 'error', 'invalid', false, 0],
    ],
  )
})

test('a card that cannot be read is an error where it still says that it is deployed, else in `none`', () => {
  const compiled = compileRulebook(rulebook([policy([AUC])]), { metrics: METRIC_LIST, language: 'en' })
  const unread = { modelId: 'm', loaded: null, history: historyOf([], 'm', NOW), invalid: true, now: NOW } as const
  const verdictsOf = (deployed: readonly Deployment[]) =>
    judgeModel(compiled, { ...unread, deployed, keep: 'all' }).map(({ verdict: v }) => [
      v.environment,
      v.version,
      v.cause,
      v.blocks,
    ])
  assert.deepEqual(verdictsOf([]), [['none', null, 'invalid', false]])
  const deployed = ['staging', 'production'].map((environment) => ({ environment, version: '1.0.0' }))
  assert.deepEqual(verdictsOf(deployed), [
    ['production', '1.0.0', 'invalid', true],
    ['staging', '1.0.0', 'invalid', false],
  ])
})

test('a verdict names the snapshots judged, sorted, and all findings but passes', () => {
  const psi = metricRule({ id: 'psi', metric: 'drift.psi', each: 'feature', comparison: { op: 'atMost', limit: 0.2 } })
  const older = snapshot(1, [
    { metric: 'drift.psi', feature: 'income', value: 0.1 },
    { metric: 'drift.psi', feature: 'age', value: 0.3 },
  ])
  const newer = snapshot(0, [auc(0.9)])
  const [judgement] = judge({ rulebook: rulebook([policy([AUC, psi, TIER])]), snapshots: [older, newer] })
  assert.deepEqual(judgement?.verdict.snapshots, [older.digest, newer.digest].sort())
  assert.deepEqual(
    judgement?.verdict.findings,
    judgement?.findings.filter((f) => f.outcome !== 'pass').map((f) => f.id),
  )
  assert.deepEqual(judgement?.verdict.counts, { pass: 2, warn: 0, fail: 2, error: 0, skip: 0 })
})

const error: Diagnostic = { file: 'f', line: 1, column: 1, severity: 'error', code: 'load/x', message: 'm', hint: 'h' }
const EXITS: readonly [blocks: readonly boolean[], diagnostics: readonly Diagnostic[], exit: number][] = [
  [[false, false], [], 0],
  [[false, true], [], 2],
  [[true], [{ ...error, severity: 'warning' }], 2],
  [[true], [error], 3],
  [[], [], 0],
]
for (const [blocks, diagnostics, exit] of EXITS) {
  const severities = diagnostics.map((d) => d.severity).join()
  test(`verdicts that block: [${blocks}], diagnostics: [${severities}]: exit ${exit}`, () => {
    const verdicts = blocks.map((b) => ({ blocks: b }))
    assert.equal(exitOf(verdicts, diagnostics), exit)
  })
}

test('a policy that is not listed, and an environment without a file, are advisory', () => {
  const book = rulebook([policy([AUC], { id: 'a' }), policy([AUC], { id: 'b' })], {
    enforcement: { production: { a: 'mandatory' } },
  })
  const [judgement] = judge({ rulebook: book, snapshots: FAILING })
  assert.deepEqual(
    judgement?.findings.map((f) => f.enforcement),
    ['mandatory', 'advisory'],
  )
})
