// `pr approve|reject|snooze|comment|close`: what a person says of a proposal.
import { Fault } from '../base/fault.ts'
import { visibleText } from '../base/visible-text.ts'
import { formatDay } from '../domain/figures.ts'
import { formatInstant, isRealDay, lastLocalDay, nextDay, parseInstant, startOfLocalDay } from '../domain/instant.ts'
import type { Proposal } from '../domain/proposal.ts'
import { approvalText, checkApproval, parseApproval } from '../remediate/approval.ts'
import { gateWords, problemText, approvalText as whyNotCounted } from '../remediate/gate-text.ts'
import type { PersonsWord } from '../world.ts'
import type { CommandResult, Invocation } from './command.ts'
import { gateOf } from './gate-proposal.ts'
import { findProposal, type OpenedProposals, openProposals } from './open-proposals.ts'
import { changersOf, fileDiffs } from './pr-diff.ts'
import { speaker } from './pr-people.ts'
import { pushWord, requireSeen, type SharedProposals, sharedText } from './pr-remote.ts'
import { signed, type ToSign } from './pr-sign.ts'
import { permittedWord } from './pr-silence.ts'
import { wordsOf } from './pr-words.ts'

/** The person's signature over this head and this evidence; exits 2 where it does not count. Faults `approve/…`, `forge/ended`. */
export async function approve(
  invocation: Invocation,
  opened: SharedProposals,
  proposal: Proposal,
): Promise<CommandResult> {
  const { now } = invocation.globals
  requireOpen(proposal)
  requireSeen(opened, proposal)
  const approval = signed(invocation, opened, approvalOf(now, proposal))
  const checked = checkApproval(approval, opened.signers, now)
  if ('problem' in checked)
    throw new Fault('approve/refused', `this approval is refused: ${gateWords('en').notCounted[checked.problem]}`)
  const { by } = checked.approval
  const words = wordsOf(opened.language)
  if (hasCounted(invocation, opened, proposal, by)) {
    const shared = await pushWord(opened, proposal.id)
    const lines = [words.already(proposal.id, by, proposal.head.slice(0, 10)), ...sharedText(shared, words)]
    return done(proposal, 'approved', { by, counts: true, already: true, ...shared }, lines)
  }
  await opened.forge.say(proposal.id, { kind: 'approved', by, at: formatInstant(now), approval })
  const shared = await pushWord(opened, proposal.id)
  // As it stands now: others may have approved, or a run rendered it anew, at the same time.
  const later = await openProposals(invocation, invocation.globals.ref)
  const standing = findProposal(later.proposals, proposal.id)
  const verdict = gateOf(invocation, later, standing)
  const own = verdict.approvals[standing.approvals.findIndex(({ text }) => text === approval.text)]
  const why = own === undefined ? null : whyNotCounted(own, opened.language)
  const changers = changersOf(opened, proposal, await opened.forge.history(proposal.id))
  const head = proposal.head.slice(0, 10)
  const names = changers?.map((name) => visibleText(name, 60)).join(', ')
  const result = done(proposal, 'approved', { by, counts: why === null, ...(why !== null && { why }), ...shared }, [
    words.done.approved(proposal.id, by, head, filesText(opened, proposal)),
    ...(names === undefined ? [] : [words.changedApproved(names)]),
    ...(why === null ? [] : [words.doesNotCount(why)]),
    // Whoever signs must know at once that no signature makes this mergeable.
    ...verdict.missing
      .filter(({ code }) => code === 'not-rendered' || code === 'forged')
      .map((problem) => visibleText(problemText(problem, opened.language), 1000)),
    ...sharedText(shared, words),
  ])
  return { ...result, exit: why === null ? 0 : 2 }
}

/** Whether a signature of theirs over this head and this evidence is there already, and counts. */
function hasCounted(invocation: Invocation, opened: OpenedProposals, proposal: Proposal, by: string): boolean {
  const { approvals } = gateOf(invocation, opened, proposal)
  return approvals.some((one) => one.by === by && whyNotCounted(one, opened.language) === null)
}

const MOST_FILES = 3

/** What the head changes, by path. */
function filesText(opened: OpenedProposals, proposal: Proposal): string {
  const paths = fileDiffs(opened, proposal).map(({ path }) => visibleText(path, 100))
  const rest = paths.length - MOST_FILES
  return paths.slice(0, MOST_FILES).join(', ') + (rest > 0 ? `, +${rest}` : '')
}

/** This head and this evidence, by whoever's key it is. */
function approvalOf(now: number, { id, head, evidence }: Proposal): ToSign {
  return {
    name: id,
    text: (by) => approvalText({ proposal: id, head, evidence, by, at: formatInstant(now) }),
    isAskedFor: (text) => {
      const approval = parseApproval(text)
      return approval?.proposal === id && approval.head === head && approval.evidence === evidence
    },
    about: `this head and evidence of \`${id}\``,
    command: `tutela pr approve ${id}`,
  }
}

/** Rejects, snoozes, comments or closes, in the name of Git's author, or of the key that signs. Faults `cli/bad-option`, `pr/…`, `forge/ended`. */
export async function say(
  invocation: Invocation,
  opened: SharedProposals,
  proposal: Proposal,
  kind: Exclude<PersonsWord['kind'], 'approved'>,
): Promise<CommandResult> {
  requireOpen(proposal)
  const reason = typeof invocation.options.reason === 'string' ? invocation.options.reason.trim() : ''
  if (kind !== 'snoozed' && reason === '')
    throw new Fault('cli/bad-option', `\`pr ${VERBS[kind]}\` needs a reason`, `--reason "…"`)
  const until = untilOf(invocation, opened)
  if (kind === 'snoozed' && until === null)
    throw new Fault('cli/bad-option', '`pr snooze` needs a day', '--until 2026-12-01')
  const word = permittedWord(invocation, opened, proposal, {
    ...{ kind, by: speaker(invocation, opened), at: formatInstant(invocation.globals.now) },
    ...(reason !== '' && { text: reason }),
    ...(until !== null && { until }),
  })
  const { by } = word
  await opened.forge.say(proposal.id, word)
  const shared = await pushWord(opened, proposal.id)
  const words = wordsOf(opened.language)
  const { timeZone } = opened.governance.institution
  const day = until === null ? null : formatDay(lastLocalDay(parseInstant(until) ?? 0, timeZone), opened.language)
  const line = words.done[kind](proposal.id, by, day ?? '')
  return done(proposal, kind, { by, ...(until !== null && { until }), ...shared }, [line, ...sharedText(shared, words)])
}

const VERBS = { rejected: 'reject', snoozed: 'snooze', commented: 'comment', closed: 'close' } as const

/** `--until`: the end of a local day, or an instant. It lies ahead. */
function untilOf({ options, globals }: Invocation, { governance }: OpenedProposals): string | null {
  const { until } = options
  if (typeof until !== 'string') return null
  const { timeZone } = governance.institution
  const at = isRealDay(until) ? startOfLocalDay(nextDay(until), timeZone) : parseInstant(until)
  if (at !== null && at > globals.now) return formatInstant(at)
  throw new Fault('cli/bad-option', `\`--until ${until}\` is no day to come`, 'such as --until 2026-12-01')
}

function requireOpen({ id, state, end }: Proposal): void {
  if (state === 'open') return
  throw new Fault('forge/ended', `the proposal \`${id}\` is ${state} since ${end?.at ?? 'long ago'}`)
}

/** What was done, for people and as JSON. */
export function done(
  { id }: Proposal,
  what: string,
  more: Readonly<Record<string, unknown>>,
  lines: readonly string[],
): CommandResult {
  return {
    exit: 0,
    json: { apiVersion: 'tutela/v1', kind: 'ProposalChange', proposal: id, done: what, ...more },
    text: () => lines.join('\n'),
  }
}
