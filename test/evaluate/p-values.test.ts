// Benjamini–Hochberg over the subjects of one rule, alone and within rules.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { MetricRule } from '../../engine/domain/policy.ts'
import type { Measurement } from '../../engine/domain/snapshot.ts'
import { adjustPValues } from '../../engine/evaluate/p-values.ts'
import { onlyFinding, outcomes } from './judge-world.ts'
import { card, metricRule, policy, rulebook, snapshot } from './small-world.ts'

// R 4.3: p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.55), "BH"); p.adjust(c(0.8, 0.9, 1), "BH")
const ADJUSTED: readonly [p: readonly number[], adjusted: readonly number[]][] = [
  [
    [0.01, 0.04, 0.03, 0.005, 0.55],
    [0.025, 0.05, 0.05, 0.025, 0.55],
  ],
  [
    [0.8, 0.9, 1],
    [1, 1, 1],
  ],
  [[0.02], [0.02]],
  [
    [0.02, 0.02],
    [0.02, 0.02],
  ],
  [[], []],
]
for (const [p, expected] of ADJUSTED) {
  test(`${JSON.stringify(p)} is adjusted to ${JSON.stringify(expected)}`, () => {
    const adjusted = adjustPValues(Object.freeze([...p]) as number[])
    assert.equal(adjusted.length, expected.length)
    adjusted.forEach((value, i) => {
      assert.ok(Math.abs(value - (expected[i] ?? 0)) < 1e-15, `${value} is not ${expected[i]}`)
    })
  })
}

const ks = (feature: string, value: number | null, n = 900): Measurement => ({
  metric: 'drift.ks_p',
  feature,
  value,
  n,
})
const THREE = card({
  data: {
    kind: 'binary',
    prediction: 'y',
    features: ['a', 'b', 'c'].map((name) => ({ name, type: 'number' as const })),
  },
})

function pValues(rule: Partial<MetricRule>, list: readonly Measurement[]) {
  const whole = metricRule({
    metric: 'drift.ks_p',
    each: 'feature',
    comparison: { op: 'atLeast', limit: 0.05 },
    ...rule,
  })
  const world = { rulebook: rulebook([policy([whole])]), loaded: THREE, snapshots: [snapshot(0, list)] }
  return outcomes(world)
}

test('p-values over several subjects are adjusted before they are compared', () => {
  // 0.04 alone is below 0.05; as the second of three it is 0.06.
  assert.deepEqual(pValues({}, [ks('a', 0.01), ks('b', 0.04), ks('c', 0.5)]), ['a fail', 'b pass', 'c pass'])
})

test('`correction: none` compares p-values as they are', () => {
  const list = [ks('a', 0.01), ks('b', 0.04), ks('c', 0.5)]
  assert.deepEqual(pValues({ correction: 'none' }, list), ['a fail', 'b fail', 'c pass'])
})

test('what is missing or too small takes no part in the adjustment', () => {
  assert.deepEqual(pValues({}, [ks('a', 0.01), ks('b', 0.04), ks('c', null)]), ['a fail', 'b fail', 'c error missing'])
  const small = [ks('a', 0.01), ks('b', 0.04), ks('c', 0.5, 5)]
  assert.deepEqual(pValues({ minSample: 100 }, small), ['a fail', 'b fail', 'c skip sample'])
})

test('a finding on an adjusted p-value has both, and its margin is that of the adjusted one', () => {
  const rule = metricRule({ metric: 'drift.ks_p', each: 'feature', comparison: { op: 'atLeast', limit: 0.5 } })
  const loaded = card({ data: { kind: 'binary', prediction: 'y', features: [{ name: 'a', type: 'number' }] } })
  const finding = onlyFinding({
    rulebook: rulebook([policy([rule])]),
    loaded,
    snapshots: [snapshot(0, [ks('a', 0.25)])],
  })
  assert.equal(finding.value, 0.25)
  assert.equal(finding.adjusted, 0.25)
  assert.equal(finding.margin, -0.25)
})
