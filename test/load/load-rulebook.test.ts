import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { MetricRule } from '../../engine/domain/policy.ts'
import { loadRulebook } from '../../engine/load/load-rulebook.ts'
import { metricsById } from '../../engine/observe/metrics/catalogue.ts'
import { type MemoryFile, memoryTree } from '../memory-tree.ts'
import { GOVERNANCE, placed, policyWith, SOUND_FILES } from './sound-files.ts'

const load = (files: Readonly<Record<string, MemoryFile>>) => loadRulebook(memoryTree(files), { metrics: metricsById })
const withPolicy = (policy: string) => load({ ...SOUND_FILES, 'policies/drift.yaml': policy })
const ruleOf = (text: string) => withPolicy(policyWith(text)).policies[0]?.rules[0]

describe('a sound repository', () => {
  test('loads without a word', () => assert.deepEqual(load(SOUND_FILES).diagnostics, []))

  test('has the defaults that need no server', () => {
    const { governance } = load({
      ...SOUND_FILES,
      'policies/governance.yaml': 'apiVersion: tutela/v1\nkind: Governance\ninstitution: { name: Caixa São João }\n',
    })
    assert.deepEqual(JSON.parse(JSON.stringify(governance)), {
      institution: {
        name: 'Caixa São João',
        type: 'other',
        timeZone: 'America/Sao_Paulo',
        languages: ['pt', 'en'],
        holidays: [],
      },
      minimumGroupSize: 10,
      people: {},
      record: { branch: null, signingKey: null, author: { name: 'Tutela', email: 'tutela@localhost' } },
      ledger: { origin: 'tutela.local/caixa-s-o-jo-o', key: null, raw: {} },
      forge: { kind: 'local' },
      channels: { file: { kind: 'file' } },
      routes: {},
      triggers: {},
      sql: { engine: 'duckdb' },
      metrics: {},
    })
  })

  test('`--config` stands for governance.yaml, in messages too', () => {
    const bytes = new TextEncoder().encode(GOVERNANCE.replace('institution', 'institutoin'))
    const rulebook = loadRulebook(memoryTree(SOUND_FILES), {
      metrics: metricsById,
      governance: { file: 'other.yaml', bytes },
    })
    assert.deepEqual([...new Set(rulebook.diagnostics.map(({ file }) => file))], ['other.yaml'])
  })

  test('keeps the place of each rule', () => {
    assert.deepEqual(load(SOUND_FILES).policies[0]?.rules[0]?.place, {
      file: 'policies/drift.yaml',
      line: 8,
      column: 5,
    })
  })
})

describe('a rule is read as', () => {
  const cases: { text: string; expected: Partial<MetricRule> }[] = [
    {
      text: '  - { id: a, metric: drift.psi, each: feature, below: 0.2 }',
      expected: { comparison: { op: 'below', limit: 0.2 }, each: 'feature', unit: 'nats' },
    },
    {
      text: '  - { id: a, metric: performance.ece, between: [0.01, 0.1] }',
      expected: { comparison: { op: 'between', limit: [0.01, 0.1] } },
    },
    {
      text: '  - { id: a, metric: performance.auc, versus: baseline, dropsAtMost: 5% }',
      expected: {
        comparison: null,
        versus: { kind: 'baseline' },
        change: { direction: 'drops', amount: 0.05, relative: true },
      },
    },
    {
      text: '  - { id: a, metric: performance.brier, versus: rolling 30 days, risesAtMost: 0.05 }',
      expected: {
        versus: { kind: 'rolling', days: 30 },
        change: { direction: 'rises', amount: 0.05, relative: false },
      },
    },
    {
      text: '  - { id: a, metric: drift.ks_p, each: feature, atLeast: 0.05, correction: none }',
      expected: { isPValue: true, correction: 'none' },
    },
    {
      text: '  - { id: a, metric: data.rows, atLeast: 9, failsAfter: 2 consecutive }',
      expected: { failsAfter: { kind: 'consecutive', count: 2 } },
    },
    {
      text: '  - { id: a, metric: data.rows, atLeast: 9, failsAfter: 3 of last 5 }',
      expected: { failsAfter: { kind: 'of-last', count: 3, of: 5 } },
    },
    {
      text: '  - { id: a, metric: data.rows, atLeast: 9, failsAfter: 2 within 7 days }',
      expected: { failsAfter: { kind: 'within-days', count: 2, days: 7 } },
    },
    {
      text: '  - { id: a, metric: data.rows, atLeast: 9, warnAt: 20, minSample: 5, confidence: 0.9, staleAfter: 3bd }',
      expected: { warnAt: 20, minSample: 5, confidence: 0.9, staleAfter: { amount: 3, unit: 'bd' } },
    },
  ]
  for (const { text, expected } of cases) {
    test(text.trim(), () => {
      const rule = ruleOf(`${text}\n`) as unknown as Record<string, unknown>
      for (const [name, value] of Object.entries(expected)) assert.deepEqual(rule[name], value, name)
    })
  }

  test('parameters by their values', () => {
    const { policies, diagnostics } = withPolicy(
      policyWith(
        '  - { id: a, metric: data.rows, atLeast: $least, warnAt: $near }\n  - { id: b, metric: performance.auc, versus: previous, dropsAtMost: $drop }\n',
        'params: { least: 100, near: 200, drop: 5% }\n',
      ),
    )
    assert.deepEqual(diagnostics, [])
    const [a, b] = (policies[0]?.rules ?? []) as readonly MetricRule[]
    assert.deepEqual(
      [a?.comparison, a?.warnAt, b?.change],
      [{ op: 'atLeast', limit: 100 }, 200, { direction: 'drops', amount: 0.05, relative: true }],
    )
  })
})

describe('what is wrong with a rule is told at its place', () => {
  const cases: { name: string; rule: string; head?: string; expected: string[] }[] = [
    {
      name: 'a metric for the whole model takes no `each`',
      rule: '{ id: a, metric: drift.share_drifted, each: feature, atMost: 0.2 }',
      expected: ['8:49 load/wrong-each'],
    },
    {
      name: 'a change needs `versus`',
      rule: '{ id: a, metric: performance.auc, dropsAtMost: 5% }',
      expected: ['8:39 load/versus'],
    },
    {
      name: '`versus` needs a change',
      rule: '{ id: a, metric: performance.auc, versus: baseline }',
      expected: ['8:5 load/no-limit'],
    },
    {
      name: 'a level and a change are two rules',
      rule: '{ id: a, metric: performance.auc, atLeast: 0.7, versus: baseline, dropsAtMost: 5% }',
      expected: ['8:71 load/several-limits'],
    },
    {
      name: 'a drop where up is worse',
      rule: '{ id: a, metric: performance.brier, versus: baseline, dropsAtMost: 5% }',
      expected: ['8:59 load/wrong-direction'],
    },
    {
      name: 'a drop by more than all there is',
      rule: '{ id: a, metric: performance.auc, versus: baseline, dropsAtMost: 100% }',
      expected: ['8:70 load/always-holds'],
    },
    { name: 'no limit at all', rule: '{ id: a, metric: performance.auc }', expected: ['8:5 load/no-limit'] },
    {
      name: 'two limits',
      rule: '{ id: a, metric: data.rows, atLeast: 1, above: 5 }',
      expected: ['8:45 load/several-limits'],
    },
    {
      name: 'an empty `between`',
      rule: '{ id: a, metric: performance.ece, between: [0.5, 0.1] }',
      expected: ['8:48 load/never-holds'],
    },
    {
      name: 'a share as a percentage',
      rule: '{ id: a, metric: performance.auc, above: 70 }',
      expected: ['8:46 load/never-holds'],
    },
    {
      name: 'a limit that every value keeps',
      rule: '{ id: a, metric: performance.auc, atLeast: 0 }',
      expected: ['8:48 load/always-holds'],
    },
    {
      name: 'the worst value alone is no limit',
      rule: '{ id: a, metric: data.range_violations, atMost: 0 }',
      expected: [],
    },
    {
      name: '`equals` beside a direction is allowed',
      rule: '{ id: a, metric: performance.auc, equals: 1 }',
      expected: [],
    },
    {
      name: 'a warning beside `between`',
      rule: '{ id: a, metric: performance.ece, between: [0.01, 0.1], warnAt: 0.05 }',
      expected: ['8:61 load/warn-at'],
    },
    {
      name: 'confidence in percent',
      rule: '{ id: a, metric: data.rows, atLeast: 5, confidence: 95 }',
      expected: ['8:57 load/out-of-range'],
    },
    {
      name: 'a sample of nothing',
      rule: '{ id: a, metric: data.rows, atLeast: 5, minSample: 0 }',
      expected: ['8:56 load/out-of-range'],
    },
    {
      name: 'more failures than windows',
      rule: '{ id: a, metric: data.rows, atLeast: 5, failsAfter: 6 of last 5 }',
      expected: ['8:57 load/never-holds'],
    },
    {
      name: 'a correction without p-values',
      rule: '{ id: a, metric: data.rows, atLeast: 5, correction: none }',
      expected: ['8:45 load/correction'],
    },
    {
      name: 'a parameter that is a text',
      rule: '{ id: a, metric: data.rows, atLeast: $x }',
      head: 'params: { x: many }\n',
      expected: ['9:42 load/parameter-type'],
    },
    {
      name: 'a parameter used in a free-form rule is used',
      rule: '{ id: a, failsWhen: { ">": [{ var: metrics.data.rows }, { var: params.x }] } }',
      head: 'params: { x: 1 }\n',
      expected: [],
    },
    {
      name: 'two forms at once',
      rule: '{ id: a, metric: data.rows, atLeast: 5, card: id }',
      expected: ['8:5 load/rule-form'],
    },
    { name: 'a test of another form', rule: '{ id: a, card: id, below: 5 }', expected: ['8:24 load/field-not-here'] },
    { name: 'a card rule without a test', rule: '{ id: a, card: owners }', expected: ['8:5 load/no-limit'] },
    {
      name: 'a value that no card has',
      rule: '{ id: a, card: risk.tier, oneOf: [high, hihg] }',
      expected: ['8:45 load/impossible-value'],
    },
    {
      name: 'days of what is no day',
      rule: '{ id: a, card: title, withinDays: 30 }',
      expected: ['8:27 load/wrong-test'],
    },
    {
      name: 'a number of what is a text',
      rule: '{ id: a, card: title, atMost: 30 }',
      expected: ['8:27 load/wrong-test'],
    },
    {
      name: 'open parts of a card may hold anything',
      rule: '{ id: a, card: retrain.dag, present: true }',
      expected: [],
    },
    { name: 'objectives are numbers', rule: '{ id: a, card: objectives.anything, atMost: 30 }', expected: [] },
    {
      name: 'lists may be named with or without brackets',
      rule: '{ id: a, card: deployment.environment, oneOf: [production] }',
      expected: [],
    },
    {
      name: 'absence of what every card has',
      rule: '{ id: a, card: title, present: false }',
      expected: ['8:36 load/never-holds'],
    },
  ]
  for (const { name, rule, head, expected } of cases) {
    test(name, () => assert.deepEqual(placed(withPolicy(policyWith(`  - ${rule}\n`, head)).diagnostics), expected))
  }
})
