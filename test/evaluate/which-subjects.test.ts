// Which subjects `each: feature` and `each: protected` judge: those the metric is defined for, and those measured all the same.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Measurement } from '../../engine/domain/snapshot.ts'
import { outcomes, type World } from './judge-world.ts'
import { card, metricRule, policy, rulebook, snapshot } from './small-world.ts'

const KS = rulebook([
  policy([metricRule({ metric: 'drift.ks_p', each: 'feature', comparison: { op: 'atLeast', limit: 0.05 } })]),
])
const OTHER_PSI = rulebook([
  policy([
    metricRule({
      metric: 'drift.psi',
      each: 'feature',
      definition: 'other',
      comparison: { op: 'atMost', limit: 0.2 },
    }),
  ]),
])
const ATTRIBUTE_PSI = rulebook([
  policy([metricRule({ metric: 'drift.psi', each: 'protected', comparison: { op: 'atMost', limit: 0.2 } })]),
])
const RATIO = rulebook([
  policy([
    metricRule({
      metric: 'fairness.demographic_parity_ratio',
      each: 'protected',
      comparison: { op: 'atLeast', limit: 0.8 },
    }),
  ]),
])
/** Numbers, categories and a text, of which only numbers have a KS statistic. */
const MIXED = card({
  data: {
    kind: 'binary',
    prediction: 'y',
    features: [
      { name: 'income', type: 'number', min: 0 },
      { name: 'age', type: 'number' },
      { name: 'region', type: 'category' },
      { name: 'note', type: 'text' },
    ],
    protected: [{ name: 'sex' }, { name: 'age' }],
  },
})
const psi = (feature: string, value: number, more: Partial<Measurement> = {}): Measurement => ({
  metric: 'drift.psi',
  feature,
  value,
  ...more,
})
const ks = (feature: string, value: number): Measurement => ({ metric: 'drift.ks_p', feature, value })
const ratio = (attribute: string, value: number): Measurement => ({
  metric: 'fairness.demographic_parity_ratio',
  attribute,
  value,
})
interface Sentence extends World {
  readonly says: string
  readonly expected: readonly string[]
}

const SENTENCES: readonly Sentence[] = [
  {
    says: 'a feature of another kind than the metric is no missing data, one of its kind is',
    rulebook: KS,
    loaded: MIXED,
    snapshots: [snapshot(0, [ks('income', 0.5)])],
    expected: ['age error missing', 'income pass'],
  },
  {
    says: 'a feature of another kind counts where it is measured all the same',
    rulebook: KS,
    loaded: MIXED,
    snapshots: [snapshot(1, [ks('note', 0.5)]), snapshot(0, [ks('income', 0.5), ks('age', 0.5), ks('region', 0.01)])],
    expected: ['age pass', 'income pass', 'region fail'],
  },
  {
    says: 'features that are all of another kind are a skip, whatever `onMissing` says',
    rulebook: KS,
    loaded: card({ data: { kind: 'binary', prediction: 'y', features: [{ name: 'region', type: 'category' }] } }),
    snapshots: [snapshot(0, [ks('income', 0.5)])],
    expected: ['- skip missing'],
  },
  {
    says: 'a definition may be of fewer features than its metric',
    rulebook: OTHER_PSI,
    loaded: MIXED,
    snapshots: [snapshot(0, [psi('income', 0.1, { definition: 'other' }), psi('region', 0.9)])],
    expected: ['income pass'],
  },
  {
    says: 'drift of a protected attribute is measured as of a feature, and missing data where it is not',
    rulebook: ATTRIBUTE_PSI,
    loaded: MIXED,
    snapshots: [snapshot(0, [psi('sex', 0.3), psi('income', 0.9)])],
    expected: ['age error missing', 'sex fail'],
  },
  {
    says: 'a pair of protected attributes is judged where it is measured, and is no missing data',
    rulebook: RATIO,
    loaded: MIXED,
    snapshots: [snapshot(0, [ratio('sex', 0.9), ratio('age', 0.9), ratio('sex × age', 0.3), ratio('sex × shoe', 0.1)])],
    expected: ['age pass', 'sex pass', 'sex × age fail'],
  },
  {
    says: 'a pair of an earlier window is not missed in the newest',
    rulebook: RATIO,
    loaded: MIXED,
    snapshots: [snapshot(1, [ratio('sex × age', 0.3)]), snapshot(0, [ratio('sex', 0.9), ratio('age', 0.9)])],
    expected: ['age pass', 'sex pass'],
  },
]

for (const { says, expected, ...world } of SENTENCES) {
  test(says, () => assert.deepEqual(outcomes(world), expected))
}
