// Waivers: when they hold, what they excuse, which are unused, and that no two may match.
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Waiver } from '../../engine/domain/policy.ts'
import { indexWaivers, unusedWaivers, waiverDiagnostics } from '../../engine/evaluate/waivers.ts'
import { judge } from './judge-world.ts'
import { auc, metricRule, NOW, policy, rulebook, snapshot, waiver } from './small-world.ts'

const RULES = [
  metricRule({ metric: 'drift.psi', each: 'feature', comparison: { op: 'atMost', limit: 0.2 } }),
  metricRule({ id: 'auc', metric: 'performance.auc', comparison: { op: 'atLeast', limit: 0.7 } }),
]
const SNAPSHOTS = [
  snapshot(0, [
    { metric: 'drift.psi', feature: 'income', value: 0.3 },
    { metric: 'drift.psi', feature: 'age', value: 0.4 },
    auc(null),
  ]),
]

function waived(waivers: readonly Waiver[], now = NOW, timeZone = 'America/Sao_Paulo') {
  const book = rulebook([policy(RULES)], { waivers, timeZone })
  const [judgement] = judge({ rulebook: book, snapshots: SNAPSHOTS, now })
  return judgement?.findings.filter((f) => f.waiver !== undefined).map((f) => `${f.subject?.feature} ${f.waiver?.id}`)
}

const TABLE: readonly [what: string, waiver: Partial<Waiver>, expected: readonly string[]][] = [
  ["without a subject it covers the rule's every subject", {}, ['age w', 'income w']],
  ['with a subject it covers that one', { subject: 'income' }, ['income w']],
  ['a subject is compared as a whole', { subject: 'inc' }, []],
  ['of another rule it covers nothing', { rule: 'other' }, []],
  ['of another policy it covers nothing', { policy: 'other' }, []],
  ['of another model it covers nothing', { model: 'n' }, []],
  ['of missing data it excuses nothing', { rule: 'auc' }, []],
  ['the first day is included', { issued: '2026-11-22', expires: '2026-12-01' }, ['age w', 'income w']],
  ['the last day is included', { issued: '2026-11-01', expires: '2026-11-22' }, ['age w', 'income w']],
  ['it does not hold before', { issued: '2026-11-23', expires: '2026-12-01' }, []],
  ['it does not hold after', { issued: '2026-11-01', expires: '2026-11-21' }, []],
]
for (const [what, more, expected] of TABLE) {
  test(what, () => assert.deepEqual(waived([waiver(more)]), expected))
}

test("days are those of the institution's time zone", () => {
  const last = [waiver({ issued: '2026-11-01', expires: '2026-11-22' })]
  const lateEvening = Date.parse('2026-11-23T02:59:59Z')
  assert.equal(waived(last, lateEvening)?.length, 2)
  assert.equal(waived(last, lateEvening + 1000)?.length, 0)
  assert.equal(waived(last, lateEvening, 'UTC')?.length, 0)
})

test('a waived fail stays a fail that says so, and the verdict counts it as a warning', () => {
  const book = rulebook([policy(RULES.slice(0, 1))], { waivers: [waiver()] })
  const [judgement] = judge({ rulebook: book, snapshots: SNAPSHOTS })
  assert.deepEqual(
    judgement?.findings.map((f) => [f.outcome, f.waiver]),
    [
      ['fail', { id: 'w', expires: '2026-11-30' }],
      ['fail', { id: 'w', expires: '2026-11-30' }],
    ],
  )
  const { outcome, blocks, demand, counts } = judgement?.verdict ?? {}
  assert.deepEqual(
    { outcome, blocks, demand, counts },
    {
      outcome: 'warn',
      blocks: false,
      demand: 'none',
      counts: { pass: 0, warn: 2, fail: 0, error: 0, skip: 0 },
    },
  )
})

test('waivers in force that no finding carries are unused; others are not spoken of', () => {
  const list = [
    waiver({ id: 'used' }),
    waiver({ id: 'idle', rule: 'auc' }),
    waiver({ id: 'gone', expires: '2026-11-10' }),
    waiver({ id: 'later', issued: '2026-11-25' }),
  ]
  const unused = unusedWaivers(indexWaivers(list, 'America/Sao_Paulo'), new Set(['used']), NOW)
  assert.deepEqual(
    unused.map((w) => w.id),
    ['idle'],
  )
})

const PAIRS: readonly [what: string, second: Partial<Waiver>, count: number][] = [
  ['the same days', {}, 1],
  ['a shared day', { issued: '2026-11-30', expires: '2026-12-20' }, 1],
  ['no shared day', { issued: '2026-12-01', expires: '2026-12-20' }, 0],
  ['another rule', { rule: 'auc' }, 0],
  ['a subject, where the first covers all', { subject: 'income' }, 1],
]
for (const [what, second, count] of PAIRS) {
  test(`two waivers of one rule with ${what}: ${count} diagnostics`, () => {
    const found = waiverDiagnostics([waiver({ id: 'a' }), waiver({ id: 'b', ...second })])
    assert.equal(found.length, count)
    for (const diagnostic of found) assert.match(diagnostic.message, /`a` and `b`/)
  })
}

test('two waivers of different subjects may hold on the same days', () => {
  const pair = [waiver({ id: 'a', subject: 'income' }), waiver({ id: 'b', subject: 'age' })]
  assert.deepEqual(waiverDiagnostics(pair), [])
  assert.deepEqual(waived(pair), ['age b', 'income a'])
})
