// `warnAt` beside limits and changes, and what is told of a rule that breaks its schema.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadRulebook } from '../../engine/load/load-rulebook.ts'
import { metricsById } from '../../engine/observe/metrics/catalogue.ts'
import { memoryTree } from '../memory-tree.ts'
import { placed, policyWith, SOUND_FILES } from './sound-files.ts'

const loadRule = (rule: string) => {
  const files = { ...SOUND_FILES, 'policies/drift.yaml': policyWith(`  - ${rule}\n`) }
  return loadRulebook(memoryTree(files), { metrics: metricsById })
}

const cases: readonly { readonly name: string; readonly rule: string; readonly expected: readonly string[] }[] = [
  {
    name: 'a warning before a change, in its unit',
    rule: '{ id: a, metric: performance.auc, versus: baseline, dropsAtMost: 5%, warnAt: 2% }',
    expected: [],
  },
  {
    name: 'a warning before a change, in another unit',
    rule: '{ id: a, metric: performance.auc, versus: baseline, dropsAtMost: 5%, warnAt: 0.02 }',
    expected: ['8:82 load/warn-at'],
  },
  {
    name: 'a warning after the failure of a change',
    rule: '{ id: a, metric: performance.auc, versus: baseline, dropsAtMost: 5%, warnAt: 5% }',
    expected: ['8:82 load/warn-at'],
  },
  {
    name: 'a warning in percent beside a number',
    rule: '{ id: a, metric: performance.auc, atLeast: 0.7, warnAt: 75% }',
    expected: ['8:61 load/warn-at'],
  },
  {
    name: 'an unknown metric beside an unknown field',
    rule: '{ id: a, metric: performance.acu, atleast: 0.7 }',
    expected: ['8:22 load/unknown-metric', '8:39 load/unknown-field'],
  },
  {
    name: 'an unknown field of the card beside an unknown field',
    rule: '{ id: a, card: risk.teir, present: true, bogus: 1 }',
    expected: ['8:20 load/unknown-card-field', '8:46 load/unknown-field'],
  },
]
for (const { name, rule, expected } of cases) {
  test(name, () => assert.deepEqual(placed(loadRule(rule).diagnostics), expected))
}

test('a warning in percent is a share, as the change beside it', () => {
  const [rule] =
    loadRule('{ id: a, metric: performance.auc, versus: baseline, dropsAtMost: 5%, warnAt: 2% }').policies[0]?.rules ??
    []
  assert.equal(rule?.form === 'metric' ? rule.warnAt : undefined, 0.02)
})
