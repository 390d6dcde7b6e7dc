// 10⁷ rule evaluations in memory: 1,000 rules over 10,000 models with one snapshot each. CPU seconds of this process,
// once with no failure and once with 12 % of them.
import assert from 'node:assert/strict'
import type { LoadedCard } from '../../engine/domain/model-card.ts'
import type { LiveSnapshot, Measurement } from '../../engine/domain/snapshot.ts'
import { compileRulebook } from '../../engine/evaluate/compile.ts'
import { judgeModel } from '../../engine/evaluate/judge.ts'
import { card, METRIC_LIST, metricRule, NOW, policy, rulebook } from '../evaluate/small-world.ts'

const RULES = 1000
const MODELS = 10_000
const METRICS = ['performance.auc', 'sla.error_rate']

for (const share of [0, 0.12]) {
  const rules = Array.from({ length: RULES }, (_, i) =>
    metricRule({
      id: `r${i}`,
      metric: METRICS[i % METRICS.length] ?? '',
      comparison: { op: 'atLeast', limit: i < RULES * share ? 0.9 : 0.2 },
    }),
  )
  const compiled = compileRulebook(rulebook([policy(rules)]), { metrics: METRIC_LIST, language: 'en' })
  const before = process.cpuUsage()
  let fails = 0
  for (let i = 0; i < MODELS; i++) fails += failsOf(compiled, card({ id: `m${i}` }), i)
  const { user, system } = process.cpuUsage(before)
  assert.equal(fails, RULES * share * MODELS)
  const seconds = (user + system) / 1e6
  process.stdout.write(`${RULES * MODELS} evaluations, ${fails} fail: ${seconds.toFixed(2)} CPU s (aim < 5)\n`)
}

function failsOf(compiled: ReturnType<typeof compileRulebook>, loaded: LoadedCard, seed: number): number {
  const modelId = loaded.card.id
  const history = { windows: () => [snapshotOf(seed)] }
  const judged = judgeModel(compiled, { modelId, loaded, history, invalid: false, now: NOW, keep: 'not-pass' })
  return judged.reduce((sum, { verdict }) => sum + verdict.counts.fail, 0)
}

function snapshotOf(seed: number): LiveSnapshot {
  const end = NOW - 21_600_000
  const values: Readonly<Record<string, readonly Measurement[]>> = Object.fromEntries(
    METRICS.map((metric, i) => [metric, [{ metric, value: 0.5 + ((seed * 31 + i) % 300) / 1000, n: 1000 }]]),
  )
  return {
    digest: `sha256:${String(seed).padStart(64, '0')}`,
    window: { start: '2026-11-21T00:00:00Z', end: '2026-11-22T00:00:00Z' },
    start: end - 86_400_000,
    end,
    file: 'models/snapshots/s.ndjson',
    line: 1,
    measurementsOf: (metric) => values[metric],
  }
}
