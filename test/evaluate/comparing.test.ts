// How a value is compared with a limit (EVALUATION.md, Comparing): limits, margins, warnings, samples, intervals.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Comparison, MetricRule } from '../../engine/domain/policy.ts'
import type { GroupCount, Measurement } from '../../engine/domain/snapshot.ts'
import { onlyFinding, outcomes, says } from './judge-world.ts'
import { auc, metricRule, policy, rulebook, snapshot } from './small-world.ts'

const AT_LEAST: Comparison = { op: 'atLeast', limit: 0.7 }

const LIMITS: readonly [comparison: Comparison, value: number, expected: string][] = [
  [{ op: 'atLeast', limit: 0.7 }, 0.7, 'pass'],
  [{ op: 'atLeast', limit: 0.7 }, 0.6999999999999998, 'fail'],
  [{ op: 'atMost', limit: 0.7 }, 0.7, 'pass'],
  [{ op: 'atMost', limit: 0.7 }, 0.7000000000000001, 'fail'],
  [{ op: 'below', limit: 0.7 }, 0.7, 'fail'],
  [{ op: 'below', limit: 0.7 }, 0.6999999999999998, 'pass'],
  [{ op: 'above', limit: 0.7 }, 0.7, 'fail'],
  [{ op: 'above', limit: 0.7 }, 0.7000000000000001, 'pass'],
  [{ op: 'equals', limit: 0.7 }, 0.7, 'pass'],
  [{ op: 'equals', limit: 0.3 }, 0.1 + 0.2, 'fail'],
  [{ op: 'between', limit: [0.2, 0.7] }, 0.2, 'pass'],
  [{ op: 'between', limit: [0.2, 0.7] }, 0.7, 'pass'],
  [{ op: 'between', limit: [0.2, 0.7] }, 0.19, 'fail'],
  [{ op: 'between', limit: [0.2, 0.7] }, 0.71, 'fail'],
]
for (const [comparison, value, expected] of LIMITS) {
  test(`${value} is a ${expected} for ${comparison.op} ${comparison.limit}`, () => {
    assert.equal(says({ comparison }, [auc(value)]), expected)
  })
}

const MARGINS: readonly [comparison: Comparison, value: number, margin: number][] = [
  [{ op: 'atLeast', limit: 0.5 }, 0.75, 0.25],
  [{ op: 'atLeast', limit: 0.5 }, 0.25, -0.25],
  [{ op: 'above', limit: 0.5 }, 0.75, 0.25],
  [{ op: 'atMost', limit: 0.5 }, 0.75, -0.25],
  [{ op: 'below', limit: 0.5 }, 0.25, 0.25],
  [{ op: 'equals', limit: 0.5 }, 0.5, 0],
  [{ op: 'equals', limit: 0.5 }, 0.75, -0.25],
  [{ op: 'between', limit: [0.25, 1] }, 0.5, 0.25],
  [{ op: 'between', limit: [0.25, 1] }, 1.5, -0.5],
]
for (const [comparison, value, margin] of MARGINS) {
  test(`${value} has the margin ${margin} to ${comparison.op} ${comparison.limit}`, () => {
    const book = rulebook([policy([metricRule({ metric: 'performance.auc', comparison })])])
    const finding = onlyFinding({ rulebook: book, snapshots: [snapshot(0, [auc(value)])] })
    assert.equal(finding.margin, margin)
    assert.deepEqual(finding.limit, comparison.limit)
    assert.equal(finding.value, value)
  })
}

test('a value that passes, but would fail with `warnAt` as the limit, warns', () => {
  const rule = { comparison: AT_LEAST, warnAt: 0.8 }
  assert.equal(says(rule, [auc(0.8)]), 'pass')
  assert.equal(says(rule, [auc(0.79)]), 'warn')
  assert.equal(says(rule, [auc(0.69)]), 'fail')
  const below: Comparison = { op: 'below', limit: 0.7 }
  assert.equal(says({ comparison: below, warnAt: 0.5 }, [auc(0.5)]), 'warn')
})

const group = (name: string, n: number, more: Partial<GroupCount> = {}): GroupCount => ({ group: name, n, ...more })
const SAMPLES: readonly [what: string, measurement: Partial<Measurement>, expected: string][] = [
  ['the smallest group counts', { n: 5000, groups: [group('F', 199), group('M', 900)] }, 'skip sample'],
  ['groups of the size asked for are enough', { n: 5000, groups: [group('F', 200), group('M', 900)] }, 'fail'],
  ['a suppressed group was not compared', { groups: [group('X', 5, { suppressed: true }), group('M', 900)] }, 'fail'],
  ['without groups it is `n`', { n: 199 }, 'skip sample'],
  ['`n` may be enough', { n: 200 }, 'fail'],
  ['only suppressed groups leave `n`', { n: 199, groups: [group('X', 5, { suppressed: true })] }, 'skip sample'],
  ['neither known is missing data', {}, 'error missing'],
  ['a missing value comes before a small sample', { value: null, n: 5 }, 'error missing'],
]
for (const [what, measurement, expected] of SAMPLES) {
  test(`\`minSample\`: ${what}`, () => {
    const rule = { comparison: AT_LEAST, minSample: 200 }
    assert.equal(says(rule, [{ ...auc(0.5), ...measurement }]), expected)
  })
}

test('`minSample`: the group of missing values counts unless the card excludes it', () => {
  const rule = metricRule({
    metric: 'fairness.demographic_parity_ratio',
    each: 'protected',
    comparison: AT_LEAST,
    minSample: 100,
  })
  const ratio = (attribute: string): Measurement => ({
    metric: 'fairness.demographic_parity_ratio',
    attribute,
    value: 0.9,
    groups: [group('missing', 20), group('A', 100)],
  })
  const snapshots = [snapshot(0, [ratio('race'), ratio('sex')])]
  assert.deepEqual(outcomes({ rulebook: rulebook([policy([rule])]), snapshots }), ['race pass', 'sex skip sample'])
})

const INTERVALS: readonly [
  what: string,
  rule: Partial<MetricRule>,
  measurement: Partial<Measurement>,
  expected: string,
][] = [
  ['reaches the limit', {}, { interval: [0.5, 0.7] }, 'warn'],
  ['falls short of the limit', {}, { interval: [0.5, 0.69] }, 'fail'],
  ['of another level is no interval', {}, { interval: [0.5, 0.7], level: 0.9 }, 'fail'],
  ['of the level that is asked for counts', { confidence: 0.9 }, { interval: [0.5, 0.7], level: 0.9 }, 'warn'],
  ['is 0.95 where nothing is said', { confidence: 0.9 }, { interval: [0.5, 0.7] }, 'fail'],
  ['is not there', {}, {}, 'fail'],
  ['does not hold its own value excuses nothing: it', {}, { interval: [0.9, 0.95] }, 'fail'],
  [
    'touches a limit that does not include it',
    { comparison: { op: 'above', limit: 0.7 } },
    { interval: [0.5, 0.7] },
    'fail',
  ],
  ['reaches under', { comparison: { op: 'atMost', limit: 0.5 } }, { interval: [0.5, 0.7] }, 'warn'],
  ['stays over', { comparison: { op: 'below', limit: 0.5 } }, { interval: [0.5, 0.7] }, 'fail'],
  ['spans the whole band', { comparison: { op: 'between', limit: [0.7, 0.72] } }, { interval: [0.5, 0.9] }, 'warn'],
  ['misses the band', { comparison: { op: 'between', limit: [0.7, 0.8] } }, { interval: [0.5, 0.69] }, 'fail'],
  ['holds the only good value', { comparison: { op: 'equals', limit: 0.65 } }, { interval: [0.5, 0.7] }, 'warn'],
]
for (const [what, rule, measurement, expected] of INTERVALS) {
  test(`\`confidence\`: a failing value whose interval ${what} is a ${expected}`, () => {
    const whole = { comparison: AT_LEAST, confidence: 0.95, ...rule }
    assert.equal(says(whole, [{ ...auc(0.6), ...measurement }]), expected)
  })
}

test('an interval that reaches a failing value does not make a passing one warn', () => {
  assert.equal(says({ comparison: AT_LEAST, confidence: 0.95 }, [auc(0.8, { interval: [0.5, 0.9] })]), 'pass')
})
