import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AlertAudit } from '../../engine/ledger/audit-alerts.ts'
import type { AuditedEntry } from '../../engine/ledger/audit-groups.ts'
import type { AuditProblem } from '../../engine/ledger/audit-problem.ts'

type Told = readonly [kind: string, body: Readonly<Record<string, unknown>>]

const PLACE = { model: 'credit', environment: 'production' }
const OTHER = { model: 'fraud', environment: 'production' }

const failing = (ids: readonly string[], more: object = {}): Told => [
  'evaluation',
  {
    verdict: { ...PLACE, version: '1', outcome: 'fail' },
    findings: ids.map((id) => ({ id, outcome: 'fail', ...more })),
  },
]
const passing: Told = ['evaluation', { verdict: { ...PLACE, version: '1', outcome: 'pass' }, findings: [] }]
const notice = (place: object, state = 'sent'): Told => ['notice-sent', { ...place, state }]
const opened: Told = ['proposal-opened', { ...PLACE, proposal: 'p' }]
const closed: Told = ['proposal-closed', { proposal: 'p' }]

/** Where alerts were ignored: indexes of the entries of decisions. */
function ignored(
  groups: readonly (readonly Told[])[],
  pending: readonly { model: string; environment: string }[] = [],
) {
  const problems: AuditProblem[] = []
  const audit = new AlertAudit(pending, (problem) => problems.push(problem))
  let index = 0
  for (const [at, group] of groups.entries()) {
    const head = { at: '', run: String(at), commit: '' }
    const entries = group.map(([kind, body]): AuditedEntry => ({ ...head, index: index++, kind, body }))
    audit.see({ ...head, first: entries[0]?.index ?? 0, entries })
  }
  audit.finish()
  assert.ok(problems.every(({ code }) => code === 'audit/alert-ignored'))
  return problems.map(({ where }) => where)
}

describe('a decision that failed', () => {
  for (const [what, groups, expected] of [
    ['with nothing after it was ignored', [[failing(['a'])]], ['entry 0']],
    ['is answered by a notice of the next run', [[failing(['a'])], [notice(PLACE)]], []],
    ['is answered by a proposal', [[failing(['a'])], [opened]], []],
    ['is answered by a proposal that stood open', [[failing(['a'])], [opened], [failing(['a', 'b'])]], []],
    [
      'is not answered by one that ended before',
      [[failing(['a'])], [opened, closed], [failing(['a', 'b'])]],
      ['entry 3'],
    ],
    ['is not answered by a notice that was not sent', [[failing(['a'])], [notice(PLACE, 'failed')]], ['entry 0']],
    ['is not answered by a notice about another model', [[failing(['a'])], [notice(OTHER)]], ['entry 0']],
    ['is not answered by what was said before it', [[notice(PLACE), failing(['a'])]], ['entry 1']],
    [
      'that says what was answered needs no other answer',
      [[failing(['a', 'b'])], [notice(PLACE)], [failing(['a'])]],
      [],
    ],
    [
      'that comes again after a pass needs one',
      [[failing(['a'])], [notice(PLACE)], [passing], [failing(['a'])]],
      ['entry 3'],
    ],
    ['that is excused by a waiver needs none', [[failing(['a'], { waiver: 'w' })]], []],
    ['with a pass after it was ignored all the same', [[failing(['a'])], [passing]], ['entry 0']],
  ] as const) {
    test(what, () => assert.deepEqual(ignored(groups), expected))
  }

  test('is answered by what was delivered since the last run', () => {
    assert.deepEqual(ignored([[failing(['a'])]], [PLACE]), [])
    assert.deepEqual(ignored([[failing(['a'])]], [OTHER]), ['entry 0'])
  })

  test('whose findings are kept as a digest is asked for like any other', () => {
    const [kind, body] = failing([])
    const long: Told = [kind, { ...body, findings: `sha256:${'0'.repeat(64)}` }]
    assert.deepEqual(ignored([[long]]), ['entry 0'])
    assert.deepEqual(ignored([[long], [notice(PLACE)], [long]]), [])
  })
})
