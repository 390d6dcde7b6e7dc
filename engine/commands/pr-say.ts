// `pr approve|reject|snooze|comment|close`: what a person says of a proposal.
import { isAbsolute, join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { visibleText } from '../base/visible-text.ts'
import { formatDay } from '../domain/figures.ts'
import { formatInstant, isRealDay, localDay, nextDay, parseInstant, startOfLocalDay } from '../domain/instant.ts'
import type { Proposal, SignedApproval } from '../domain/proposal.ts'
import { approvalText, checkApproval, parseApproval, signApproval } from '../remediate/approval.ts'
import { gateWords, problemText, approvalText as whyNotCounted } from '../remediate/gate-text.ts'
import type { PersonsWord } from '../world.ts'
import type { CommandResult, Invocation } from './command.ts'
import { gateOf } from './gate-proposal.ts'
import { findProposal, type OpenedProposals, openProposals } from './open-proposals.ts'
import { changersOf, fileDiffs } from './pr-diff.ts'
import { principalOf, signingKey, speaker } from './pr-people.ts'
import { pushWord, requireSeen, type SharedProposals, sharedText } from './pr-remote.ts'
import { requireMaySilence } from './pr-silence.ts'
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
  const approval =
    typeof invocation.options.signature === 'string'
      ? outsideSignature(invocation, opened, proposal, invocation.options.signature)
      : ownSignature(invocation, opened, proposal)
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

function ownSignature(invocation: Invocation, opened: OpenedProposals, proposal: Proposal): SignedApproval {
  const { now } = invocation.globals
  const key = signingKey(invocation, opened)
  const by = principalOf(opened, key.publicKey, now)
  const { id, head, evidence } = proposal
  const approval = { proposal: id, head, evidence, by, at: formatInstant(now) }
  if (key.privateKey !== null) return signApproval(approval, key.privateKey)
  const file = join(opened.store.gitDir, 'tutela', 'approvals', `${id}.json`)
  invocation.world.files.write(file, approvalText(approval))
  throw new Fault(
    'approve/sign-outside',
    `the key \`${key.path}\` cannot be used from here: it has a passphrase, or is kept elsewhere`,
    `ssh-keygen -Y sign -n tutela-approval -f ${key.path} ${file} && tutela pr approve ${id} --signature ${file}.sig`,
  )
}

/** The signed text lies beside the signature, without `.sig`. */
function outsideSignature(
  { world, globals }: Invocation,
  { store }: OpenedProposals,
  { id, head, evidence }: Proposal,
  asked: string,
): SignedApproval {
  const path = isAbsolute(asked) ? asked : resolve(globals.cwd, asked)
  const signature = world.files.read(path)
  if (signature === null) throw new Fault('approve/no-signature', `there is no file \`${asked}\``)
  const prepared = join(store.gitDir, 'tutela', 'approvals', `${id}.json`)
  const beside = path.endsWith('.sig') ? world.files.read(path.slice(0, -4)) : null
  const text = Buffer.from(beside ?? world.files.read(prepared) ?? '').toString('utf8')
  const approval = parseApproval(text)
  if (approval === null || approval.proposal !== id || approval.head !== head || approval.evidence !== evidence) {
    throw new Fault(
      'approve/other-text',
      `what \`${asked}\` signs is not this head and evidence of \`${id}\``,
      `begin anew with \`tutela pr approve ${id} --key PUBLIC-KEY\`: it writes the text to sign`,
    )
  }
  return { text, signature: Buffer.from(signature).toString('utf8') }
}

/** Rejects, snoozes, comments or closes, in the name of Git's author. Faults `cli/bad-option`, `pr/…`, `forge/ended`. */
export async function say(
  invocation: Invocation,
  opened: SharedProposals,
  proposal: Proposal,
  kind: Exclude<PersonsWord['kind'], 'approved'>,
): Promise<CommandResult> {
  requireOpen(proposal)
  const by = speaker(invocation, opened)
  const reason = typeof invocation.options.reason === 'string' ? invocation.options.reason.trim() : ''
  if (kind !== 'snoozed' && reason === '')
    throw new Fault('cli/bad-option', `\`pr ${VERBS[kind]}\` needs a reason`, `--reason "…"`)
  const until = untilOf(invocation, opened)
  if (kind === 'snoozed' && until === null)
    throw new Fault('cli/bad-option', '`pr snooze` needs a day', '--until 2026-12-01')
  const word: PersonsWord = {
    ...{ kind, by, at: formatInstant(invocation.globals.now) },
    ...(reason !== '' && { text: reason }),
    ...(until !== null && { until }),
  }
  requireMaySilence(opened, proposal, word)
  await opened.forge.say(proposal.id, word)
  const shared = await pushWord(opened, proposal.id)
  const words = wordsOf(opened.language)
  const { timeZone } = opened.governance.institution
  const day = until === null ? '' : formatDay(localDay((parseInstant(until) ?? 0) - 1, timeZone), opened.language)
  const line = kind === 'snoozed' ? words.done.snoozed(proposal.id, by, day) : words.done[kind](proposal.id, by)
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
