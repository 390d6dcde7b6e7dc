import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadRulebook } from '../../engine/load/load-rulebook.ts'
import { metricsById } from '../../engine/observe/metrics/catalogue.ts'
import { type MemoryFile, memoryTree } from '../memory-tree.ts'
import { ENFORCEMENT, POLICY, placed, policyWith, SOUND_FILES } from './sound-files.ts'

const load = (files: Readonly<Record<string, MemoryFile>>) => loadRulebook(memoryTree(files), { metrics: metricsById })
const withPolicy = (policy: string) => load({ ...SOUND_FILES, 'policies/drift.yaml': policy })

describe('limits that contradict', () => {
  const other = (selector: string, limit: string) => ({
    'policies/other.yaml': POLICY.replace('id: drift', 'id: other')
      .replace('require:', `appliesTo: ${selector}\nrequire:`)
      .replace('atMost: 0.25', limit),
    'policies/enforcement/production.yaml': ENFORCEMENT.replace('}', ', other: advisory }'),
  })
  const cases: { name: string; selector: string; own?: string; expected: string[] }[] = [
    { name: 'across policies that apply to one model', selector: '{}', expected: ['9:5 load/contradiction'] },
    { name: 'not between tiers', selector: '{ risk.tier: low }', own: '{ risk.tier: [high, critical] }', expected: [] },
    {
      name: 'between tiers that overlap',
      selector: '{ risk.tier: [low, high] }',
      own: '{ risk.tier: [high, critical] }',
      expected: ['9:5 load/contradiction'],
    },
    {
      name: 'not where one excludes what the other selects',
      selector: '{ risk.tier: low }',
      own: '{ not: { risk.tier: [low, medium] } }',
      expected: [],
    },
    {
      name: 'where the exclusion is narrower',
      selector: '{ risk.tier: low }',
      own: '{ not: { risk.tier: low, stage: retired } }',
      expected: ['9:5 load/contradiction'],
    },
  ]
  for (const { name, selector, own, expected } of cases) {
    test(name, () => {
      const drift = own === undefined ? POLICY : POLICY.replace('require:', `appliesTo: ${own}\nrequire:`)
      const files = { ...SOUND_FILES, 'policies/drift.yaml': drift, ...other(selector, 'between: [0.3, 0.4]') }
      assert.deepEqual(placed(load(files).diagnostics), expected)
    })
  }
  test('not on another definition of the metric', () => {
    const files = { ...SOUND_FILES, ...other('{}', 'between: [0.3, 0.4]\n    definition: evidently') }
    assert.deepEqual(load(files).diagnostics, [])
  })
  test('lists of a card rule', () => {
    const rules =
      '  - { id: a, card: risk.domain, oneOf: [credit] }\n  - { id: b, card: risk.domain, noneOf: [credit, fraud] }\n'
    assert.deepEqual(placed(withPolicy(policyWith(rules)).diagnostics), ['9:5 load/contradiction'])
  })
})
