// `tutela gate`: may this be merged. Says what is missing, in words, and exits 2. Writes nothing.
import { Fault } from '../base/fault.ts'
import { visibleText } from '../base/visible-text.ts'
import { type Diagnostic, hasErrors } from '../domain/diagnostic.ts'
import type { Language } from '../domain/governance.ts'
import type { Instant } from '../domain/instant.ts'
import { requireRecordTip } from '../record/record-tip.ts'
import { recordRef } from '../record/two-refs.ts'
import type { CountedApproval, GateProblem } from '../remediate/gate.ts'
import { approvalText, gateWords, problemText } from '../remediate/gate-text.ts'
import type { SourceTree } from '../world.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { sourceOf } from './diagnostic-source.ts'
import { gateOf, plannedOf } from './gate-proposal.ts'
import { gateRefs, type RefsGate } from './gate-refs.ts'
import type { Reviewed } from './gate-reviewers.ts'
import { proposalsOfHead } from './gate-unsaid.ts'
import { noteGone } from './note-gone.ts'
import { findProposal, type OpenedProposals, openProposals, recordOf } from './open-proposals.ts'
import { commitAt } from './open-repository.ts'
import { wordsOf } from './pr-words.ts'

export const command: Command = {
  name: 'gate',
  summary: 'say whether a proposal, or any pull request, may be merged; exit 2 with what is missing',
  description:
    'Owners, policies and keys are read from the base. By refs: nobody but `run` changes `ledger/` (but for `ledger/policy`) and `reports/`, no snapshot line is altered or removed, and what the merge makes blocks nothing new. A head that is a proposal, or carries one out, is gated as one, too.',
  examples: ['tutela gate --base HEAD --head HEAD', 'tutela gate --base HEAD --head HEAD --format json'],
  options: [
    { flags: '--proposal <id>', help: 'a proposal of the local forge' },
    { flags: '--base <ref>', help: 'what the pull request is merged into' },
    { flags: '--head <ref>', help: 'what is merged' },
  ],
  run: gate,
}

interface Answer {
  readonly missing: readonly GateProblem[]
  readonly approvals: readonly CountedApproval[]
  readonly refs: RefsGate | null
  readonly about: { readonly base: string; readonly head: string; readonly proposal?: string }
}

async function gate(invocation: Invocation): Promise<CommandResult> {
  const { options } = invocation
  const { proposal, base, head } = options
  if (typeof proposal === 'string' && base === undefined && head === undefined) {
    const opened = await openProposals(invocation, invocation.globals.ref)
    recordTree(opened)
    noteGone(invocation, { ...opened, record: recordOf(opened) })
    const found = findProposal(opened.proposals, proposal)
    const verdict = gateOf(invocation, opened, found)
    return result(opened, {
      ...verdict,
      refs: null,
      about: { base: opened.base.commit, head: found.head, proposal: found.id },
    })
  }
  if (typeof base === 'string' && typeof head === 'string' && proposal === undefined)
    return byRefs(invocation, base, head)
  throw new Fault(
    'cli/bad-option',
    '`gate` needs either a proposal or two refs',
    '--proposal ID, or --base REF --head REF',
  )
}

async function byRefs(invocation: Invocation, base: string, head: string): Promise<CommandResult> {
  const opened = await openProposals(invocation, base)
  const record = recordTree(opened)
  noteGone(invocation, { ...opened, record: recordOf(opened) })
  const commit = commitAt(opened.store, head)
  const { now } = invocation.globals
  const own = opened.proposals.find((one) => one.state === 'open' && one.head === commit)
  const refs = gateRefs({
    ...{ store: opened.store, base: opened.base.commit, head: commit },
    ...{ record, now, remedied: own ?? null },
  })
  const { proposals, missing } =
    own === undefined
      ? proposalsOfHead(opened, { asked: head, commit }, refs.judged, () => rollbacksDue(opened, now))
      : { proposals: [own], missing: [] }
  const verdicts = proposals.map((one) => gateOf(invocation, opened, one))
  const [first] = proposals
  // A proposal's own conflict says who brings it up to date.
  const isTold = verdicts.some((verdict) => verdict.missing.some(({ code }) => code === 'conflict'))
  return result(opened, {
    missing: [
      ...verdicts.flatMap((verdict) => verdict.missing.filter(({ code }) => !TOLD_BY_REFS.includes(code))),
      ...missing,
      ...refs.missing.filter(({ code }) => code !== 'merge-conflict' || !isTold),
    ],
    approvals: verdicts.flatMap(({ approvals }) => approvals),
    refs,
    about: { base: opened.base.commit, head: commit, ...(first !== undefined && { proposal: first.id }) },
  })
}

/** The deployments that the engine would return to another version. */
function rollbacksDue(
  opened: OpenedProposals,
  now: Instant,
): (names: readonly string[], environment: string) => boolean {
  const due = (plannedOf(opened, now) ?? []).filter(({ remedy }) => remedy === 'rollback')
  return (names, environment) => due.some((one) => names.includes(one.model ?? '') && one.environment === environment)
}

const TOLD_BY_REFS: readonly string[] = [
  'several-merge-bases',
  'run-files',
  'look-alike',
  'snapshot-changed',
  'model-removed',
]

/** Null where runs commit to the base. Faults `record/not-here`: without recorded facts nothing passes. */
function recordTree(opened: OpenedProposals): SourceTree | null {
  const { store, base, governance, tree } = opened
  const ref = recordRef(governance, base.ref)
  if (ref !== null && ref !== base.ref) requireRecordTip(store, ref)
  const record = recordOf(opened)
  return record === tree ? null : record
}

function result({ language }: OpenedProposals, { missing, approvals, refs, about }: Answer): CommandResult {
  const words = gateWords(language)
  const told = missing.map((problem) => ({ ...problem, message: problemText(problem, language) }))
  const signed = approvals.map((one) => ({ ...one, why: approvalText(one, language) }))
  const diagnostics = refs?.diagnostics ?? []
  const reviewers = refs?.reviewers ?? []
  const isInvalid = hasErrors(diagnostics)
  const ok = missing.length === 0 && !isInvalid
  return {
    exit: isInvalid ? 3 : ok ? 0 : 2,
    diagnostics,
    ...(refs !== null && diagnostics.length > 0 && { source: sourceOf(refs.merged) }),
    json: {
      apiVersion: 'tutela/v1',
      kind: 'Gate',
      ok,
      ...about,
      missing: told,
      approvals: signed,
      reviewers,
      diagnostics,
    },
    text: () =>
      [
        ok ? words.may : words.mayNot,
        ...told.map(({ message }) => `  - ${visibleText(message, 1000)}`),
        ...errorLines(diagnostics),
        ...signed.map(({ by, why }) => `  ${visibleText(by ?? '?')}: ${why ?? words.counts}`),
        ...(reviewers.length === 0 ? [] : [wordsOf(language).reviewers]),
        ...reviewers.map((one) => reviewerLine(one, language)),
      ].join('\n'),
  }
}

function reviewerLine({ path, owners, corrects, measures, escapes, replaces }: Reviewed, language: Language): string {
  const words = gateWords(language)
  const why = [
    ...(corrects === undefined ? [] : [words.corrects(corrects)]),
    ...(measures === undefined ? [] : [words.measures(measures)]),
    ...(escapes === undefined ? [] : [words.escapes(escapes)]),
    ...(replaces === undefined ? [] : [words.replaces(replaces)]),
  ]
  const names = owners.map((one) => visibleText(one)).join(', ')
  return `  ${visibleText(path, 200)}: ${names}${why.length === 0 ? '' : ` (${visibleText(why.join('; '), 1000)})`}`
}

/** What is wrong in the files of the merge: whoever reads the answer alone must see it. */
function errorLines(diagnostics: readonly Diagnostic[]): string[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const lines = errors
    .slice(0, MOST_ERRORS)
    .map(
      ({ file, line, column, message }) => `  - ${visibleText(file)}:${line}:${column} ${visibleText(message, 1000)}`,
    )
  return errors.length > MOST_ERRORS ? [...lines, `  - … ${errors.length - MOST_ERRORS}`] : lines
}

/** Arbitrary: all stand among the diagnostics. */
const MOST_ERRORS = 20
