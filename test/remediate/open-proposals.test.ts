// What the reconciler plans for a proposal that is there: kept, refreshed, silenced, merged, resolved or withdrawn.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentName } from '../../engine/remediate/identity.ts'
import { planRemedies } from '../../engine/remediate/plan-remedies.ts'
import {
  cleanAt,
  clear,
  closedByPerson,
  EVIDENCE,
  judgedVersions,
  type RemedyCase,
  requested,
  told,
  upToDate,
} from './remedy-scene.ts'
import { at, card, finding, input, judgement, policy, proposal, rulebook } from './small-world.ts'

const CASES: readonly RemedyCase[] = [
  {
    name: 'an open proposal that agrees with the facts is left alone',
    input: { proposals: [upToDate()] },
    actions: [],
  },
  {
    name: 'a new body updates the body alone',
    input: { proposals: [proposal()] },
    actions: ['update-proposal retrain'],
  },
  {
    name: 'these very facts stay closed once a person closed them, without end',
    input: { proposals: [closedByPerson(-100, EVIDENCE)] },
    actions: ['open-proposal retrain (closed)'],
  },
  {
    name: 'a close until a day silences these facts until then',
    input: { proposals: [closedByPerson(-8, EVIDENCE, at(2))] },
    actions: [`open-proposal retrain (closed until ${at(2)})`],
  },
  {
    name: 'other facts wait seven days after a person closed the proposal',
    input: { proposals: [closedByPerson(-5, 'other')] },
    actions: [`open-proposal retrain (cool-down until ${at(2)})`],
  },
  { name: 'and no longer', input: { proposals: [closedByPerson(-7, 'other')] }, actions: ['open-proposal retrain'] },
  {
    name: 'what the engine closed opens again at once',
    input: { proposals: [upToDate({ state: 'closed', end: { at: at(-1), by: 'engine', reason: 'resolved' } })] },
    actions: ['open-proposal retrain'],
  },
  {
    name: 'a merged retrain is in effect: it is triggered, not proposed again',
    input: {
      cards: new Map([['credit', requested]]),
      proposals: [upToDate({ state: 'merged', merged: [{ evidence: EVIDENCE, at: at(0), commit: 'c' }] })],
    },
    actions: ['trigger retrain'],
  },
  {
    name: 'a trigger that was begun is never planned again',
    input: {
      cards: new Map([['credit', requested]]),
      proposals: [upToDate({ state: 'merged', merged: [{ evidence: EVIDENCE, at: at(0), commit: 'c' }] })],
      sent: new Set([sentName(proposal().key, EVIDENCE)]),
    },
    actions: [],
  },
  {
    name: 'a request that no proposal carried starts nothing',
    input: { cards: new Map([['credit', requested]]), judgements: [clear(0)] },
    actions: [],
  },
  {
    name: 'a proposal that was merged by another way is closed as merged, and triggered',
    input: { cards: new Map([['credit', requested]]), proposals: [upToDate()] },
    actions: ['close-proposal retrain: merged', 'trigger retrain'],
  },
  {
    name: 'one clean window is counted',
    input: { judgements: [clear(-1)], proposals: [upToDate()] },
    actions: ['update-proposal retrain'],
  },
  {
    name: 'the same window is not counted twice',
    input: { judgements: [clear(-1)], proposals: [upToDate({ clean: [cleanAt(-1)] })] },
    actions: [],
  },
  {
    name: 'the second clean window resolves it',
    input: { judgements: [clear(0)], proposals: [upToDate({ clean: [cleanAt(-1)] })] },
    actions: ['close-proposal retrain: resolved'],
  },
  {
    name: 'a new violation begins the count anew',
    input: { proposals: [upToDate({ clean: [cleanAt(-1)] })] },
    actions: ['update-proposal retrain'],
  },
  {
    name: 'missing data neither resolves nor withdraws a proposal',
    input: {
      judgements: [judgement([finding('drift', { outcome: 'error', cause: 'missing', window: null })])],
      proposals: [upToDate({ clean: [cleanAt(-1)] })],
    },
    actions: [],
  },
  {
    name: 'a warning that only lacks proof is no clean window',
    input: {
      judgements: [judgement([finding('drift', { outcome: 'warn', margin: -0.01 })])],
      proposals: [upToDate({ clean: [cleanAt(-1)] })],
    },
    actions: [],
  },
  {
    name: 'a model whose files are broken keeps its proposals',
    input: {
      judgements: [judgement([], { cause: 'invalid', outcome: 'error' })],
      proposals: [upToDate()],
      cards: new Map(),
    },
    actions: [],
  },
  {
    name: 'a waiver closes it, with that reason',
    input: {
      judgements: [judgement([finding('drift', { waiver: { id: 'w', expires: '2026-12-01' } })])],
      proposals: [upToDate()],
    },
    actions: ['close-proposal retrain: waived'],
  },
  {
    name: 'a rule that is gone withdraws it',
    input: { judgements: [judgement([finding('other', { outcome: 'pass' })])], proposals: [upToDate()] },
    actions: ['close-proposal retrain: withdrawn'],
  },
  {
    name: 'a retired model has no proposals',
    input: { judgements: [], proposals: [upToDate()], cards: new Map([['credit', card({ stage: 'retired' })]]) },
    actions: ['close-proposal retrain: withdrawn'],
  },
  {
    name: 'an evaluation that judged nothing closes nothing',
    input: { judgements: [], proposals: [upToDate()] },
    actions: [],
  },
  {
    name: 'an escalation that is due replaces the remedy',
    input: {
      rulebook: rulebook([
        policy('drift', { action: 'retrain', escalateTo: 'rollback', after: { amount: 10, unit: 'd' } }),
      ]),
      demands: [{ model: 'credit', environment: 'production', action: 'retrain', since: at(-10) }],
      outcomes: judgedVersions,
      proposals: [upToDate()],
    },
    actions: ['close-proposal retrain: superseded', 'open-proposal rollback'],
  },
  {
    name: 'an escalation that is not due yet does not',
    input: {
      rulebook: rulebook([
        policy('drift', { action: 'retrain', escalateTo: 'rollback', after: { amount: 10, unit: 'd' } }),
      ]),
      demands: [{ model: 'credit', environment: 'production', action: 'retrain', since: at(-9) }],
      outcomes: judgedVersions,
    },
    actions: ['open-proposal retrain'],
  },
  {
    name: 'a proposal under a former id of the card follows it',
    input: {
      cards: new Map([['credit', card({ formerly: ['loans'] })]]),
      proposals: [upToDate({ model: 'loans' })],
    },
    actions: ['update-proposal retrain'],
  },
]

for (const { name, input: changed, actions } of CASES) {
  test(name, () => assert.deepEqual(told(planRemedies(Object.freeze(input(changed)))), actions))
}
