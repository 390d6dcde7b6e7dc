// Metrics of one's own, declared in governance.yaml: rules may use them and snapshots hold them, like those of the catalogue.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { command as check } from '../../engine/commands/check.ts'
import { command as plan } from '../../engine/commands/plan.ts'
import { ask, FILES } from '../commands/reading-world.ts'

const DECLARED = `${FILES['policies/governance.yaml']}metrics:
  custom.complaints: { title: { pt: Reclamações, en: Complaints }, unit: count, worse: up, range: [0, null] }
`
const policy = (metric: string) => `apiVersion: tutela/v1
kind: Policy
id: complaints
title: Few complain
owner: "team:risk-committee"
severity: high
require:
  - { id: few, metric: ${metric}, atMost: 10 }
`
const snapshot = (value: number) =>
  `${JSON.stringify({
    apiVersion: 'tutela/v1',
    kind: 'Snapshot',
    model: 'credit-default',
    version: '3.2.0',
    environment: 'production',
    purpose: 'monitoring',
    window: { start: '2026-11-21T01:00:00Z', end: '2026-11-22T00:00:00Z' },
    source: { tool: 'desk', version: '1', digest: `sha256:${'1'.repeat(64)}` },
    measurements: [{ metric: 'custom.complaints', value }],
  })}\n`

const files = (governance: string, metric: string, value: number) => ({
  ...FILES,
  'policies/governance.yaml': governance,
  'policies/complaints.yaml': policy(metric),
  'models/snapshots/2026/11/21T01/credit-default.desk.ndjson': snapshot(value),
})

async function codes(governance: string, metric: string, value: number) {
  const { diagnostics = [] } = await ask(check, { files: files(governance, metric, value) })
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ code, hint }) => `${code} ${hint}`)
}

describe('a declared metric', () => {
  test('is known to rules and snapshots, and judged', async () => {
    assert.deepEqual(await codes(DECLARED, 'custom.complaints', 12), [])
    const { json } = await ask(plan, { files: files(DECLARED, 'custom.complaints', 12) })
    const { findings } = json as { findings: { policy: string; outcome: string; value: number; unit: string }[] }
    const finding = findings.find((one) => one.policy === 'complaints')
    assert.deepEqual([finding?.outcome, finding?.value, finding?.unit], ['fail', 12, 'count'])
  })

  test('keeps to its range', async () => {
    assert.match((await codes(DECLARED, 'custom.complaints', -1)).join(), /load\/out-of-range/)
  })
})

test('one that nobody declared is an error in the rule and in the snapshot, and a slip is told', async () => {
  const undeclared = await codes(FILES['policies/governance.yaml'] ?? '', 'custom.complaints', 1)
  assert.equal(undeclared.filter((text) => text.startsWith('load/unknown-metric')).length >= 1, true)
  assert.match((await codes(DECLARED, 'custom.complaint', 1)).join(), /did you mean `custom\.complaints`\?/)
})
