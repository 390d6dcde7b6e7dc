import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { displayWidth } from '../../engine/base/text-columns.ts'
import { type PlanTextOptions, planText } from '../../engine/commands/plan-text.ts'
import { terminal } from '../../engine/commands/terminal-text.ts'
import type { Decision } from '../../engine/domain/decision.ts'
import type { ReportInput } from '../../engine/report/report-input.ts'
import { action, card, finding, plan, reportInput, rulebook, verdict, waiver } from '../report/sample-run.ts'

const text = (input: Partial<ReportInput> = {}, options: Partial<PlanTextOptions> = {}) =>
  planText(reportInput(input), { on: terminal('en', false), verb: 'plan', ...options })

test('a plan reads top to bottom: run, deployments, findings, actions, counts, digest, next command', () => {
  assert.deepEqual(text({ plan: plan([finding()], { actions: [action()] }) }).split('\n'), [
    'Banco Exemplo · run 1122334455667788 · 2026-11-22 03:00 America/Sao_Paulo · commit 5c8b5d1f0c9e',
    '',
    '✗ fail  credit-default  production  3.2.0  failed 1, passed 3 of 4  blocks, demands: retrain',
    '',
    'Findings (1)',
    '✗ fail  credit-default  credit-fairness/impact-ratio  sex  0.742  ≥ 0.80  (-0.058)  mandatory  0123456789abcdef',
    '    policies/credit-fairness.yaml:12:5  Razão de impacto 0,742 abaixo de 0,8 para sex',
    '',
    'What `run` would do',
    '  open proposal  ababababab  credit-default: retrain; team:credit-models must approve by 2026-11-25',
    '',
    'Checks: failed 1, passed 3 of 4',
    `digest: sha256:${'e'.repeat(64)}`,
    'Next: tutela explain 0123456789abcdef  (the worst finding with all its numbers)',
    'Next: tutela run  (record this and open the proposals)',
  ])
})

test('suggested commands judge the same repository at the same time', () => {
  const again = " --repo 'my bank' --now 2026-11-22T06:00:00Z"
  const lines = text({ plan: plan([finding()], { actions: [action()] }) }, { again }).split('\n')
  const next = lines.filter((line) => line.startsWith('Next: '))
  assert.deepEqual(next, [
    `Next: tutela explain 0123456789abcdef${again}  (the worst finding with all its numbers)`,
    `Next: tutela run${again}  (record this and open the proposals)`,
  ])
})

test('Portuguese has its own words, numbers and days', () => {
  const pt = text({ plan: plan([finding()], { actions: [action()] }) }, { on: terminal('pt', false) })
  assert.match(pt, /✗ reprovado {2}credit-default .* bloqueia, exige: retreinar/)
  assert.match(pt, /0,742 {2}≥ 0,80 {2}\(-0,058\) {2}obrigatória/)
  assert.match(pt, /deve aprovar até 25\/11\/2026/)
})

test('uncommitted changes are said, and by `run` as left out', () => {
  const dirty = { plan: plan([], { dirty: ['models/a/card.yaml'] }) }
  assert.match(text(dirty), /Judged with 1 uncommitted change: models\/a\/card\.yaml/)
  assert.match(text(dirty, { verb: 'run' }), /The commit is judged; the working tree has 1 other change/)
  const listed = (...paths: string[]) => text({ plan: plan([], { dirty: paths }) }).split('\n')[1]
  assert.equal(listed('a', 'b', 'c', 'd'), 'Judged with 4 uncommitted changes: a, b, c, d')
  assert.equal(listed('a', 'b', 'c', 'd', 'e'), 'Judged with 5 uncommitted changes: a, b, c, …')
})

test('a demand that is late reads as a sentence, and the reason of an action is in the language of the screen', () => {
  const open = { id: 'ab'.repeat(5), key: 'ab'.repeat(32), model: 'credit-default', environment: 'production' } as const
  const late = {
    plan: plan([finding()], { actions: [action({ kind: 'update-proposal', reason: 'the facts changed' })] }),
    proposals: [{ ...open, action: 'retrain', openedAt: '2026-10-01T06:00:00Z' }],
  } as const
  assert.match(text(late), /team:credit-models must approve \(overdue: it was due by 2026-10-\d\d\)$/m)
  const pt = { on: terminal('pt', false) }
  assert.match(text(late, pt), /team:credit-models deve aprovar \(em atraso: o prazo era \d\d\/10\/2026\)$/m)
  const closing = (reason: string) => ({ plan: plan([], { actions: [action({ kind: 'close-proposal', reason })] }) })
  assert.match(text(closing('merged'), pt), /retreinar; incorporada$/m)
  assert.match(
    text(closing('the facts changed, its card changed on the base'), pt),
    /; os fatos mudaram, a ficha mudou na base$/m,
  )
  assert.match(text(closing('constructor'), pt), /; constructor$/m)
})

test('a held-back proposal says why and until when', () => {
  const gated = action({ gated: { by: 'cool-down', until: '2026-11-29T06:00:00Z' } })
  assert.match(
    text({ plan: plan([finding()], { actions: [gated] }) }),
    /held back: cool-down after a close until 2026-11-29/,
  )
})

test('what is held back is none of what a run does, and no run is offered to open it', () => {
  const gated = action({ gated: { by: 'closed', until: null } })
  const anchor = action({ kind: 'anchor' })
  const held = text({ plan: plan([finding()], { actions: [gated, anchor] }) })
  assert.match(held, /\nWhat `run` would do\n {2}\S.*\n\nHeld back\n {2}open proposal/)
  assert.match(held, /Next: tutela run {2}\(record this\)$/m)
  const decision: Decision = {
    proposal: 'ab'.repeat(5),
    key: gated.key,
    model: 'credit-default',
    environment: 'production',
    action: 'retrain',
    how: 'rejected',
    at: '2026-11-21T06:00:00Z',
    by: [],
    reason: 'no',
    until: null,
    trigger: null,
  }
  const told = text({ plan: plan([finding()], { actions: [gated, anchor] }), decisions: [decision] })
  assert.doesNotMatch(told, /Held back/)
  assert.match(told, /\n\nDecided already\n {2}abababab/)
})

test('a waived failure is marked as the warning that it counts as, with who waived it and until when', () => {
  const waived = finding({ waiver: { id: 'w-1', expires: '2026-12-31' } })
  const told = text({ plan: plan([waived]), rulebook: rulebook({ waivers: [waiver()] }) })
  assert.match(
    told,
    /^! fail, waived {2}credit-default .* mandatory {2}0123456789abcdef\n.*; waived until 2026-12-31 by user:lia \(w-1\)$/m,
  )
  assert.doesNotMatch(told, /✗/)
  const gone = text({ plan: plan([waived]) }, { on: terminal('pt', false) })
  assert.match(gone, /^! reprovado, com exceção .*\n.*; com exceção até 31\/12\/2026 \(w-1\)$/m)
})

const holds = [
  {
    name: 'a card without a recipe',
    demand: 'retrain',
    card: {},
    why: 'demanded: retrain, but the card has no `retrain`',
  },
  {
    name: 'no version to go back to',
    demand: 'rollback',
    card: { retrain: { trigger: 'local' } },
    why: 'demanded: roll back, but no earlier version is known not to fail',
  },
  {
    name: 'a retrain that nobody did in time',
    demand: 'retrain',
    card: { retrain: { trigger: 'local' } },
    why: 'demanded: retrain, but it was not done in time',
  },
] as const
for (const { name, demand, card: more, why } of holds)
  test(`a hold in place of what the verdict demands says why: ${name}`, () => {
    const hold = action({ remedy: 'hold' })
    const verdicts = [verdict([finding()], { demand })]
    const cards = new Map([['credit-default', card(more)]])
    const told = (actions: readonly ReturnType<typeof action>[]) =>
      text({ plan: plan([finding()], { actions, verdicts }), cards })
    assert.ok(told([hold]).includes(`credit-default: hold; ${why}; `), told([hold]))
    assert.ok(!told([hold, action({ remedy: demand })]).includes('but '), 'both are proposed')
  })

test('a hold that is demanded says no more', () => {
  const verdicts = [verdict([finding()], { demand: 'hold' })]
  assert.match(
    text({ plan: plan([finding()], { actions: [action({ remedy: 'hold' })], verdicts }) }),
    /credit-default: hold; team:credit-models must approve/,
  )
})

test('what `run` did is told: commit, entries, deliveries, the ledger', () => {
  const result = {
    recorded: { commit: 'c'.repeat(40), firstEntry: 4, entries: 3 },
    delivered: [
      { key: 'a', state: 'done' },
      { key: 'b', state: 'failed' },
    ],
    checkpoint: { origin: 'banco.example/tutela', size: 7, root: '' },
  }
  const told = text({}, { verb: 'run', result })
  assert.match(
    told,
    /Recorded in commit cccccccccccc, ledger entries 4–6\nDelivered 1; failed 1\n✗ Not delivered: 1\. The run is recorded, and the next `tutela run` tries again\nLedger banco\.example\/tutela has 7 entries/,
  )
  assert.match(
    text({}, { verb: 'run', result: { ...result, recorded: null } }),
    /Already recorded: nothing was written/,
  )
})

test('colour is there only when asked, and words say the same without it', () => {
  const ansi = String.fromCharCode(27)
  assert.ok(!text().includes(ansi))
  assert.ok(text({}, { on: terminal('en', true) }).includes(`${ansi}[31m✗`))
})

test('of many deployments the worst are listed and the rest counted', () => {
  const verdicts = Array.from({ length: 1000 }, (_, i) =>
    verdict([], { model: `m${i}`, outcome: i === 999 ? 'fail' : 'pass' }),
  )
  const lines = text({ plan: plan([], { verdicts }) }).split('\n')
  assert.match(lines[2] ?? '', /✗ fail {2}m999/)
  assert.match(lines[32] ?? '', /… and 970 more deployments \(pass: 970\)/)
})

test('of many findings the worst are listed and all are counted', () => {
  const many = Array.from({ length: 50 }, (_, i) =>
    finding({ id: i.toString(16).padStart(16, '0'), outcome: i === 49 ? 'fail' : 'warn' }),
  )
  const told = text({ plan: plan(many) }, { most: 2 })
  assert.match(told, /Findings \(the worst 2 of 50\)\n✗ fail .*0000000000000031\n/)
})

test('names of wide characters keep the columns under each other', () => {
  const wide = finding({ model: '信用', subject: { attribute: '性別' } })
  const lines = text({
    plan: plan([wide, finding({ id: 'f'.repeat(16) })]),
    cards: new Map([['credit-default', card()]]),
  }).split('\n')
  const columns = lines
    .filter((line) => line.includes('credit-fairness/'))
    .map((line) => displayWidth(line.slice(0, line.indexOf('credit-fairness/'))))
  assert.equal(new Set(columns).size, 1)
})

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('\u001b[2J', '\u001b]0;x\u0007', 'a\nb', '\r', '\u202e', '\u009b31m'),
)

test('no text from data moves the cursor, adds a line or hides anything', () => {
  const calm = text({ plan: plan([finding()], { actions: [action()], dirty: ['x'] }) }).split('\n').length
  fc.assert(
    fc.property(hostile, (bad) => {
      const one = finding({
        subject: { group: bad },
        message: bad,
        file: bad,
        environment: bad,
        version: bad,
        policy: bad,
        rule: bad,
      })
      const cards = new Map([['credit-default', card({ owners: [bad] })]])
      const told = text({
        plan: plan([one], { actions: [action({ reason: bad, environment: bad })], dirty: [bad] }),
        cards,
      })
      assert.equal(told.split('\n').length, calm)
      assert.doesNotMatch(told.replaceAll('\n', ''), /[\p{Cc}\p{Default_Ignorable_Code_Point}]/u)
    }),
  )
})
