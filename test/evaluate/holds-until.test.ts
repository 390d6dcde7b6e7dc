// Until which instant a judgement holds by itself: the next staleness, waiver or review boundary.
import assert from 'node:assert/strict'
import test from 'node:test'
import { formatInstant } from '../../engine/domain/instant.ts'
import type { Policy, Waiver } from '../../engine/domain/policy.ts'
import { judge } from './judge-world.ts'
import { auc, cardRule, logicRule, metricRule, policy, rulebook, snapshot, waiver } from './small-world.ts'

const AUC = metricRule({ metric: 'performance.auc', comparison: { op: 'atLeast', limit: 0.7 } })
const LATE = { staleAfter: { amount: 48, unit: 'h' } } as const
const VERY_LATE = { staleAfter: { amount: 1, unit: 'h' } } as const
const free = logicRule({ '<': [{ var: 'metrics.performance.auc' }, 0.7] })

function holdsUntil(policies: readonly Policy[], waivers: readonly Waiver[] = []): string {
  const [judgement] = judge({ rulebook: rulebook(policies, { waivers }), snapshots: [snapshot(0, [auc(0.9)])] })
  const until = judgement?.holdsUntil ?? 0
  return Number.isFinite(until) ? formatInstant(until) : 'for ever'
}

const days = (limit: number) => policy([cardRule('review.last', { op: 'withinDays', limit })])
const TABLE: readonly [what: string, policies: readonly Policy[], waivers: readonly Waiver[], until: string][] = [
  ['nothing that ages', [policy([AUC])], [], 'for ever'],
  ['a fresh measurement: the last second at which it is fresh', [policy([AUC], LATE)], [], '2026-11-24T00:00:00Z'],
  ['a stale measurement: it stays so', [policy([AUC], VERY_LATE)], [], 'for ever'],
  ['a free-form rule ages as well', [policy([free], LATE)], [], '2026-11-24T00:00:00Z'],
  ['a review in time: the last second of its last local day', [days(150)], [], '2026-11-28T02:59:59Z'],
  ['a review that is late: it stays so', [days(10)], [], 'for ever'],
  ['a waiver in force: the last second of `expires`', [policy([AUC])], [waiver()], '2026-12-01T02:59:59Z'],
  [
    'a waiver to come: the second before `issued`',
    [policy([AUC])],
    [waiver({ issued: '2026-11-25' })],
    '2026-11-25T02:59:59Z',
  ],
  ['a waiver that is over', [policy([AUC])], [waiver({ expires: '2026-11-20' })], 'for ever'],
  ['a waiver of another model', [policy([AUC])], [waiver({ model: 'n' })], 'for ever'],
  ['the first of several', [days(150), policy([AUC], { ...LATE, id: 'q' })], [waiver()], '2026-11-24T00:00:00Z'],
]
for (const [what, policies, waivers, until] of TABLE) {
  test(`${what}: ${until}`, () => assert.equal(holdsUntil(policies, waivers), until))
}
