// From a tool's numbers to a snapshot's: definitions apart, own metrics by declaration, small groups by size alone.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Metric } from '../../../engine/domain/metric.ts'
import { customId, declarationOf } from '../../../engine/observe/importers/custom-metric.ts'
import { feature, type ImportedMeasurement, MODEL } from '../../../engine/observe/importers/imported.ts'
import { snapshotMeasurements } from '../../../engine/observe/importers/snapshot-measurements.ts'

const one = (more: Partial<ImportedMeasurement>): ImportedMeasurement => ({
  metric: 'performance.accuracy',
  subject: MODEL,
  value: 0.5,
  reason: null,
  worse: null,
  definition: 'tool',
  ...more,
})
const declared = (id: string): Metric => ({
  id,
  title: { pt: id, en: id },
  family: 'custom',
  subject: 'model',
  unit: 'number',
  range: [null, null],
  worse: 'none',
  definition: id,
  source: 'governance.yaml',
})

function kept(list: readonly ImportedMeasurement[], { metrics = {}, tool = 'tool', shape = 'tool-x' } = {}) {
  return snapshotMeasurements({ tool, shape }, Object.freeze(list), { metrics, minimumGroupSize: 10 })
}

const IDS: readonly (readonly [string, string])[] = [
  ['evidently.Max Value', 'custom.evidently.max_value'],
  ['evidently.Kullback-Leibler divergence', 'custom.evidently.kullback_leibler_divergence'],
  ['mlflow.perda_média', 'custom.mlflow.perda_media'],
  ['mlflow.収入', 'custom.mlflow.u53ce_u5165'],
  ['great_expectations.x.observed_value', 'custom.great_expectations.x.observed_value'],
  ["deepchecks.Cramer's V", 'custom.deepchecks.cramer_s_v'],
  ['a..b.', 'custom.a.b'],
]
for (const [name, id] of IDS) {
  test(`\`${name}\` is called \`${id}\``, () => {
    assert.equal(customId(name), id)
    assert.match(id, /^custom\.[a-z0-9_]+(\.[a-z0-9_]+)*$/)
  })
}

test('a metric that is not declared is left out, with the line that would keep it', () => {
  const measurement = one({ metric: 'custom', name: 'evidently.t_test', subject: feature('a'), worse: 'low' })
  const { measurements, leftOut } = kept([measurement, measurement])
  assert.deepEqual(measurements, [])
  const line =
    'custom.evidently.t_test: { title: { pt: "evidently.t_test", en: "evidently.t_test" }, unit: number, worse: down, subject: feature }'
  assert.deepEqual(leftOut, [{ why: 'undeclared', count: 2, declare: [line] }])
  assert.equal(declarationOf(measurement), line)
})

test('a declared one is kept under its id, with the definition of the tool', () => {
  const metrics = { 'custom.mlflow.loss': declared('custom.mlflow.loss') }
  const { measurements } = kept([one({ metric: 'custom', name: 'mlflow.loss', definition: 'mlflow' })], { metrics })
  assert.deepEqual(measurements, [{ metric: 'custom.mlflow.loss', value: 0.5, definition: 'mlflow' }])
})

test('a name from the prototype is not declared by that', () => {
  assert.equal(kept([one({ metric: 'custom', name: 'constructor' })]).leftOut[0]?.why, 'undeclared')
})

const rate = (group: Readonly<Record<string, string>>, n?: number) =>
  one({ metric: 'fairness.tpr', subject: { kind: 'group', group }, ...(n === undefined ? {} : { n }) })

test('of a small group only the size is told; of one whose size is unknown nothing', () => {
  const { measurements, leftOut } = kept([rate({ sex: 'F' }, 10), rate({ sex: 'M' }, 9), rate({ sex: 'X' })], {
    tool: 'fairlearn',
  })
  const size = (group: string, n: number) => ({
    metric: 'fairness.group_size',
    attribute: 'sex',
    group,
    value: n,
    n,
    definition: 'fairlearn:count',
  })
  assert.deepEqual(measurements, [
    size('F', 10),
    size('M', 9),
    { metric: 'fairness.tpr', attribute: 'sex', group: 'F', value: 0.5, n: 10, definition: 'tool' },
  ])
  assert.deepEqual(leftOut, [
    { why: 'small-group', count: 1 },
    { why: 'group-size-unknown', count: 1 },
  ])
})

test('a pair of groups is one subject', () => {
  assert.equal(kept([rate({ sex: 'F', race: 'B' }, 20)]).measurements[0]?.group, 'sex=F|race=B')
})

test('a mean |SHAP| over a handful of rows is not kept', () => {
  const shap = (n: number) => one({ metric: 'explain.mean_abs_shap', subject: feature('a'), n })
  assert.deepEqual(kept([shap(9)]).leftOut, [{ why: 'small-group', count: 1 }])
  assert.equal(kept([shap(10)]).measurements.length, 1)
})

test('a signed difference is of the attribute; its group and part are of the definition', () => {
  const difference = one({
    metric: 'fairness.disparate_impact',
    subject: { kind: 'group', group: { Gender: '0' } },
    definition: 'sagemaker-clarify:DI',
    part: 'post_training_bias_metrics',
  })
  assert.deepEqual(kept([difference]).measurements, [
    {
      metric: 'fairness.disparate_impact',
      attribute: 'Gender',
      value: 0.5,
      definition: 'sagemaker-clarify:DI/post_training_bias_metrics/Gender=0',
    },
  ])
})

test('what Evidently counted as missing up to 0.6 is a definition of its own', () => {
  const missing = [one({ metric: 'data.missing_share', subject: feature('a'), definition: 'evidently' })]
  assert.equal(kept(missing, { shape: 'evidently-report' }).measurements[0]?.definition, 'evidently:infinities-missing')
  assert.equal(kept(missing, { shape: 'evidently-snapshot' }).measurements[0]?.definition, 'evidently')
})

test('a band of three sampling errors says its level', () => {
  const [estimate] = kept([one({ metric: 'performance.estimated_auc', low: 0.4, high: 0.6 })]).measurements
  assert.deepEqual([estimate?.interval, estimate?.level], [[0.4, 0.6], 0.9973])
})

test('a series of Prometheus that names an endpoint is of that endpoint', () => {
  const [sla] = kept([one({ metric: 'sla.error_rate', labels: { path: '/v1/score' } })]).measurements
  assert.equal(sla?.endpoint, '/v1/score')
})

test('a name that a snapshot cannot hold is left out', () => {
  for (const name of ['', ' ', 'a\u001b[31m', 'x'.repeat(1001)]) {
    assert.deepEqual(kept([one({ metric: 'drift.psi', subject: feature(name) })]).leftOut, [{ why: 'name', count: 1 }])
  }
})

test('a value that rounding put past a bound is the bound', () => {
  assert.equal(kept([one({ value: 1 + 1e-12 })]).measurements[0]?.value, 1)
})

test('the order of the source changes nothing', () => {
  const list = [
    one({}),
    one({ metric: 'drift.psi', subject: feature('b') }),
    one({ metric: 'drift.psi', subject: feature('a') }),
  ]
  assert.deepEqual(kept(list), kept(list.toReversed()))
})
