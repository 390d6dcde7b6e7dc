// Which remedies the reconciler plans: what opens one, which outranks another, and what a plan depends on.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deploymentKey } from '../../engine/domain/by-deployment.ts'
import { proposalKey } from '../../engine/remediate/identity.ts'
import { planRemedies } from '../../engine/remediate/plan-remedies.ts'
import type { RemedyInput } from '../../engine/remediate/remedy-input.ts'
import { detailOf, FAIRNESS, HELD, judgedVersions, type RemedyCase, RULES, told, upToDate } from './remedy-scene.ts'
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

const CASES: readonly RemedyCase[] = [
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
  assert.equal(update?.reason, 'its text was brought up to date')
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
