import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ModelCard } from '../../engine/domain/model-card.ts'
import type { Policy } from '../../engine/domain/policy.ts'
import type { RecordedDemand } from '../../engine/domain/recorded-run.ts'
import { demandsOf, recordedDemands } from '../../engine/report/demands.ts'
import type { OpenProposal, ReportInput } from '../../engine/report/report-input.ts'
import { action, card, finding, metricRule, plan, policy, reportInput, rulebook, verdict } from './sample-run.ts'

const drift = (changes: Partial<Policy> = {}) =>
  policy({ id: 'drift', rules: [metricRule({ id: 'share' })], ...changes })
const drifted = finding({ id: 'f'.repeat(16), policy: 'drift', rule: 'share', subject: null })
const both = [finding(), drifted]

/** Two policies whose failures demand a rollback and a retrain of one deployment. */
const two = (changes: Partial<ReportInput> = {}) =>
  reportInput({
    plan: plan(both, { verdicts: [verdict(both, { demand: 'rollback' })] }),
    rulebook: rulebook({
      policies: [drift({ remediate: { action: 'rollback', dueIn: { amount: 2, unit: 'd' } } }), policy()],
    }),
    ...changes,
  })

test('the deadline is the earliest of the policies that demand the strongest action', () => {
  const [demand] = demandsOf(two())
  assert.equal(demand?.action, 'rollback')
  assert.equal(demand?.dueDay, '2026-11-24')
  assert.deepEqual(demand?.policies, ['credit-fairness', 'drift'])
})

test('weaker demands are recorded too, each with its own beginning, so that their escalation counts', () => {
  const previous = {
    run: '0'.repeat(16),
    path: 'reports/2026-11-21/0000000000000000',
    plan: plan([]),
    findingsIn: new Map(),
    demands: [
      { model: 'credit-default', environment: 'production', action: 'retrain' as const, since: '2026-11-10T06:00:00Z' },
    ],
    notices: [],
    former: [],
  }
  assert.deepEqual(
    recordedDemands(demandsOf(two({ previous })), two({ previous })).map((d) => [d.action, d.since]),
    [
      ['retrain', '2026-11-10T06:00:00Z'],
      ['rollback', '2026-11-22T06:00:00Z'],
    ],
  )
})

test('a proposal opened earlier begins the demand, and a clock that went back does not move it forward', () => {
  const proposal = {
    id: 'ab',
    key: 'ab'.repeat(32),
    model: 'credit-default',
    environment: 'production',
    action: 'rollback',
    openedAt: '2026-11-20T06:00:00Z',
  } as const
  const [demand] = demandsOf(two({ proposals: [proposal] }))
  assert.equal(demand?.dueDay, '2026-11-22')
  const [early] = demandsOf(two({ proposals: [{ ...proposal, openedAt: '2026-12-20T06:00:00Z' }] }))
  assert.equal(early?.dueDay, '2026-11-24')
})

test('a demand beside another that was recorded is new, though a proposal of its action is open in the place of that', () => {
  const place = { model: 'credit-default', environment: 'production' }
  const began = '2026-06-03T06:00:00Z'
  const held: OpenProposal = { ...place, id: 'ab', key: 'ab'.repeat(32), action: 'hold', openedAt: began }
  const retrain: RecordedDemand = { ...place, version: '3.2.0', action: 'retrain', since: began }
  const previous = {
    ...{ run: '0'.repeat(16), path: 'reports/2026-11-21/0000000000000000', plan: plan([]), findingsIn: new Map() },
    ...{ demands: [retrain], notices: [], former: [] },
  }
  const input = two({
    previous,
    proposals: [held],
    plan: plan(both, { verdicts: [verdict(both, { demand: 'hold' })] }),
    rulebook: rulebook({
      policies: [drift({ remediate: { action: 'hold', dueIn: { amount: 2, unit: 'd' } } }), policy()],
    }),
  })
  assert.deepEqual(
    demandsOf(input).map(({ action, dueDay, isOverdue }) => [action, dueDay, isOverdue]),
    [['hold', '2026-11-24', false]],
  )
})

test('a demand is new where the last recorded run had none, though its proposal stayed open', () => {
  const opened = { id: 'ab', key: 'ab'.repeat(32), model: 'credit-default', environment: 'production' }
  const proposals: OpenProposal[] = [{ ...opened, action: 'rollback', openedAt: '2026-06-03T06:00:00Z' }]
  const previous = {
    ...{ run: '0'.repeat(16), path: 'reports/2026-11-21/0000000000000000', plan: plan([]), findingsIn: new Map() },
    ...{ demands: [], notices: [], former: [] },
  }
  assert.deepEqual(
    demandsOf(two({ previous, proposals })).map(({ dueDay, isOverdue }) => [dueDay, isOverdue]),
    [['2026-11-24', false]],
  )
})

test('an escalation to what is to be done already changes nothing', () => {
  const escalating = policy({
    remediate: { action: 'retrain', escalateTo: 'hold', after: { amount: 1, unit: 'd' } },
  })
  const demand: RecordedDemand = {
    ...{ model: 'credit-default', environment: 'production', version: '3.2.0' },
    ...{ action: 'retrain', since: '2026-11-01T06:00:00Z' },
  }
  const previous = {
    ...{ run: '0'.repeat(16), path: 'reports/2026-11-21/0000000000000000', plan: plan([]), findingsIn: new Map() },
    ...{ demands: [demand], notices: [], former: [] },
  }
  const input = reportInput({
    previous,
    plan: plan([finding()], { actions: [action({ remedy: 'hold' })] }),
    rulebook: rulebook({ policies: [escalating] }),
  })
  const said = (recipe: Partial<ModelCard>) => {
    const cards = new Map([['credit-default', card(recipe)]])
    return demandsOf({ ...input, cards }).map(({ effective, instead, standings }) => [
      ...[effective, instead],
      standings.flatMap(({ steps }) => steps),
    ])
  }
  assert.deepEqual(said({ retrain: { trigger: 'local' } }), [['hold', 'escalated', ['escalated']]])
  assert.deepEqual(said({}), [['hold', 'no-recipe', []]])
})

test('what is planned in place of the demanded action is shown: a hold where nothing can be rolled back', () => {
  const held = action({ remedy: 'hold' })
  const gated = action({ remedy: 'rollback', gated: { by: 'limit', until: null } })
  const [demand] = demandsOf(
    two({ plan: plan(both, { verdicts: [verdict(both, { demand: 'rollback' })], actions: [gated, held] }) }),
  )
  assert.equal(demand?.planned, held)
})

test('a mandatory failure without a remedy demands a hold without a deadline', () => {
  const input = reportInput({
    plan: plan([finding()], { verdicts: [verdict([finding()], { demand: 'hold' })] }),
    rulebook: rulebook({ policies: [policy({ remediate: { action: 'none' } })] }),
  })
  const [demand] = demandsOf(input)
  assert.deepEqual([demand?.action, demand?.dueDay, demand?.standings.length], ['hold', null, 1])
})

test('a deployment that demands nothing is not among the demands', () => {
  assert.deepEqual(demandsOf(reportInput({ plan: plan([finding({ enforcement: 'advisory' })]) })), [])
})
