// What the reconciler plans, case by case. Long because the cases are one table.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deploymentKey } from '../../engine/domain/by-deployment.ts'
import type { PlannedAction } from '../../engine/domain/plan.ts'
import { proposalKey, requestId, sentName } from '../../engine/remediate/identity.ts'
import { planRemedies } from '../../engine/remediate/plan-remedies.ts'
import { bodyDigest, type ProposalDetail } from '../../engine/remediate/proposal-action.ts'
import type { RemedyInput } from '../../engine/remediate/remedy-input.ts'
import {
  at,
  CARD_TEXT,
  card,
  DAY,
  DRIFT,
  finding,
  input,
  judgement,
  NOW,
  policy,
  proposal,
  rulebook,
} from './small-world.ts'

const FAIRNESS = policy('fairness', { action: 'rollback' })
const HELD = policy('held', { action: 'hold' })
const RULES = policy('rules', { action: 'none' })
const judgedVersions = new Map([
  [deploymentKey({ model: 'credit', environment: 'production', version: '3.1.10' }), 'fail' as const],
  [deploymentKey({ model: 'credit', environment: 'production', version: '3.1.4' }), 'warn' as const],
])

/** `open-proposal retrain`, `close-proposal retrain: resolved`, `open-proposal retrain (limit)`. */
function told(actions: readonly PlannedAction[]): string[] {
  return actions.map(({ kind, remedy, gated, detail }) => {
    const end = kind === 'close-proposal' ? `: ${detail?.end}` : ''
    return `${kind} ${remedy}${end}${gated === undefined ? '' : ` (${gated.by}${gated.until === null ? '' : ` until ${gated.until}`})`}`
  })
}

function detailOf(actions: readonly PlannedAction[]): ProposalDetail {
  return actions[0]?.detail as unknown as ProposalDetail
}

/** The open proposal exactly as the plan would leave it. */
function upToDate(changed: Parameters<typeof proposal>[0] = {}) {
  return proposal({ body: bodyDigest(detailOf(planRemedies(input())).body), ...changed })
}

const closedByPerson = (days: number, evidence: string, until: string | null = null) =>
  upToDate({
    state: 'closed',
    end: { at: at(days), by: 'person', reason: 'rejected' },
    ignored: [{ evidence, at: at(days), until }],
  })
const EVIDENCE = proposal().evidence
const request = { id: requestId(proposal().key, EVIDENCE), reason: 'drift/limit', evidence: EVIDENCE, window: null }
const requested = card({ retrain: { trigger: 'local', request } })
const clear = (days: number) => {
  const window = { start: at(days - 1), end: at(days) }
  return judgement([finding('drift', { outcome: 'pass', value: 0.1, margin: 0.1, window })])
}
const cleanAt = (days: number) => ({ violation: ['drift', 'limit', 'income'] as const, end: at(days) })

const CASES: readonly { name: string; input: Partial<RemedyInput>; actions: readonly string[] }[] = [
  { name: 'a failure under an approval policy opens its remedy', input: {}, actions: ['open-proposal retrain'] },
  {
    name: 'an advisory failure, a waived one, a warning and an error open nothing',
    input: {
      judgements: [
        judgement([
          finding('drift', { enforcement: 'advisory' }),
          finding('drift', { subject: { feature: 'b' }, waiver: { id: 'w', expires: '2026-12-01' } }),
          finding('drift', { subject: { feature: 'c' }, outcome: 'warn' }),
          finding('drift', { subject: { feature: 'd' }, outcome: 'error', cause: 'missing' }),
        ]),
      ],
    },
    actions: [],
  },
  {
    name: 'a mandatory failure without a remedy demands a hold; under approval it demands nothing',
    input: {
      rulebook: rulebook([RULES]),
      judgements: [
        judgement([finding('rules', { enforcement: 'mandatory' })]),
        judgement([finding('rules', { environment: 'staging' })]),
      ],
    },
    actions: ['open-proposal hold'],
  },
  {
    name: 'a card without a recipe for retraining is held instead',
    input: { cards: new Map([['credit', card({ retrain: undefined } as never)]]) },
    actions: ['open-proposal hold'],
  },
  {
    name: 'a rollback goes to an earlier version whose last verdict did not fail',
    input: {
      rulebook: rulebook([FAIRNESS]),
      judgements: [judgement([finding('fairness')])],
      outcomes: judgedVersions,
    },
    actions: ['open-proposal rollback'],
  },
  {
    name: 'a rollback without such a version is a hold',
    input: { rulebook: rulebook([FAIRNESS]), judgements: [judgement([finding('fairness')])] },
    actions: ['open-proposal hold'],
  },
  {
    name: 'a rollback outranks a retrain that is not open yet, and supersedes one that is',
    input: {
      rulebook: rulebook([DRIFT, FAIRNESS]),
      judgements: [judgement([finding('drift'), finding('fairness')])],
      outcomes: judgedVersions,
      proposals: [],
    },
    actions: ['open-proposal rollback', 'open-proposal retrain (outranked)'],
  },
  {
    name: 'an open retrain is closed as superseded when a rollback is proposed',
    input: {
      rulebook: rulebook([DRIFT, FAIRNESS]),
      judgements: [judgement([finding('drift'), finding('fairness')])],
      outcomes: judgedVersions,
      proposals: [upToDate()],
    },
    actions: ['close-proposal retrain: superseded', 'open-proposal rollback'],
  },
  {
    name: 'a refused rollback leaves the retrain its turn',
    input: {
      rulebook: rulebook([DRIFT, FAIRNESS]),
      judgements: [judgement([finding('drift'), finding('fairness')])],
      outcomes: judgedVersions,
      proposals: [
        proposal({
          action: 'rollback',
          state: 'closed',
          snoozedUntil: at(3),
          end: { at: at(-1), by: 'person', reason: 'closed' },
        }),
      ],
    },
    actions: [`open-proposal rollback (snoozed until ${at(3)})`, 'open-proposal retrain'],
  },
  {
    name: 'a hold outranks a retrain until it is in effect',
    input: { rulebook: rulebook([DRIFT, HELD]), judgements: [judgement([finding('drift'), finding('held')])] },
    actions: ['open-proposal hold', 'open-proposal retrain (outranked)'],
  },
  {
    name: 'a deployment that is held is not held again, and may be retrained',
    input: {
      rulebook: rulebook([DRIFT, HELD]),
      judgements: [judgement([finding('drift'), finding('held')])],
      cards: new Map([['credit', card({ deployment: { environment: 'production', version: '3.2.0', hold: true } })]]),
    },
    actions: ['open-proposal retrain'],
  },
  {
    name: 'a challenger is judged, but only the champion is remedied',
    input: {
      cards: new Map([
        ['credit', card({ deployment: { environment: 'production', version: '3.2.0', role: 'challenger' } })],
      ]),
    },
    actions: [],
  },
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

test('the version before in number, not in letters, is rolled back to, and its target is evidence', () => {
  const world = (outcomes: RemedyInput['outcomes']) =>
    input({ rulebook: rulebook([FAIRNESS]), judgements: [judgement([finding('fairness')])], outcomes })
  const older = planRemedies(world(judgedVersions))
  const newer = planRemedies(world(new Map([...judgedVersions].map(([key]) => [key, 'pass' as const]))))
  assert.equal(detailOf(older).target, '3.1.4')
  assert.equal(detailOf(newer).target, '3.1.10')
  assert.notEqual(older[0]?.evidence, newer[0]?.evidence)
  assert.equal(older[0]?.key, newer[0]?.key)
})

test('no version that was never judged, failed, erred or was skipped is a target', () => {
  for (const outcome of ['fail', 'error', 'skip'] as const) {
    const outcomes = new Map([...judgedVersions].map(([key]) => [key, outcome]))
    const plan = planRemedies(
      input({ rulebook: rulebook([FAIRNESS]), judgements: [judgement([finding('fairness')])], outcomes }),
    )
    assert.deepEqual(told(plan), ['open-proposal hold'])
  }
})

test('evidence changes with the facts and not with a later window that confirms them', () => {
  const evidence = (changed: Partial<RemedyInput>) => planRemedies(input(changed))[0]?.evidence
  const first = evidence({})
  const nextWindow = { start: at(0), end: at(1) }
  assert.equal(evidence({ judgements: [judgement([finding('drift', { window: nextWindow, value: 0.4 })])] }), first)
  const changed: Partial<RemedyInput>[] = [
    { judgements: [judgement([finding('drift'), finding('drift', { subject: { feature: 'region' } })])] },
    { rulebook: rulebook([policy('drift', { action: 'retrain' }, { digest: 'sha256:00' })]) },
    {
      judgements: [judgement([finding('drift', { version: '3.3.0' })])],
      cards: new Map([['credit', card({ deployment: { environment: 'production', version: '3.3.0' } })]]),
    },
  ]
  for (const facts of changed) assert.notEqual(evidence(facts), first)
})

test('the window of a request stays the one it was first proposed for', () => {
  const later = [judgement([finding('drift', { window: { start: at(0), end: at(1) } })])]
  const [update] = planRemedies(input({ judgements: later, proposals: [upToDate()] }))
  assert.equal(update?.reason, 'newer windows confirm it')
  assert.deepEqual(update?.detail?.window, upToDate().window)
  assert.equal(update?.detail?.renders, false)
})

test('a card that changed on the base renders the branch again, unless a person has committed to it', () => {
  const text = CARD_TEXT.replace('# desired state', '# wanted')
  for (const isFrozen of [false, true]) {
    const [update] = planRemedies(input({ cardText: () => text, proposals: [upToDate({ isFrozen })] }))
    assert.match(update?.reason ?? '', /its card changed on the base/)
    assert.equal(update?.detail?.renders, !isFrozen)
    assert.equal(String(update?.detail?.body).includes('Write the comment `retry`'), isFrozen)
  }
})

test('ten proposals are open at most, the most urgent first, and a rollback does not wait', () => {
  const ids = Array.from({ length: 12 }, (_, i) => `m${String(i).padStart(2, '0')}`)
  const judgements = ids.map((model) =>
    judgement([
      finding(model === 'm11' ? 'fairness' : 'drift', {
        model,
        enforcement: model === 'm10' ? 'mandatory' : 'approval',
      }),
    ]),
  )
  const plan = planRemedies(
    input({
      judgements,
      rulebook: rulebook([DRIFT, FAIRNESS]),
      cards: new Map(ids.map((id) => [id, card({ id })])),
      outcomes: new Map([[deploymentKey({ model: 'm11', environment: 'production', version: '3.1.4' }), 'pass']]),
      proposals: Array.from({ length: 9 }, (_, i) => proposal({ model: `x${i}`, id: `x${i}` })),
    }),
  )
  assert.deepEqual(
    plan.slice(0, 3).map(({ model, gated }) => [model, gated?.by]),
    [
      ['m11', undefined],
      ['m10', 'limit'],
      ['m00', 'limit'],
    ],
  )
  assert.equal(plan[1]?.detail, undefined)
  const roomy = planRemedies(
    input({ judgements, rulebook: rulebook([DRIFT, FAIRNESS]), cards: new Map(ids.map((id) => [id, card({ id })])) }),
  )
  assert.equal(roomy.filter((action) => action.gated === undefined).length, 10)
})

test('the plan does not depend on the order of models, proposals or findings', () => {
  const ids = ['a', 'b', 'c', 'd']
  const judgements = ids.map((model) =>
    judgement([finding('drift', { model }), finding('fairness', { model, subject: null }), finding('held', { model })]),
  )
  const proposals = ids.map((model) =>
    proposal({ model, id: proposalKey(model, 'production', 'retrain').slice(0, 10) }),
  )
  const cards = new Map(ids.map((id) => [id, card({ id })]))
  const world = { rulebook: rulebook([DRIFT, FAIRNESS, HELD]), cards, outcomes: judgedVersions }
  const expected = planRemedies(input({ ...world, judgements, proposals }))
  fc.assert(
    fc.property(
      fc.shuffledSubarray(judgements, { minLength: 4 }),
      fc.shuffledSubarray(proposals, { minLength: 4 }),
      fc.boolean(),
      (shuffled, others, isReversed) => {
        const turned = shuffled.map((one) => ({
          ...one,
          findings: isReversed ? [...one.findings].reverse() : one.findings,
        }))
        const plan = planRemedies(input({ ...world, judgements: turned, proposals: others }))
        assert.deepEqual(plan, expected)
      },
    ),
    { numRuns: 30 },
  )
})

test('a plan is plain data: it is the same after a way through JSON', () => {
  const plan = planRemedies(input())
  assert.deepEqual(JSON.parse(JSON.stringify(plan)), plan)
  assert.ok(NOW - DAY < NOW)
})
