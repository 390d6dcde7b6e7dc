import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { hashOf } from '../../engine/base/canonical-json.ts'
import type { Finding, Outcome } from '../../engine/domain/finding.ts'
import type { Governance } from '../../engine/domain/governance.ts'
import type { NoticeContent, NoticeState } from '../../engine/domain/notice.ts'
import type { Plan, PlannedAction } from '../../engine/domain/plan.ts'
import { draftNotices, planDrafted } from '../../engine/notify/plan-notices.ts'
import { finding, governance, metricRule, plan, policy, rulebook, verdict } from '../report/sample-run.ts'

/** Drafted and planned in one step. */
function tell(of: Plan, told: readonly NoticeState[] = [], book = rulebook()) {
  const waived = () => of.findings.filter((one) => one.waiver !== undefined).length
  const { actions, states } = planDrafted({ ...of, rulebook: book, told, waived, drafts: draftNotices(of, book) })
  return { actions, states }
}

const notify = (findings: readonly Finding[], told: readonly NoticeState[] = [], book = rulebook()) =>
  tell(plan(findings), told, book)

const noticeOf = (action: PlannedAction | undefined) =>
  (action?.detail ?? assert.fail('no notice')) as unknown as NoticeContent

const routed = (names: readonly string[], changes: Partial<Governance>) =>
  rulebook({
    policies: [
      policy({ notify: names, rules: [metricRule(), metricRule({ id: 'drift', metric: 'drift.share_drifted' })] }),
    ],
    governance: governance(changes),
  })

test('a policy without `notify` tells the file channel, with the key and evidence of the contract', () => {
  const { actions } = notify([finding()])
  assert.equal(actions.length, 1)
  const [action] = actions
  assert.equal(action?.kind, 'notify')
  assert.equal(action?.channel, 'file')
  assert.equal(action?.key, hashOf(['file', 'credit-default', 'production']))
  assert.equal(action?.evidence, hashOf(['1122334455667788', [['0123456789abcdef', 'fail']]]))
})

test('the notice says what is wrong in the first language of the institution, with data for machines', () => {
  const { actions } = notify([
    finding(),
    finding({ id: 'f'.repeat(16), subject: null, outcome: 'error', cause: 'stale' }),
  ])
  const notice = noticeOf(actions[0])
  assert.equal(notice.title, 'credit-default em production: 1 verificação reprovada e 1 verificação com erro')
  assert.deepEqual(notice.text.split('\n'), [
    notice.title,
    'A implantação está bloqueada.',
    'Exige-se: retreinar.',
    '- credit-fairness/impact-ratio: sex, reprovado, valor 0,742, limite ≥ 0,80',
    '- credit-fairness/impact-ratio: o modelo, erro, medição vencida, valor 0,742, limite ≥ 0,80',
    'Leia mais: tutela explain credit-default',
  ])
  assert.equal((notice.data.findings as unknown[]).length, 2)
})

test('what a channel knows is not told again; a further finding, another outcome, and the end are', () => {
  const first = notify([finding()])
  assert.equal(notify([finding()], first.states).actions.length, 0)
  assert.equal(notify([finding({ value: 0.7 })], first.states).actions.length, 0)
  assert.equal(notify([finding(), finding({ id: 'e'.repeat(16) })], first.states).actions.length, 1)
  assert.equal(notify([finding({ outcome: 'error' })], first.states).actions.length, 1)
  const over = notify([finding({ outcome: 'pass' })], first.states)
  assert.match(over.actions[0]?.reason ?? '', /os problemas avisados antes deixaram de existir/)
  assert.deepEqual(over.states, [])
  assert.equal(notify([], over.states).actions.length, 0)
})

test('what is waived is told as waived: it is not gone', () => {
  const told = notify([finding()]).states
  const waived = finding({ waiver: { id: 'w', expires: '2026-12-31' } })
  const [over] = notify([waived], told).actions
  assert.match(over?.reason ?? '', /têm exceção, mas não deixaram de existir: 1 verificação continua reprovada/)
  assert.equal(noticeOf(over).data.waived, 1)
  const [rest] = notify([waived, finding({ id: 'b'.repeat(16) })], told).actions
  assert.match(noticeOf(rest).text, /^Além disso, com exceção: 1 verificação reprovada\.$/m)
})

test('the same notice planned by another run has the same key and another evidence', () => {
  const here = notify([finding()]).actions[0]
  const there = tell(plan([finding()], { run: '0'.repeat(16) })).actions[0]
  assert.equal(here?.key, there?.key)
  assert.notEqual(here?.evidence, there?.evidence)
})

const told: readonly (readonly [string, Partial<Finding>, boolean])[] = [
  ['an unwaived failure', {}, true],
  ['an advisory failure', { enforcement: 'advisory' }, true],
  ['an error', { outcome: 'error', cause: 'missing' }, true],
  ['a waived failure', { waiver: { id: 'w-1', expires: '2026-12-31' } }, false],
  ['a warning', { outcome: 'warn' }, false],
  ['a skip', { outcome: 'skip', cause: 'sample' }, false],
  ['a pass', { outcome: 'pass' }, false],
]
for (const [name, changes, isTold] of told)
  test(`${name} is ${isTold ? 'told' : 'not told'}`, () =>
    assert.equal(notify([finding(changes)]).actions.length, isTold ? 1 : 0))

test('routes lead to each of their channels once, with the options of the route', () => {
  const book = routed(['oncall', 'all'], {
    channels: { chat: { kind: 'slack' }, jira: { kind: 'jira' } },
    routes: { oncall: [{ channel: 'chat' }, { channel: 'jira', priority: 'High' }], all: [{ channel: 'chat' }] },
  })
  const { actions } = notify([finding()], [], book)
  assert.deepEqual(
    actions.map((a) => a.channel),
    ['chat', 'jira'],
  )
  assert.deepEqual(
    actions.map((a) => a.detail?.options),
    [undefined, { priority: 'High' }],
  )
})

test('a condition is about one metric: above and below exclude their limits, other metrics do not meet it', () => {
  const book = routed(['oncall'], {
    routes: { oncall: [{ channel: 'jira', when: { metric: 'drift.share_drifted', above: 0.15, below: 0.5 } }] },
  })
  const drift = (value: number) => finding({ rule: 'drift', value })
  const channels = (one: Finding) => notify([one], [], book).actions.map((a) => a.channel)
  assert.deepEqual(
    [0.15, 0.151, 0.5].map((value) => channels(drift(value))),
    [[], ['jira'], []],
  )
  assert.deepEqual(channels(finding({ value: 0.3 })), [])
})

test('a name that is no route is a channel, and one that is neither goes to the file, never to nobody', () => {
  const book = (name: string) => routed([name], { channels: { chat: { kind: 'slack' } } })
  const channels = (name: string) => notify([finding()], [], book(name)).actions.map((a) => a.channel)
  assert.deepEqual(['chat', 'nobody', '__proto__', 'constructor'].map(channels), [
    ['chat'],
    ['file'],
    ['file'],
    ['file'],
  ])
})

test('a deployment whose files are broken is told, though it has no finding', () => {
  const broken = verdict([], { outcome: 'error', cause: 'invalid', passes: 0 })
  const { actions, states } = tell(plan([], { verdicts: [broken] }))
  assert.match(actions[0]?.reason ?? '', /os arquivos são inválidos/)
  assert.equal(tell(plan([], { verdicts: [broken] }), states).actions.length, 0)
})

test('what was told of a model is not taken back while its files are broken', () => {
  const told = notify([finding()]).states
  const broken = verdict([], { environment: 'none', version: null, outcome: 'error', cause: 'invalid', passes: 0 })
  const { actions, states } = tell(plan([], { verdicts: [broken] }), told)
  assert.deepEqual(
    actions.map(({ environment }) => environment),
    ['none'],
  )
  assert.ok(told.every((state) => states.some((kept) => kept.pairs === state.pairs)))
})

test('a deployment with hundreds of problems is told in a few lines that count the rest', () => {
  const many = Array.from({ length: 300 }, (_, i) => finding({ id: i.toString(16).padStart(16, '0') }))
  const notice = noticeOf(notify(many).actions[0])
  assert.match(notice.text, /- mais 295 problemas/)
  assert.equal(notice.text.split('\n').length, 10)
  assert.equal(notice.data.problems, 300)
  assert.equal((notice.data.findings as unknown[]).length, 5)
})

test('hostile names stay on their line', () => {
  const notice = noticeOf(notify([finding({ subject: { group: 'a\n- b\u202e\u001b[31m' } })]).actions[0])
  assert.equal(notice.text.split('\n').length, 5)
  assert.doesNotMatch(notice.text, /[\p{Cf}]|\p{Cc}(?<!\n)/u)
})

const findings = fc
  .array(
    fc.record({
      model: fc.constantFrom('a', 'b'),
      outcome: fc.constantFrom<Outcome>('pass', 'warn', 'fail', 'error', 'skip'),
    }),
    { maxLength: 8 },
  )
  .map((list) => list.map((one, i) => finding({ ...one, id: i.toString(16).padStart(16, '0') })))

test('the order of findings means nothing, and a second run with nothing new says nothing', () => {
  fc.assert(
    fc.property(findings, findings, (before, now) => {
      const first = notify(before)
      const second = notify(now, first.states)
      assert.deepEqual(notify([...now].reverse(), first.states), second)
      assert.deepEqual(notify(now, second.states), { actions: [], states: second.states })
    }),
    { numRuns: 60 },
  )
})
