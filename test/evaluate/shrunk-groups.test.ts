// A group that is suppressed now, though it was shown before (EVALUATION.md, Comparing).
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Comparison } from '../../engine/domain/policy.ts'
import type { GroupCount, Measurement } from '../../engine/domain/snapshot.ts'
import { outcomes } from './judge-world.ts'
import { card, metricRule, policy, rulebook, snapshot } from './small-world.ts'

const AT_LEAST: Comparison = { op: 'atLeast', limit: 0.7 }
const group = (name: string, n: number, more: Partial<GroupCount> = {}): GroupCount => ({ group: name, n, ...more })

const ratio = (groups: readonly GroupCount[], value = 0.9): Measurement => ({
  metric: 'fairness.demographic_parity_ratio',
  attribute: 'sex',
  value,
  groups,
})
const shown = [group('F', 900), group('M', 900), group('X', 60)]
const shrunk = [group('F', 900), group('M', 900), group('X', 6, { suppressed: true })]

function parity(now: readonly GroupCount[], before: readonly Parameters<typeof snapshot>[], value = 0.9): string[] {
  const only = card({ data: { kind: 'binary', prediction: 'y', features: [], protected: [{ name: 'sex' }] } })
  const rule = metricRule({ metric: 'fairness.demographic_parity_ratio', each: 'protected', comparison: AT_LEAST })
  const snapshots = [snapshot(0, [ratio(now, value)]), ...before.map((s) => snapshot(...s))]
  return outcomes({ rulebook: rulebook([policy([rule])]), loaded: only, snapshots })
}

test('a group that is suppressed now, though the window before showed it, gives at best a warning', () => {
  assert.deepEqual(parity(shrunk, [[1, [ratio(shown)]]]), ['sex warn sample'])
})
test('a group that is suppressed now, though the baseline showed it, gives at best a warning', () => {
  assert.deepEqual(parity(shrunk, [[9, [ratio(shown)], { purpose: 'baseline' }]]), ['sex warn sample'])
})
test('a group that never was large enough changes nothing', () => {
  assert.deepEqual(parity(shrunk, [[1, [ratio(shrunk)]]]), ['sex pass'])
  assert.deepEqual(parity(shrunk, []), ['sex pass'])
})
test('a group that vanished does not make a failure milder', () => {
  assert.deepEqual(parity(shrunk, [[1, [ratio(shown)]]], 0.5), ['sex fail'])
})
test('a vanished group is seen by rules on the groups of its attribute too', () => {
  const rule = metricRule({ metric: 'fairness.selection_rate', each: 'group', comparison: { op: 'atMost', limit: 1 } })
  const rate = (attribute: string): Measurement => ({
    metric: 'fairness.selection_rate',
    attribute,
    group: 'A',
    value: 0.5,
  })
  const snapshots = [snapshot(0, [ratio(shrunk), rate('sex'), rate('race')]), snapshot(1, [ratio(shown)])]
  const world = { rulebook: rulebook([policy([rule])]), snapshots }
  assert.deepEqual(outcomes(world), ['race=A pass', 'sex=A warn sample'])
})
