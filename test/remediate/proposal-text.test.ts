// What people read, and what hostile texts in a card or measurement must not do to it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'yaml'
import type { SnapshotHistory } from '../../engine/domain/snapshot.ts'
import { planRemedies } from '../../engine/remediate/plan-remedies.ts'
import { english } from '../../engine/remediate/proposal-words.en.ts'
import { portuguese } from '../../engine/remediate/proposal-words.pt.ts'
import type { RemedyInput } from '../../engine/remediate/remedy-input.ts'
import { CARD_TEXT, card, DRIFT, finding, input, judgement, policy, rulebook } from './small-world.ts'

function bodyOf(changed: Partial<RemedyInput> = {}): string {
  const [action] = planRemedies(input(changed))
  assert.equal(action?.gated, undefined)
  return String(action?.detail?.body)
}

const history: SnapshotHistory = {
  *windows() {
    for (const [i, value] of [0.31, 0.19, null].entries()) {
      const window = { start: `2026-11-${20 - i}T00:00:00Z`, end: `2026-11-${21 - i}T00:00:00Z` }
      yield {
        digest: 'sha256:00',
        window,
        start: 0,
        end: 0,
        file: '',
        line: 1,
        measurementsOf: (metric) => (metric === 'drift.psi' ? [{ metric, feature: 'income', value }] : undefined),
      }
    }
  },
}

test('the body names problem, numbers, history, change, evidence and commands', () => {
  const body = bodyOf({ histories: () => history })
  for (const part of [
    '# Retrain `credit` in `production`',
    '| `drift/limit` | `income` | 0.31 | ≤ 0.20 | -0.11 | 1,000 | 2026-11-21 |',
    '2026-11-18: — → 2026-11-19: **0.19** → 2026-11-20: **0.31**',
    '```diff\n--- a/models/credit/card.yaml\n+++ b/models/credit/card.yaml\n',
    '-retrain: { trigger: local, dag: retrain_credit }',
    '+retrain: { trigger: local, dag: retrain_credit, request: { id: "',
    '- who may approve: `team:credit-models`',
    'tutela pr approve ',
    'tutela pr merge ',
  ]) {
    assert.ok(body.includes(part), `${part}\n\n${body}`)
  }
})

test('a hold in place of what the policies ask for says why, once', () => {
  const without = new Map([['credit', card({ retrain: undefined } as never)]])
  const held = bodyOf({
    cards: without,
    judgements: [judgement([finding('drift'), finding('drift', { rule: 'other' })])],
  })
  assert.equal(
    held.split('The policies demand: retrain. Proposed: hold, because the card says no way to do it').length,
    2,
  )
  const back = rulebook([policy('drift', { action: 'rollback' })])
  assert.match(bodyOf({ rulebook: back }), /demand: roll back. Proposed: hold, because there is no earlier version/)
  assert.ok(!bodyOf().includes('Proposed:'))
  const asked = policy('drift', { action: 'retrain', escalateTo: 'hold', after: { amount: 1, unit: 'd' } })
  const demands = [
    { model: 'credit', environment: 'production', action: 'retrain', since: '2026-10-01T00:00:00Z' },
  ] as const
  assert.match(
    bodyOf({ rulebook: rulebook([asked]), demands }),
    /demanded: retrain. Proposed: hold, because that was not done in the time/,
  )
})

test('the language is the first of governance.yaml', () => {
  const { governance } = rulebook([])
  const institution = { ...governance.institution, languages: ['pt', 'en'] as const }
  assert.match(bodyOf({ rulebook: rulebook([DRIFT], { institution }) }), /^# Retreinar `credit` em `production`/)
})

test('where another forge merges, no command of the local one is given', () => {
  const body = bodyOf({ rulebook: rulebook([DRIFT], { forge: { kind: 'github' } }) })
  assert.ok(!body.includes('tutela pr'))
  assert.ok(body.includes('tutela gate'))
})

const HOSTILE = '@admin #12 <img src=x> [x](http://evil) ```\n\n# big | \u202etxt\u200b <!-- --> GH-1 \u001b[2J'

test('hostile texts in subjects, versions and owners stay texts', () => {
  const owners = [`team:${HOSTILE}`]
  const version = `3.2.0 ${HOSTILE}`
  const text = CARD_TEXT.replaceAll('"3.2.0"', JSON.stringify(version)).replace(
    '["team:credit-models"]',
    JSON.stringify(owners),
  )
  const body = bodyOf({
    judgements: [judgement([finding('drift', { version, subject: { feature: HOSTILE } })], { version })],
    cards: new Map([['credit', card({ owners, deployment: { environment: 'production', version } })]]),
    cardText: () => text,
  })
  const outside = withoutCode(body)
  for (const sign of ['@admin', '#12', '<img', '](http', '<!--', 'GH-1', '\u202e', '\u200b', '\u001b']) {
    assert.ok(!outside.includes(sign), `${sign} stands outside of code:\n${outside}`)
  }
  for (const sign of ['\u202e', '\u200b', '\u001b']) assert.ok(!body.includes(sign), 'nothing invisible is left')
  assert.equal((body.match(/^# /gm) ?? []).length, 1)
  assert.equal(parse(text).owners[0], owners[0])
})

test('a fence in the card does not end the fence of the diff', () => {
  const text = CARD_TEXT.replace('# desired state', '# ```` <b>')
  const body = bodyOf({ cardText: () => text, cards: new Map([['credit', card({ retrain: undefined } as never)]]) })
  assert.ok(body.includes('`````diff'), body)
  assert.ok(!withoutCode(body).includes('<b>'))
})

test('a hundred violations stay within what a forge takes', () => {
  const many = Array.from({ length: 300 }, (_, i) =>
    finding('drift', { subject: { feature: `feature_${i}_${'x'.repeat(200)}` } }),
  )
  const body = bodyOf({ judgements: [judgement(many)] })
  assert.ok(body.length < 65_536, String(body.length))
  assert.match(body, /260 more are listed/)
})

test('equal facts give equal texts, whatever the day', () => {
  assert.equal(bodyOf(), bodyOf({ now: Date.UTC(2027, 0, 1) }))
})

test('both languages have the same words', () => {
  assert.deepEqual(Object.keys(portuguese), Object.keys(english))
  for (const part of ['title', 'what', 'instead'] as const)
    assert.deepEqual(Object.keys(portuguese[part]), Object.keys(english[part]))
})

test('the reason of a hold names rules and no values', () => {
  const held = policy('held', { action: 'hold' })
  const [action] = planRemedies(input({ rulebook: rulebook([held]), judgements: [judgement([finding('held')])] }))
  assert.deepEqual(action?.detail?.edit, { action: 'hold', environment: 'production', reason: 'held/limit' })
})

/** Fenced blocks and code spans taken out, as a renderer would. */
function withoutCode(markdown: string): string {
  const outside: string[] = []
  let fence: string | null = null
  for (const line of markdown.split('\n')) {
    const [ticks] = /^`{3,}/.exec(line) ?? [null]
    if (fence !== null) fence = line.trimEnd() === fence ? null : fence
    else if (ticks !== null) fence = ticks
    else outside.push(line.replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '·'))
  }
  assert.equal(fence, null, 'every fence ends')
  return outside.join('\n')
}
