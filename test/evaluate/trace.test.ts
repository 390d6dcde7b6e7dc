// Traces: the steps behind one finding, with the actual values.
import assert from 'node:assert/strict'
import test from 'node:test'
import * as fc from 'fast-check'
import { compileRulebook } from '../../engine/evaluate/compile.ts'
import { explainFinding } from '../../engine/evaluate/trace.ts'
import { judge, type World } from './judge-world.ts'
import { repositories } from './random-repository.ts'
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
  waiver,
} from './small-world.ts'

function explain(world: World, at = 0) {
  const { loaded = card(), snapshots = [], now = NOW } = world
  const compiled = compileRulebook(world.rulebook, { metrics: METRIC_LIST, language: 'en' })
  const finding = judge(world).flatMap((j) => j.findings)[at]
  assert.ok(finding)
  const input = {
    modelId: 'm',
    loaded,
    history: historyOf(snapshots, 'm', now),
    invalid: false,
    now,
    keep: 'all' as const,
  }
  const trace = explainFinding(compiled, input, finding.id)
  assert.deepEqual(trace?.finding, finding)
  return trace?.steps ?? []
}

test('a threshold shows the snapshot, the measurement, the comparison, the history and the waivers', () => {
  const rule = metricRule({
    metric: 'performance.auc',
    comparison: { op: 'atLeast', limit: 0.75 },
    minSample: 100,
    failsAfter: { kind: 'consecutive', count: 2 },
  })
  const book = rulebook([policy([rule], { staleAfter: { amount: 48, unit: 'h' } })], {
    waivers: [waiver(), waiver({ id: 'x', subject: 'income' })],
  })
  const snapshots = [auc(0.5, { n: 900 }), auc(null), auc(0.5, { n: 900 })].map((m, day) => snapshot(day, [m]))
  const [read, measurement, comparison, history, outcome, waivers, ...others] = explain({ rulebook: book, snapshots })
  assert.deepEqual(others, [])
  assert.deepEqual(read, {
    step: 'snapshot',
    window: snapshots[0]?.snapshot.window,
    snapshot: snapshots[0]?.digest,
    file: 'models/snapshots/s.ndjson',
    line: 1,
    definitions: ['performance.auc'],
    freshUntil: '2026-11-24T00:00:00Z',
    stale: false,
  })
  assert.deepEqual(measurement, {
    step: 'measurement',
    value: 0.5,
    reason: null,
    definition: 'performance.auc',
    n: 900,
    sample: 900,
    minSample: 100,
    interval: null,
    level: null,
  })
  assert.deepEqual(comparison, {
    step: 'comparison',
    comparison: { op: 'atLeast', limit: 0.75 },
    change: null,
    warnAt: null,
    confidence: null,
    value: 0.5,
    margin: -0.25,
  })
  assert.deepEqual(history, {
    step: 'history',
    failsAfter: { kind: 'consecutive', count: 2 },
    failed: 2,
    enough: true,
    windows: [
      {
        window: snapshots[1]?.snapshot.window,
        snapshot: snapshots[1]?.digest,
        value: null,
        says: 'over',
        why: 'missing',
      },
      {
        window: snapshots[2]?.snapshot.window,
        snapshot: snapshots[2]?.digest,
        value: 0.5,
        says: 'fails',
        why: 'breaks',
      },
    ],
  })
  assert.deepEqual(outcome, { step: 'outcome', outcome: 'fail', cause: null, why: { kind: 'breaks' } })
  assert.deepEqual(waivers?.step === 'waivers' && waivers.considered.map((w) => [w.waiver.id, w.excuses]), [
    ['w', true],
    ['x', false],
  ])
})

test('a change shows the windows that the value before comes from', () => {
  const change = { direction: 'drops', amount: 0.25, relative: false } as const
  const rule = metricRule({ metric: 'performance.auc', versus: { kind: 'rolling', days: 30 }, change })
  const snapshots = [auc(0.5), auc(1), auc(0.75)].map((m, day) => snapshot(day, [m]))
  const versus = explain({ rulebook: rulebook([policy([rule])]), snapshots }).find((s) => s.step === 'versus')
  assert.deepEqual([versus?.before, versus?.change, versus?.windows.map((w) => w.value)], [0.875, -0.375, [1, 0.75]])
})

test('an adjusted p-value shows both', () => {
  const rule = metricRule({ metric: 'drift.ks_p', each: 'feature', comparison: { op: 'atLeast', limit: 0.05 } })
  const measured = ['age', 'income'].map((feature) => ({
    metric: 'drift.ks_p',
    feature,
    value: feature === 'age' ? 0.25 : 0.5,
  }))
  const world = { rulebook: rulebook([policy([rule])]), snapshots: [snapshot(0, measured)] }
  assert.deepEqual(
    explain(world).find((s) => s.step === 'adjustment'),
    { step: 'adjustment', value: 0.25, adjusted: 0.5 },
  )
})

test('a card rule shows what its path finds, a free-form rule its variables', () => {
  const test = { op: 'oneOf', values: ['low'] } as const
  assert.deepEqual(explain({ rulebook: rulebook([policy([cardRule('risk.tier', test)])]) })[0], {
    step: 'card',
    path: 'risk.tier',
    test,
    values: ['high'],
    lacking: false,
  })
  const failsWhen = {
    and: [{ '==': [{ var: 'card.risk.tier' }, 'high'] }, { '<': [{ var: 'metrics.performance.auc' }, 1] }],
  }
  assert.deepEqual(explain({ rulebook: rulebook([policy([logicRule(failsWhen)])]) })[0], {
    step: 'variables',
    expression: failsWhen,
    variables: [
      { name: 'card.risk.tier', value: 'high', problem: null },
      { name: 'metrics.performance.auc', value: null, problem: 'missing' },
    ],
  })
})

test('an unknown id, a broken model and a missing card have no trace', () => {
  const compiled = compileRulebook(rulebook([]), { metrics: METRIC_LIST, language: 'en' })
  const input = {
    modelId: 'm',
    loaded: card(),
    history: historyOf([], 'm', NOW),
    invalid: false,
    now: NOW,
    keep: 'all' as const,
  }
  assert.equal(explainFinding(compiled, input, '0123456789abcdef'), null)
  assert.equal(explainFinding(compiled, { ...input, invalid: true }, ''), null)
  assert.equal(explainFinding(compiled, { ...input, loaded: null }, ''), null)
})

test('every finding of any repository has a trace, which ends in its outcome', () => {
  fc.assert(
    fc.property(repositories, (repository) => {
      const compiled = compileRulebook(repository.rulebook, { metrics: repository.metrics, language: 'en' })
      for (const loaded of repository.cards) {
        const modelId = loaded.card.id
        const { now, snapshots } = repository
        const history = historyOf(snapshots, modelId, now)
        const input = { modelId, loaded, history, invalid: false, now, keep: 'all' as const }
        for (const finding of judge({ ...repository, loaded }).flatMap((j) => j.findings)) {
          const trace = explainFinding(compiled, input, finding.id)
          assert.deepEqual(trace?.finding, finding)
          assert.equal(trace?.steps.find((s) => s.step === 'outcome')?.outcome, finding.outcome)
        }
      }
    }),
    { numRuns: 60 },
  )
})
