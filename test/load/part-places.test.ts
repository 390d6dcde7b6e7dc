// What is wrong inside an expression or a message is told at its own line, not where the field begins.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkRulebook } from '../../engine/evaluate/check-rulebook.ts'
import { loadRulebook } from '../../engine/load/load-rulebook.ts'
import { metricsById } from '../../engine/observe/metrics/catalogue.ts'
import { memoryTree } from '../memory-tree.ts'
import { policyWith, SOUND_FILES } from './sound-files.ts'

const RULES = `  - id: free
    failsWhen:
      and:
        - "<": [{ var: metrics.performance.acu }, 0.7]
        - or:
            - { "=>": [{ var: metrics.performance.auc }, 1] }
            - ">":
                - var: metrics.performance.auc
                - high
  - id: constant
    failsWhen: { "==": [1, 1] }
message:
  pt: "{valor} {value}"
  en: |
    {value}
    {limt}
`

test('each part of an expression and each message is told at its own place', () => {
  const text = policyWith(RULES)
  const tree = memoryTree({ ...SOUND_FILES, 'policies/drift.yaml': text })
  const rulebook = loadRulebook(tree, { metrics: metricsById })
  const lines = text.split('\n')
  const told = checkRulebook(rulebook, metricsById).map(({ line, column, code }) => [
    code.replace('evaluate/', ''),
    lines[line - 1]?.slice(column - 1).split(/[ ,:]/)[0],
  ])
  assert.deepEqual(told, [
    ['unknown-variable', 'metrics.performance.acu'],
    ['unknown-operator', '"=>"'],
    ['mixed-types', '">"'],
    ['constant-expression', '{'],
    ['unknown-placeholder', 'pt'],
    ['unknown-placeholder', 'en'],
  ])
})
