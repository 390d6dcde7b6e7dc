// Free-form rules over the newest measurements and the card (EVALUATION.md, Comparing, `failsWhen`).
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Policy } from '../../engine/domain/policy.ts'
import { judge, onlyFinding, type World } from './judge-world.ts'
import { auc, card, logicRule, policy, rulebook, snapshot } from './small-world.ts'

const AUC = { var: 'metrics.performance.auc' }
const ERRORS = { var: 'metrics.sla.error_rate' }
const TIER = { var: 'card.risk.tier' }
const errors = (value: number | null) => ({ metric: 'sla.error_rate', value })

interface Sentence extends Omit<World, 'rulebook'> {
  readonly says: string
  readonly failsWhen: unknown
  readonly policy?: Partial<Policy>
  readonly expected: string
}

const BOTH = { and: [{ '<': [AUC, 0.7] }, { '>': [ERRORS, 0.1] }] }
const SENTENCES: readonly Sentence[] = [
  { says: 'true fails', failsWhen: { '<': [AUC, 0.7] }, snapshots: [snapshot(0, [auc(0.6)])], expected: 'fail' },
  { says: 'false passes', failsWhen: { '<': [AUC, 0.7] }, snapshots: [snapshot(0, [auc(0.7)])], expected: 'pass' },
  {
    says: 'each metric is read in the newest window that measures it',
    failsWhen: BOTH,
    snapshots: [snapshot(0, [auc(0.6)]), snapshot(1, [auc(0.9), errors(0.2)])],
    expected: 'fail',
  },
  {
    says: 'a missing variable makes the rule missing data, also in a branch that is not taken',
    failsWhen: BOTH,
    snapshots: [snapshot(0, [auc(0.9)])],
    expected: 'error missing',
  },
  {
    says: 'so does a null one',
    failsWhen: { or: [{ '<': [AUC, 0.7] }, { '>': [ERRORS, 0.1] }] },
    snapshots: [snapshot(0, [auc(0.6), errors(null)])],
    expected: 'error missing',
  },
  {
    says: '`onMissing` decides on it',
    failsWhen: BOTH,
    policy: { onMissing: 'skip' },
    snapshots: [snapshot(0, [auc(0.9)])],
    expected: 'skip missing',
  },
  {
    says: 'an absent field of the card is missing data',
    failsWhen: { '==': [{ var: 'card.privacy.ripd.ref' }, 'RIPD-1'] },
    expected: 'error missing',
  },
  {
    says: 'one stale variable makes it stale',
    failsWhen: BOTH,
    policy: { staleAfter: { amount: 12, unit: 'h' } },
    snapshots: [snapshot(0, [auc(0.6)]), snapshot(1, [errors(0.2)])],
    expected: 'error stale',
  },
  {
    says: 'two definitions in a window are an error',
    failsWhen: { '<': [AUC, 0.7] },
    policy: { onMissing: 'skip' },
    snapshots: [snapshot(0, [auc(0.6), auc(0.6, { definition: 'other' })])],
    expected: 'error definition',
  },
  {
    says: 'a division by zero cannot be judged',
    failsWhen: { '>': [{ '/': [1, ERRORS] }, 2] },
    snapshots: [snapshot(0, [errors(0)])],
    expected: 'error not-evaluable',
  },
  {
    says: 'unless its branch is not taken',
    failsWhen: { if: [{ '==': [ERRORS, 0] }, false, { '>': [{ '/': [1, ERRORS] }, 2] }] },
    snapshots: [snapshot(0, [errors(0)])],
    expected: 'pass',
  },
  {
    says: 'parameters are those of the policy',
    failsWhen: { '<': [AUC, { var: 'params.least' }] },
    policy: { params: { least: 0.95 } },
    snapshots: [snapshot(0, [auc(0.9)])],
    expected: 'fail',
  },
  {
    says: 'a subject may have dots',
    failsWhen: { '>': [{ var: 'metrics.sla.latency_p95_ms./v1.2/score' }, 100] },
    snapshots: [snapshot(0, [{ metric: 'sla.latency_p95_ms', endpoint: '/v1.2/score', value: 140 }])],
    expected: 'fail',
  },
  {
    says: 'a list of the card can be searched',
    failsWhen: { in: ['age', { var: 'card.data.features[].name' }] },
    expected: 'fail',
  },
  {
    says: 'one of several deployments is no single value',
    failsWhen: { '==': [{ var: 'card.deployment.role' }, 'shadow'] },
    loaded: card({
      deployment: [
        { environment: 'production', version: '1.0.0', role: 'champion' },
        { environment: 'production', version: '1.1.0', role: 'shadow' },
      ],
    }),
    expected: 'error not-evaluable',
  },
]
for (const { says, failsWhen, policy: more = {}, expected, ...world } of SENTENCES) {
  test(says, () => {
    const book = rulebook([policy([logicRule(failsWhen)], more)])
    const findings = judge({ ...world, rulebook: book }).flatMap((j) => j.findings)
    assert.ok(findings.length > 0)
    for (const { outcome, cause, subject } of findings) {
      assert.equal([outcome, cause].filter(Boolean).join(' '), expected)
      assert.equal(subject, null)
    }
  })
}

test('evidence is the newest snapshot that was judged, the card where no metric is read, else null', () => {
  const [newer, older] = [snapshot(0, [auc(0.9)]), snapshot(1, [errors(0)])]
  const both = rulebook([policy([logicRule(BOTH)])])
  assert.equal(onlyFinding({ rulebook: both, snapshots: [older, newer] }).evidence, newer.digest)
  assert.equal(onlyFinding({ rulebook: both }).evidence, null)
  const loaded = card()
  const onCard = rulebook([policy([logicRule({ '==': [TIER, 'high'] })])])
  assert.equal(onlyFinding({ rulebook: onCard, loaded }).evidence, loaded.digest)
})

test('a finding of a free-form rule has neither value nor limit', () => {
  const book = rulebook([policy([logicRule({ '<': [AUC, 0.7] })])])
  const finding = onlyFinding({ rulebook: book, snapshots: [snapshot(0, [auc(0.6)])] })
  assert.deepEqual([finding.value, finding.limit, finding.margin], [undefined, undefined, undefined])
})
