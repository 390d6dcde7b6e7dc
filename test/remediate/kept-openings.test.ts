// What is kept of a deployment's openings must never show in a plan: whatever was planned before with the same files.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deploymentKey } from '../../engine/domain/by-deployment.ts'
import type { BindingFailure, Judgement } from '../../engine/domain/finding.ts'
import { planRemedies } from '../../engine/remediate/plan-remedies.ts'
import type { RemedyInput, WrittenTexts } from '../../engine/remediate/remedy-input.ts'
import { at, card, DAY, DRIFT, finding, input, judgement, NOW, policy, proposal, rulebook } from './small-world.ts'

/** As the cache does it: what comes back went through JSON. */
function memory(): WrittenTexts {
  const kept = new Map<string, string>()
  return {
    recall: (model, key) => JSON.parse(kept.get(`${model}\0${key}`) ?? 'null') as unknown,
    remember: (model, key, value) => void kept.set(`${model}\0${key}`, JSON.stringify(value)),
  }
}

const GOVERNED = rulebook([
  DRIFT,
  policy('fairness', { action: 'rollback' }),
  policy('slow', { action: 'hold', escalateTo: 'rollback', after: { amount: 7, unit: 'd' } }),
])
const PLAIN = rulebook([DRIFT, policy('fairness', { action: 'rollback' }), policy('slow', { action: 'hold' })])
const JUDGED = [judgement([finding('drift'), finding('fairness', { enforcement: 'mandatory' }), finding('slow')])]
const CARDS = new Map([['credit', card({ formerly: ['loans'] })]])
const earlier = (outcome: 'pass' | 'fail') =>
  new Map([[deploymentKey({ model: 'credit', environment: 'production', version: '3.1.4' }), outcome]])
const demand = (days: number) =>
  ({ model: 'credit', environment: 'production', action: 'hold', since: at(days) }) as const

/** The files are the same in all; what is known besides differs. */
const STATES: Readonly<Record<string, Partial<RemedyInput>>> = {
  'nothing recorded': {},
  'an earlier version that passed': { outcomes: earlier('pass') },
  'an earlier version that failed': { outcomes: earlier('fail') },
  'a demand of yesterday': { demands: [demand(-1)] },
  'a demand that is due': { demands: [demand(-30)] },
  'the same, with a version to return to': { demands: [demand(-30)], outcomes: earlier('pass') },
  'the same, a month ago': { demands: [demand(-30)], now: NOW - 30 * DAY },
  'an open proposal': { proposals: [proposal()] },
  'an open proposal of a former name': { proposals: [proposal({ model: 'loans' })] },
  'one that was closed by a person': {
    proposals: [proposal({ state: 'closed', end: { at: at(-1), by: 'person', reason: 'rejected' } })],
  },
  'proposals of another model': {
    proposals: Array.from({ length: 10 }, (_, i) => proposal({ model: `other-${i}`, id: `${i}`, key: `${i}` })),
  },
}

for (const [rules, governed] of Object.entries({ 'that escalate': GOVERNED, 'that do not': PLAIN })) {
  const inputOf = (state: Partial<RemedyInput>): RemedyInput =>
    input({ judgements: JUDGED, cards: CARDS, rulebook: governed, ...state })

  test(`under policies ${rules}, plans are the same with what any other plan kept`, () => {
    for (const [first, before] of Object.entries(STATES)) {
      for (const [second, after] of Object.entries(STATES)) {
        const written = memory()
        planRemedies({ ...inputOf(before), written })
        const expected = planRemedies(inputOf(after))
        assert.deepEqual(planRemedies({ ...inputOf(after), written }), expected, `${first}, then ${second}`)
        assert.deepEqual(planRemedies({ ...inputOf(after), written }), expected, `${first}, then ${second} twice`)
      }
    }
  })
}

test('of a model without proposals no failure is looked at again, unless its proposal is opened', () => {
  let asked = 0
  const counting = (one: Judgement): Judgement => ({
    ...one,
    get binding(): readonly BindingFailure[] {
      asked++
      return one.findings
    },
  })
  const names = Array.from({ length: 40 }, (_, i) => `model-${i}`)
  const judgements = names.map((model) => counting(judgement([finding('drift', { model })])))
  const cards = new Map(names.map((id) => [id, card({ id })]))
  const written = memory()
  const made = planRemedies({ ...input({ judgements, cards }), written })
  assert.equal(asked, 40)
  assert.deepEqual(planRemedies({ ...input({ judgements, cards }), written }), made)
  assert.equal(asked, 50)
})
