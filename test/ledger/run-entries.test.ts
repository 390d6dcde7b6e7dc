import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { digestOf } from '../../engine/base/canonical-json.ts'
import { deploymentKey } from '../../engine/domain/by-deployment.ts'
import type { Verdict } from '../../engine/domain/finding.ts'
import { decodeEntry, type ReadEntry } from '../../engine/ledger/entry.ts'
import type { RunBody } from '../../engine/ledger/entry-bodies.ts'
import {
  type LastRecorded,
  type LedgerEvent,
  type RunInput,
  recordedFinding,
  recordedVerdicts,
  runEntries,
  verdictDigest,
} from '../../engine/ledger/run-entries.ts'
import { d, finding, INPUT, judgement, policy, waiver } from './run-input.ts'

function entriesOf(over: Partial<RunInput> = {}): ReadEntry[] {
  return runEntries({ ...INPUT, ...over }).map((bytes) => {
    const entry = decodeEntry(bytes)
    assert.ok(entry)
    return entry
  })
}

function lastOf(over: Partial<RunInput> = {}): LastRecorded {
  const input = { ...INPUT, ...over }
  const [run] = entriesOf(over)
  return {
    run: run?.body as unknown as RunBody,
    verdicts: recordedVerdicts(input.judgements.map(({ verdict }) => verdict)),
  }
}

const kinds = (entries: readonly ReadEntry[]) => entries.map(({ kind }) => kind)

test('a first run writes run and one evaluation a deployment, by model', () => {
  const entries = entriesOf()
  assert.deepEqual(kinds(entries), ['run', 'evaluation', 'evaluation'])
  assert.deepEqual(entries[0]?.body, {
    engine: '0.1.0',
    digest: d(1),
    counts: {
      verdicts: { pass: 1, warn: 0, fail: 1, error: 0, skip: 0 },
      findings: { pass: 1, warn: 0, fail: 1, error: 0, skip: 0 },
      blocking: 1,
    },
    trees: { policies: 'a'.repeat(40), models: null },
    rulebook: d(2),
    policies: { fairness: d(3) },
    cards: { alpha: d(8), zeta: d(7) },
    waivers: [],
  })
  assert.deepEqual(entries[2]?.body, {
    verdict: { ...INPUT.judgements[0]?.verdict },
    card: d(7),
    policies: d(2),
    findings: [
      {
        id: '0000000000000001',
        policy: 'fairness',
        rule: 'gap',
        subject: 'sex=F',
        outcome: 'fail',
        value: 0.25,
        limit: 0.1,
      },
    ],
  })
})

test('a second run of the same facts writes run alone', () => {
  assert.deepEqual(kinds(entriesOf({ last: lastOf() })), ['run'])
})

test('a verdict that differs is evaluated anew: another snapshot, outcome, or finding', () => {
  const [first, second] = INPUT.judgements
  assert.ok(first && second)
  for (const changed of [
    judgement('zeta', first.findings, [d(6)]),
    judgement('zeta', []),
    judgement('zeta', [finding(3)]),
  ]) {
    const entries = entriesOf({ last: lastOf(), judgements: [changed, second] })
    assert.deepEqual(kinds(entries), ['run', 'evaluation'])
  }
})

test('policies, cards and waivers that differ from the last run entry are events before the evaluations', () => {
  const before = lastOf({ rulebook: { ...INPUT.rulebook, waivers: [waiver('w-1')] } })
  const entries = entriesOf({
    last: { run: before.run, verdicts: new Map() },
    rulebook: {
      digest: d(22),
      policies: [policy('drift', d(4)), policy('fairness', d(33))],
      waivers: [waiver('w-2', { subject: 'sex=F', approvedBy: 'user:lia' })],
    },
    cards: new Map([['alpha', d(88)]]),
  })
  assert.deepEqual(
    entries.slice(1, -2).map(({ kind, body }) => [kind, body]),
    [
      ['card-changed', { model: 'alpha', from: d(8), to: d(88) }],
      ['card-changed', { model: 'zeta', from: d(7), to: null }],
      ['policy-changed', { policy: 'drift', from: null, to: d(4) }],
      ['policy-changed', { policy: 'fairness', from: d(3), to: d(33) }],
      ['waiver-expired', { waiver: 'w-1', reason: 'withdrawn' }],
      [
        'waiver-granted',
        {
          waiver: 'w-2',
          policy: 'fairness',
          rule: 'gap',
          model: 'credit',
          subject: 'sex=F',
          issued: '2026-11-01',
          expires: '2026-11-30',
        },
      ],
    ],
  )
  assert.deepEqual(kinds(entries.slice(-2)), ['evaluation', 'evaluation'])
})

test('a change under policies that is of no policy is one event', () => {
  const [, event, ...rest] = entriesOf({ last: lastOf(), rulebook: { ...INPUT.rulebook, digest: d(23) } })
  assert.deepEqual([event?.kind, event?.body], ['policy-changed', { policy: null, from: d(2), to: d(23) }])
  assert.equal(rest.length, 0)
})

test('a waiver that a person approved has the roles of that person, and never the name', () => {
  const people = { 'team:risk-committee': ['Lia', 'rui'], 'team:audit': ['lia', 'ana'], 'team:other': ['bia'] }
  const by = (approvedBy: string): unknown => {
    const rulebook = { ...INPUT.rulebook, waivers: [waiver('w-1', { approvedBy })] }
    return entriesOf({ rulebook, people })[1]?.body?.by
  }
  assert.deepEqual(by('user:lia'), ['team:audit', 'team:risk-committee'])
  assert.equal(by('User:RUI'), 'team:risk-committee')
  assert.equal(by('team:risk-committee'), 'team:risk-committee')
  assert.equal(by('user:nobody'), undefined)
})

test('a waiver holds on its first and last day, and has expired on the next', () => {
  const waivers = [waiver('w-1', { issued: '2026-11-22', expires: '2026-11-22' })]
  const rulebook = { ...INPUT.rulebook, waivers }
  assert.deepEqual(
    kinds(entriesOf({ rulebook })).filter((kind) => kind.startsWith('waiver')),
    ['waiver-granted'],
  )
  assert.deepEqual(entriesOf({ rulebook })[1]?.body?.by, 'team:risk-committee')
  const next = entriesOf({ rulebook, today: '2026-11-23', last: lastOf({ rulebook }) })
  assert.deepEqual(next[1]?.body, { waiver: 'w-1', reason: 'expired' })
  assert.deepEqual(kinds(entriesOf({ rulebook, today: '2026-11-21' })).includes('waiver-granted'), false)
})

const EVENTS: readonly LedgerEvent[] = [
  {
    kind: 'notice-sent',
    at: '2026-11-20T10:00:00Z',
    key: 'b',
    body: {
      channel: 'file',
      key: '1'.repeat(64),
      evidence: '2'.repeat(64),
      model: 'zeta',
      environment: 'production',
      state: 'sent',
    },
  },
  {
    kind: 'proposal-closed',
    at: '2026-11-20T10:00:00Z',
    key: 'a',
    body: { proposal: '0123456789', reason: 'resolved' },
  },
  {
    kind: 'report-published',
    at: null,
    key: 'report',
    body: { run: '00112233445566aa', path: 'reports/2026-11-22/00112233445566aa', files: {} },
  },
  {
    kind: 'proposal-merged',
    at: '2026-11-19T10:00:00Z',
    key: 'z',
    body: { proposal: '0123456789', head: 'a'.repeat(40), commit: 'b'.repeat(40) },
  },
]

test('events stand by time and key whatever order they come in, with their own moment', () => {
  const property = fc.property(fc.shuffledSubarray([...EVENTS], { minLength: EVENTS.length }), (events) => {
    const entries = entriesOf({ events, last: lastOf() })
    assert.deepEqual(
      entries.map(({ kind, at, body }) => [kind, at, body?.at]),
      [
        ['run', INPUT.now, undefined],
        ['proposal-merged', INPUT.now, '2026-11-19T10:00:00Z'],
        ['proposal-closed', INPUT.now, '2026-11-20T10:00:00Z'],
        ['notice-sent', INPUT.now, '2026-11-20T10:00:00Z'],
        ['report-published', INPUT.now, undefined],
      ],
    )
  })
  fc.assert(property, { numRuns: 20 })
})

test('lists that would make an entry pass 32 KiB are kept as their digest alone', () => {
  const findings = Array.from({ length: 400 }, (_, i) => finding(i))
  const [, entry] = runEntries({ ...INPUT, judgements: [judgement('zeta', findings)] })
  assert.ok(entry && entry.length <= 32 * 1024)
  const body = decodeEntry(entry)?.body as { findings: unknown; verdict: { findings: unknown } }
  assert.equal(body.findings, digestOf(findings.map(recordedFinding)))
  assert.equal(Array.isArray(body.verdict.findings), true)

  const many = judgement(
    'zeta',
    Array.from({ length: 4000 }, (_, i) => finding(i)),
    Array.from({ length: 600 }, (_, i) => d(i)),
  )
  const [, shortest] = runEntries({ ...INPUT, judgements: [many] })
  assert.ok(shortest && shortest.length <= 32 * 1024)
  const shortened = decodeEntry(shortest)?.body as { verdict: Verdict }
  assert.deepEqual(
    [shortened.verdict.findings, shortened.verdict.snapshots],
    [digestOf(many.verdict.findings), digestOf(many.verdict.snapshots)],
  )
  assert.equal(verdictDigest(shortened.verdict), verdictDigest(many.verdict))
})

test('a thousand cards are kept as one digest, and a change among them is still an event', () => {
  const cards = new Map(Array.from({ length: 1000 }, (_, i) => [`model-${String(i).padStart(4, '0')}`, d(i)] as const))
  const last = lastOf({ cards })
  assert.equal(last.run?.cards, digestOf(Object.fromEntries(cards)))
  assert.deepEqual(kinds(entriesOf({ cards, last })), ['run'])
  const changed = new Map([...cards, ['model-0005', d(9999)]])
  const [, event] = entriesOf({ cards: changed, last })
  assert.deepEqual(event?.body, { model: null, from: last.run?.cards, to: digestOf(Object.fromEntries(changed)) })
  const [, named] = entriesOf({ cards: changed, last: { ...last, cards } })
  assert.deepEqual(named?.body, { model: 'model-0005', from: d(5), to: d(9999) })
  const [, distrusted] = entriesOf({ cards: changed, last: { ...last, cards: changed } })
  assert.deepEqual(distrusted?.body, event?.body)
})

test('the same input gives the same bytes, and verdicts are told apart by deployment', () => {
  assert.deepEqual(runEntries(INPUT), runEntries(INPUT))
  const keys = INPUT.judgements.map(({ verdict }) => deploymentKey(verdict))
  assert.deepEqual([...lastOf().verdicts.keys()], keys)
})
