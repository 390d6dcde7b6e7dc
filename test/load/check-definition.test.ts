// `definition` of a rule: known ones load, a slip is an error, and one that nobody knows is a warning.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MetricRule } from '../../engine/domain/policy.ts'
import { definitionProblem } from '../../engine/load/check-definition.ts'
import { loadRulebook } from '../../engine/load/load-rulebook.ts'
import { TOOLS } from '../../engine/observe/importers/tools.ts'
import { findMetric, METRICS, metricsById } from '../../engine/observe/metrics/catalogue.ts'
import { memoryTree } from '../memory-tree.ts'
import { policyWith, SOUND_FILES } from './sound-files.ts'

const loaded = (definition: string) => {
  const rule = `  - { id: a, metric: drift.psi, each: feature, atMost: 0.2, definition: "${definition}" }\n`
  const { policies, diagnostics } = loadRulebook(
    memoryTree({ ...SOUND_FILES, 'policies/drift.yaml': policyWith(rule) }),
    { metrics: metricsById },
  )
  return { rule: policies[0]?.rules[0] as MetricRule | undefined, diagnostics }
}

test('a definition of the catalogue loads without a word, with its variants and other parameters', () => {
  for (const definition of ['psi/evidently/values-or-sturges', 'psi/reference-deciles/eps=1e-4', 'psi/popmon/plus=2']) {
    const { rule, diagnostics } = loaded(definition)
    assert.deepEqual(diagnostics, [], definition)
    assert.equal(rule?.definition, definition)
  }
  for (const metric of METRICS) {
    for (const { definition } of [metric, ...(metric.variants ?? [])]) {
      assert.equal(definitionProblem(metric, definition), null, definition)
    }
  }
})

test('a slip is an error at the definition, with the one that is meant', () => {
  const { rule, diagnostics } = loaded('psi/evidently/values-or-sturgis')
  assert.equal(rule, undefined)
  const [only] = diagnostics
  assert.deepEqual(
    [diagnostics.length, only?.severity, only?.code, only?.hint],
    [1, 'error', 'load/unknown-definition', 'did you mean `psi/evidently/values-or-sturges`?'],
  )
})

test('one that nobody here measures is a warning that lists those there are, and the rule stays', () => {
  const { rule, diagnostics } = loaded('foo')
  assert.equal(rule?.definition, 'foo')
  const [only] = diagnostics
  assert.deepEqual([diagnostics.length, only?.severity], [1, 'warning'])
  assert.match(only?.hint ?? '', /`psi\/reference-deciles\/eps=1e-4`.*`psi\/deepchecks\/min=0\.01`/)
})

test('the definitions of every importer are left to it', () => {
  const psi = findMetric('drift.psi')
  assert.ok(psi)
  for (const tool of TOOLS.keys()) {
    const word = tool.replace('great-expectations', 'great_expectations')
    assert.equal(definitionProblem(psi, `${word}:anything`), null, tool)
  }
  assert.notEqual(definitionProblem(psi, 'evidentlyish'), null)
})
