// Which approvals count, and what else is missing. Each case differs in one thing from a proposal that may be merged.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Approval, Proposal } from '../../engine/domain/proposal.ts'
import { parseAllowedSigners } from '../../engine/remediate/allowed-signers.ts'
import { approvalText, signApproval } from '../../engine/remediate/approval.ts'
import { type GateProblem, gateProposal, type NotCounted, type ProposalGate } from '../../engine/remediate/gate.ts'
import { problemText, approvalText as why } from '../../engine/remediate/gate-text.ts'
import { english } from '../../engine/remediate/gate-words.en.ts'
import { portuguese } from '../../engine/remediate/gate-words.pt.ts'
import { ana, eve, lia, type Person, rui, signersOf } from './signers.ts'
import { at, card, governance, NOW, proposal } from './small-world.ts'

const OPEN = proposal()
const stated = (by: string, changed: Partial<Approval> = {}): Approval => ({
  proposal: OPEN.id,
  head: OPEN.head,
  evidence: OPEN.evidence,
  by,
  at: at(-0.1),
  ...changed,
})
const approvedBy = (who: Person, changed: Partial<Approval> = {}) => signApproval(stated(who.name, changed), who.key)
const signed = (...approvals: Proposal['approvals']) => ({ proposal: { ...OPEN, approvals } })

function gate(changed: Partial<ProposalGate> = {}): ProposalGate {
  return {
    ...signed(approvedBy(ana)),
    card: card().card,
    governance,
    signers: parseAllowedSigners(signersOf(ana, rui, lia), 'America/Sao_Paulo'),
    now: NOW,
    contributors: [{ name: 'Tutela', email: 'tutela@localhost' }],
    conflicts: [],
    planned: [],
    ...changed,
  }
}

const COUNTED: readonly { name: string; gate: Partial<ProposalGate>; problem: NotCounted | null }[] = [
  { name: 'an owner of the model counts', gate: {}, problem: null },
  { name: 'another owner counts', gate: signed(approvedBy(rui)), problem: null },
  { name: 'the name counts in any case', gate: signed(signApproval(stated('ANA'), ana.key)), problem: null },
  {
    name: 'an earlier head does not count',
    gate: signed(approvedBy(ana, { head: 'c'.repeat(40) })),
    problem: 'other-head',
  },
  {
    name: 'earlier evidence does not count',
    gate: signed(approvedBy(ana, { evidence: 'd'.repeat(64) })),
    problem: 'other-evidence',
  },
  {
    name: 'another proposal’s does not count',
    gate: signed(approvedBy(ana, { proposal: 'x' })),
    problem: 'other-proposal',
  },
  { name: 'who owns nothing does not count', gate: signed(approvedBy(lia)), problem: 'not-owner' },
  { name: 'a stranger’s key does not count', gate: signed(approvedBy(eve)), problem: 'unknown-key' },
  {
    name: 'the name of an owner with a stranger’s key does not count',
    gate: signed(signApproval(stated('ana'), eve.key)),
    problem: 'unknown-key',
  },
  {
    name: 'the name of an owner with another’s key does not count',
    gate: signed(signApproval(stated('ana'), lia.key)),
    problem: 'other-name',
  },
  {
    name: 'a changed text does not count',
    gate: signed({ ...approvedBy(lia), text: approvalText(stated('ana')) }),
    problem: 'bad-signature',
  },
  {
    name: 'white space around the text does not count',
    gate: signed({ ...approvedBy(ana), text: `${approvedBy(ana).text} ` }),
    problem: 'malformed',
  },
  { name: 'tomorrow’s does not count today', gate: signed(approvedBy(ana, { at: at(1) })), problem: 'from-the-future' },
  {
    name: 'a key that has ended since does not count, though it was valid then',
    gate: { signers: parseAllowedSigners(`ana valid-before="20261122050000Z" ${ana.publicLine}`, 'UTC') },
    problem: 'not-valid-then',
  },
  {
    name: 'an author of the branch does not count',
    gate: { contributors: [{ name: 'Ana', email: 'x@example.org' }] },
    problem: 'is-author',
  },
  {
    name: 'hidden characters, widths and accents make no other person of an author',
    gate: { contributors: [{ name: ' Ａná\u200b', email: 'x@example.org' }] },
    problem: 'is-author',
  },
  {
    name: 'a key of two names is one hand: the author does not approve by the other name',
    gate: {
      signers: parseAllowedSigners(`ana,eve ${ana.publicLine}`, 'UTC'),
      contributors: [{ name: 'eve', email: 'x@example.org' }],
    },
    problem: 'is-author',
  },
  {
    name: 'nor does the validator, whose name for the key stands on another line and has ended',
    gate: {
      signers: parseAllowedSigners(`ana ${ana.publicLine}\nlia valid-before="20200101Z" ${ana.publicLine}`, 'UTC'),
    },
    problem: 'is-validator',
  },
  {
    name: 'nor one known by address',
    gate: { contributors: [{ name: 'A. Souza', email: 'ana@example.org' }] },
    problem: 'is-author',
  },
  {
    name: 'the engine does not count',
    gate: { governance: { ...governance, record: { ...governance.record, author: { name: 'ana', email: 'bot@x' } } } },
    problem: 'is-engine',
  },
  {
    name: 'an owner who validates the model does not count',
    gate: { governance: { ...governance, people: { ...governance.people, 'team:model-risk': ['ana'] } } },
    problem: 'is-validator',
  },
]

for (const { name, gate: changed, problem } of COUNTED) {
  test(name, () => {
    const { approvals, missing } = gateProposal(gate(changed))
    assert.deepEqual(
      approvals.map((one) => one.problem),
      [problem],
    )
    assert.deepEqual(
      missing.map(({ code }) => code),
      problem === null ? [] : ['no-approval'],
    )
    assert.equal(
      typeof (approvals[0] === undefined ? null : why(approvals[0], 'pt')),
      problem === null ? 'object' : 'string',
    )
  })
}

const planned = (kind: 'update-proposal' | 'close-proposal', evidence: string) => [
  { kind, key: OPEN.key, evidence, reason: 'the facts changed' } as const,
]

const MISSING: readonly { name: string; gate: Partial<ProposalGate>; missing: readonly GateProblem['code'][] }[] = [
  { name: 'no approval at all', gate: signed(), missing: ['no-approval'] },
  {
    name: 'one that counts among others that do not',
    gate: signed(approvedBy(eve), approvedBy(lia), approvedBy(ana)),
    missing: [],
  },
  {
    name: 'a proposal that is closed',
    gate: { proposal: { ...OPEN, state: 'closed', approvals: [approvedBy(ana)] } },
    missing: ['not-open'],
  },
  { name: 'a card that is not on the base', gate: { card: null }, missing: ['no-card'] },
  { name: 'a card without owners', gate: { card: card({ owners: [] }).card }, missing: ['no-owner'] },
  {
    name: 'a team that nobody is in',
    gate: { card: card({ owners: ['team:ghosts', 'user:ana'] }).card },
    missing: ['unknown-team'],
  },
  {
    name: 'an owner that also validates',
    gate: { card: card({ owners: ['team:credit-models', 'Team:Model-Risk'] }).card },
    missing: ['owner-is-validator'],
  },
  { name: 'a conflict with the base', gate: { conflicts: ['models/credit/card.yaml'] }, missing: ['conflict'] },
  {
    name: 'facts that are others by now',
    gate: { planned: planned('update-proposal', 'e'.repeat(64)) },
    missing: ['facts-changed'],
  },
  {
    name: 'a problem that is over by now',
    gate: { planned: planned('close-proposal', OPEN.evidence) },
    missing: ['facts-changed'],
  },
  {
    name: 'a newer window that only confirms it',
    gate: { planned: planned('update-proposal', OPEN.evidence) },
    missing: [],
  },
  { name: 'policies that cannot be evaluated', gate: { planned: null }, missing: ['facts-unknown'] },
  {
    name: 'a ref written by hand that says it is about another model',
    gate: { proposal: { ...OPEN, model: 'fraud', approvals: [approvedBy(ana)] } },
    missing: ['forged'],
  },
  {
    name: 'a ref written by hand that names another branch',
    gate: { proposal: { ...OPEN, branch: 'refs/heads/tutela/hold/mine', approvals: [approvedBy(ana)] } },
    missing: ['forged'],
  },
]

for (const { name, gate: changed, missing } of MISSING) {
  test(`${name}: ${missing.length === 0 ? 'nothing is missing' : missing.join(', ')}`, () => {
    const verdict = gateProposal(gate(changed))
    assert.deepEqual(
      verdict.missing.map(({ code }) => code),
      missing,
    )
    for (const problem of verdict.missing) {
      for (const language of ['en', 'pt'] as const) assert.match(problemText(problem, language), /^\S.*[^.]$/)
    }
  })
}

test('both languages have the same sentences', () => {
  const keys = (words: typeof english) => [
    Object.keys(words),
    Object.keys(words.problems),
    Object.keys(words.notCounted),
  ]
  assert.deepEqual(keys(portuguese), keys(english))
})
