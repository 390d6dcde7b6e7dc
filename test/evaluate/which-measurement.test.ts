// Which measurement a rule reads (EVALUATION.md, Which measurement): one small world a sentence.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Measurement } from '../../engine/domain/snapshot.ts'
import { onlyFinding, outcomes, type World } from './judge-world.ts'
import { auc, card, metricRule, policy, rulebook, snapshot } from './small-world.ts'

const AT_LEAST = { op: 'atLeast', limit: 0.7 } as const
const AUC = rulebook([policy([metricRule({ metric: 'performance.auc', comparison: AT_LEAST })])])
const AUC_48H = rulebook([
  policy([metricRule({ metric: 'performance.auc', comparison: AT_LEAST })], { staleAfter: { amount: 48, unit: 'h' } }),
])
const PSI = rulebook([
  policy([metricRule({ metric: 'drift.psi', each: 'feature', comparison: { op: 'atMost', limit: 0.2 } })]),
])
const GROUPS = rulebook([
  policy([metricRule({ metric: 'fairness.selection_rate', each: 'group', comparison: AT_LEAST })]),
])
const ENDPOINTS = rulebook([
  policy([metricRule({ metric: 'sla.latency_p95_ms', each: 'endpoint', comparison: { op: 'atMost', limit: 100 } })]),
])

const psi = (feature: string, value: number, more: Partial<Measurement> = {}): Measurement => ({
  metric: 'drift.psi',
  feature,
  value,
  ...more,
})
const rate = (group: string, value: number): Measurement => ({
  metric: 'fairness.selection_rate',
  attribute: 'sex',
  group,
  value,
})

interface Sentence extends World {
  readonly says: string
  readonly expected: readonly string[]
}

const bad = snapshot(1, [auc(0.5)])
const elsewhere = [
  snapshot(0, [auc(0.5)], { version: '0.9.0' }),
  snapshot(0, [auc(0.5)], { environment: 'staging' }),
  snapshot(0, [auc(0.5)], { purpose: 'validation' }),
  snapshot(0, [auc(0.5)], { model: 'n' }),
]

const SENTENCES: readonly Sentence[] = [
  { says: 'the newest window is read', rulebook: AUC, snapshots: [bad, snapshot(0, [auc(0.8)])], expected: ['- pass'] },
  {
    says: 'of windows with one end the one that starts last is newest',
    rulebook: AUC,
    snapshots: [
      snapshot(0, [auc(0.8)]),
      snapshot(0, [auc(0.5)], { window: { start: '2026-11-15T00:00:00Z', end: '2026-11-22T00:00:00Z' } }),
    ],
    expected: ['- pass'],
  },
  {
    says: 'a snapshot that does not measure the metric is passed over',
    rulebook: AUC,
    snapshots: [bad, snapshot(0, [psi('income', 0.1)])],
    expected: ['- fail'],
  },
  {
    says: 'other versions, environments, purposes and models are not read',
    rulebook: AUC,
    snapshots: elsewhere,
    expected: ['- error missing'],
  },
  {
    says: 'a correction replaces what it supersedes',
    rulebook: AUC,
    snapshots: [bad, snapshot(1, [auc(0.8)], { supersedes: bad.digest })],
    expected: ['- pass'],
  },
  { says: 'equal digests are one snapshot', rulebook: AUC, snapshots: [bad, bad], expected: ['- fail'] },
  {
    says: 'a window that ends after now is left out',
    rulebook: AUC,
    snapshots: [snapshot(-1, [auc(0.5)]), snapshot(0, [auc(0.8)])],
    expected: ['- pass'],
  },
  {
    says: 'two tools share a window, each with its own snapshot',
    rulebook: PSI,
    snapshots: [snapshot(0, [psi('income', 0.1)]), snapshot(0, [psi('age', 0.3)], { rows: { current: 9 } })],
    expected: ['age fail', 'income pass'],
  },
  {
    says: 'an older window does not fill in for a subject that the newest lacks',
    rulebook: PSI,
    snapshots: [snapshot(1, [psi('age', 0.1)]), snapshot(0, [psi('income', 0.1)])],
    expected: ['age error missing', 'income pass'],
  },
  {
    says: 'features that are listed but not monitored are not judged',
    rulebook: PSI,
    snapshots: [snapshot(0, [psi('income', 0.1), psi('age', 0.1), psi('note', 0.9)])],
    expected: ['age pass', 'income pass'],
  },
  {
    says: 'a feature that the card lacks is not judged',
    rulebook: PSI,
    snapshots: [snapshot(0, [psi('income', 0.1), psi('age', 0.1), psi('shoe_size', 0.9)])],
    expected: ['age pass', 'income pass'],
  },
  {
    says: 'a card without features leaves nothing to judge, which is missing data',
    rulebook: PSI,
    loaded: card({ data: { kind: 'binary', prediction: 'y', features: [] } }),
    snapshots: [snapshot(0, [psi('income', 0.1)])],
    expected: ['- error missing'],
  },
  {
    says: 'groups are those measured',
    rulebook: GROUPS,
    snapshots: [snapshot(0, [rate('M', 0.6), rate('F', 0.8)])],
    expected: ['sex=F pass', 'sex=M fail'],
  },
  {
    says: 'a pair of groups has its own text',
    rulebook: GROUPS,
    snapshots: [snapshot(0, [{ metric: 'fairness.selection_rate', group: 'sex=F|race=B', value: 0.9 }])],
    expected: ['sex=F|race=B pass'],
  },
  {
    says: 'endpoints are those measured',
    rulebook: ENDPOINTS,
    snapshots: [snapshot(0, [{ metric: 'sla.latency_p95_ms', endpoint: '/v1.2/score', value: 140 }])],
    expected: ['/v1.2/score fail'],
  },
  { says: 'no measured endpoint is missing data', rulebook: ENDPOINTS, snapshots: [], expected: ['- error missing'] },
  { says: 'no snapshot is missing data', rulebook: AUC, expected: ['- error missing'] },
  { says: 'null is missing data', rulebook: AUC, snapshots: [snapshot(0, [auc(null)])], expected: ['- error missing'] },
  {
    says: 'a window is fresh to the last second of `staleAfter`',
    rulebook: AUC_48H,
    snapshots: [snapshot(0, [auc(0.8)])],
    now: Date.parse('2026-11-24T00:00:00Z'),
    expected: ['- pass'],
  },
  {
    says: 'a window is stale a second later',
    rulebook: AUC_48H,
    snapshots: [snapshot(0, [auc(0.8)])],
    now: Date.parse('2026-11-24T00:00:01Z'),
    expected: ['- error stale'],
  },
  {
    says: "a rule's own `staleAfter` goes before the policy's",
    rulebook: rulebook([
      policy([metricRule({ metric: 'performance.auc', comparison: AT_LEAST, staleAfter: { amount: 1, unit: 'h' } })], {
        staleAfter: { amount: 48, unit: 'h' },
      }),
    ]),
    snapshots: [snapshot(0, [auc(0.8)])],
    expected: ['- error stale'],
  },
  {
    says: 'business days skip the weekend',
    rulebook: rulebook([
      policy([metricRule({ metric: 'performance.auc', comparison: AT_LEAST })], {
        staleAfter: { amount: 1, unit: 'bd' },
      }),
    ]),
    snapshots: [snapshot(1, [auc(0.8)])], // ended on Friday evening, local time
    now: Date.parse('2026-11-24T02:59:59Z'), // Monday, a second before midnight, local time
    expected: ['- pass'],
  },
  {
    says: 'two definitions in a window are an error for a rule that names none',
    rulebook: PSI,
    snapshots: [snapshot(0, [psi('income', 0.1), psi('age', 0.1, { definition: 'evidently' })])],
    expected: ['age error definition', 'income error definition'],
  },
  {
    says: 'a rule that names a definition reads that one',
    rulebook: rulebook([
      policy([metricRule({ metric: 'performance.auc', comparison: AT_LEAST, definition: 'evidently' })]),
    ]),
    snapshots: [snapshot(0, [auc(0.5), auc(0.8, { definition: 'evidently' })])],
    expected: ['- pass'],
  },
  {
    says: "a measurement without a definition has the metric's id",
    rulebook: rulebook([
      policy([metricRule({ metric: 'performance.auc', comparison: AT_LEAST, definition: 'performance.auc' })]),
    ]),
    snapshots: [snapshot(0, [auc(0.8), auc(0.5, { definition: 'evidently' })])],
    expected: ['- pass'],
  },
]

for (const { says, expected, ...world } of SENTENCES) {
  test(says, () => assert.deepEqual(outcomes(world), expected))
}

for (const onMissing of ['error', 'fail', 'skip'] as const) {
  test(`\`onMissing: ${onMissing}\` decides on absent, null and stale measurements alike`, () => {
    const rules = [metricRule({ metric: 'performance.auc', comparison: AT_LEAST })]
    const book = rulebook([policy(rules, { onMissing, staleAfter: { amount: 1, unit: 'h' } })])
    assert.deepEqual(outcomes({ rulebook: book }), [`- ${onMissing} missing`])
    const empty = [snapshot(-0.25, [auc(null)])]
    assert.deepEqual(outcomes({ rulebook: book, snapshots: empty }), [`- ${onMissing} missing`])
    assert.deepEqual(outcomes({ rulebook: book, snapshots: [snapshot(0, [auc(0.9)])] }), [`- ${onMissing} stale`])
  })
}

test('evidence is the digest of the snapshot judged, and null where there is none', () => {
  const judged = snapshot(0, [auc(0.5)])
  assert.equal(onlyFinding({ rulebook: AUC, snapshots: [judged, bad] }).evidence, judged.digest)
  assert.equal(onlyFinding({ rulebook: AUC }).evidence, null)
  assert.equal(onlyFinding({ rulebook: AUC }).window, null)
  assert.deepEqual(onlyFinding({ rulebook: AUC, snapshots: [judged] }).window, judged.snapshot.window)
})
