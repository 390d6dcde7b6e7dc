// Card rules: one finding a rule, whatever its path finds (EVALUATION.md, Comparing; RESOURCES.md).
import assert from 'node:assert/strict'
import test from 'node:test'
import { cardValues } from '../../engine/domain/card-values.ts'
import type { ModelCard } from '../../engine/domain/model-card.ts'
import type { CardTest } from '../../engine/domain/policy.ts'
import { onlyFinding, outcomes } from './judge-world.ts'
import { card, cardRule, policy, rulebook } from './small-world.ts'

const says = (path: string, rule: CardTest, more: Partial<ModelCard> = {}, now?: string) =>
  outcomes({
    rulebook: rulebook([policy([cardRule(path, rule)])]),
    loaded: card(more),
    ...(now !== undefined && { now: Date.parse(now) }),
  })
const present = (wanted: boolean): CardTest => ({ op: 'present', wanted })
const oneOf = (...values: string[]): CardTest => ({ op: 'oneOf', values })
const noneOf = (...values: string[]): CardTest => ({ op: 'noneOf', values })
const within = (limit: number): CardTest => ({ op: 'withinDays', limit })

const TRAINED = {
  versions: [{ version: '1.0.0', trained: '2026-01-01' }, { version: '0.9.0' }],
}
const NULL_RIPD = { privacy: { ripd: null } } as unknown as Partial<ModelCard>

const TABLE: readonly [what: string, path: string, rule: CardTest, more: Partial<ModelCard>, expected: string][] = [
  ['a field that is there is present', 'risk.tier', present(true), {}, 'pass'],
  ['an absent field fails `present`', 'privacy.ripd.ref', present(true), {}, 'fail'],
  ['null is absent', 'privacy.ripd', present(true), NULL_RIPD, 'fail'],
  ['one branch that lacks it fails `present`', 'versions[].trained', present(true), TRAINED, 'fail'],
  ['`present: false` fails where it is there', 'risk.tier', present(false), {}, 'fail'],
  ['`present: false` passes where it is not', 'privacy.ripd.ref', present(false), {}, 'pass'],
  ['`present: false` fails where one branch has it', 'versions[].trained', present(false), TRAINED, 'fail'],
  ['an absent field is missing data to all others', 'privacy.ripd.ref', oneOf('x'), {}, 'error missing'],
  ['so is a list with a branch that lacks it', 'versions[].trained', within(9999), TRAINED, 'error missing'],
  ['so is an empty list', 'owners', noneOf('x'), { owners: [] }, 'error missing'],
  ['a value that is listed', 'risk.tier', oneOf('high', 'low'), {}, 'pass'],
  ['a value that is not listed', 'risk.tier', oneOf('low'), {}, 'fail'],
  ['each element of a list must be listed', 'data.features[].name', oneOf('income'), {}, 'fail'],
  ['no element may be barred', 'data.features[].name', noneOf('sex', 'age'), {}, 'fail'],
  ['none is barred', 'data.features[].name', noneOf('sex', 'race'), {}, 'pass'],
  ['unmonitored features are on the card as well', 'data.features[].name', noneOf('note'), {}, 'fail'],
  ['a list at the end of a path is opened', 'owners', oneOf('team:credit-models'), {}, 'pass'],
  ['a list may be entered without `[]`', 'data.features.name', noneOf('age'), {}, 'fail'],
  ['a number is not its text', 'review.everyDays', oneOf('365'), {}, 'fail'],
  ['a number at the limit', 'review.everyDays', { op: 'atMost', limit: 365 }, {}, 'pass'],
  ['a number over the limit', 'review.everyDays', { op: 'atMost', limit: 364 }, {}, 'fail'],
  ['a number under the limit', 'review.everyDays', { op: 'atLeast', limit: 366 }, {}, 'fail'],
  ['a text has no size', 'risk.tier', { op: 'atMost', limit: 1 }, {}, 'error not-evaluable'],
  ['a text is no day', 'risk.tier', within(1), {}, 'error not-evaluable'],
  [
    'a day that does not exist is none',
    'review.last',
    within(1),
    { review: { last: '2026-02-30', everyDays: 1 } },
    'error not-evaluable',
  ],
  ['no path leads to the prototype', 'constructor.name', present(true), {}, 'fail'],
  ['nor through it', '__proto__.toString', present(true), {}, 'fail'],
]
for (const [what, path, rule, more, expected] of TABLE) {
  test(`${path} ${JSON.stringify(rule)}: ${what}`, () => {
    assert.deepEqual(says(path, rule, more), [`- ${expected}`])
  })
}

// The institution is in São Paulo, UTC−3.
const DAYS: readonly [now: string, expected: string][] = [
  ['2026-07-30T12:00:00Z', 'pass'],
  ['2026-07-31T02:59:59Z', 'pass'],
  ['2026-07-31T03:00:00Z', 'fail'],
  ['2026-06-30T03:00:00Z', 'pass'],
  ['2026-06-30T02:59:59Z', 'error not-evaluable'],
]
for (const [now, expected] of DAYS) {
  test(`a review of 2026-06-30 within 30 days is a ${expected} at ${now}`, () => {
    assert.deepEqual(says('review.last', within(30), {}, now), [`- ${expected}`])
  })
}

test('an instant on a card counts as its local day', () => {
  const review = { last: '2026-07-01T02:00:00Z', everyDays: 1 }
  assert.deepEqual(says('review.last', within(30), { review }, '2026-07-31T03:00:00Z'), ['- fail'])
})

test('a limit beyond the calendar is only far away', () => {
  assert.deepEqual(says('review.last', within(1e12)), ['- pass'])
})

test('a day leaves its value out, because it would change daily; a number has value and margin', () => {
  const days = onlyFinding({ rulebook: rulebook([policy([cardRule('review.last', within(30))])]) })
  assert.deepEqual([days.value, days.margin, days.limit], [undefined, undefined, 30])
  const rule = cardRule('review.everyDays', { op: 'atMost', limit: 300 })
  const number = onlyFinding({ rulebook: rulebook([policy([rule])]) })
  assert.deepEqual([number.value, number.margin, number.limit], [365, -65, 300])
})

test('evidence is the digest of the card', () => {
  const loaded = card()
  const finding = onlyFinding({ rulebook: rulebook([policy([cardRule('risk.tier', present(true))])]), loaded })
  assert.equal(finding.evidence, loaded.digest)
  assert.equal(finding.window, null)
})

test('values of a path keep the order of the card, and say when a branch has none', () => {
  const value = Object.freeze({ list: [{ a: 1 }, { a: [2, 3] }, {}] })
  assert.deepEqual(cardValues(value, ['list', '[]', 'a']), { values: [1, 2, 3], lacking: true })
  assert.deepEqual(cardValues(value, ['list', '[]', 'b']), { values: [], lacking: true })
  assert.deepEqual(cardValues({ list: { a: 1 } }, ['list', '[]', 'a']), { values: [1], lacking: false })
})
