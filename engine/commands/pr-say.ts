// `pr approve|reject|snooze|comment|close|merge`: what a person does to a proposal.
import { isAbsolute, join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { formatDay } from '../domain/figures.ts'
import { formatInstant, isRealDay, localDay, nextDay, parseInstant, startOfLocalDay } from '../domain/instant.ts'
import type { Proposal, SignedApproval } from '../domain/proposal.ts'
import { approvalText, checkApproval, parseApproval, signApproval } from '../remediate/approval.ts'
import { gateWords, problemText, approvalText as whyNotCounted } from '../remediate/gate-text.ts'
import type { PersonsWord } from '../world.ts'
import type { CommandResult, Invocation } from './command.ts'
import { gateOf } from './gate-proposal.ts'
import type { OpenedProposals } from './open-proposals.ts'
import { principalOf, signingKey, speaker } from './pr-people.ts'
import { wordsOf } from './pr-text.ts'

/** The person's signature over this head and this evidence. Faults `approve/…`, `forge/ended`. */
export async function approve(
  invocation: Invocation,
  opened: OpenedProposals,
  proposal: Proposal,
): Promise<CommandResult> {
  const { now } = invocation.globals
  requireOpen(proposal)
  const approval =
    typeof invocation.options.signature === 'string'
      ? outsideSignature(invocation, opened, proposal, invocation.options.signature)
      : ownSignature(invocation, opened, proposal)
  const checked = checkApproval(approval, opened.signers, now)
  if ('problem' in checked)
    throw new Fault('approve/refused', `this approval is refused: ${gateWords('en').notCounted[checked.problem]}`)
  const { by } = checked.approval
  await opened.forge.say(proposal.id, { kind: 'approved', by, at: formatInstant(now), approval })
  const after = { ...proposal, approvals: [...proposal.approvals, approval] }
  const verdict = gateOf(invocation, opened, after)
  const own = verdict.approvals.at(-1)
  const why = own === undefined ? null : whyNotCounted(own, opened.language)
  const words = wordsOf(opened.language)
  return done(opened, proposal, 'approved', { by, counts: why === null, ...(why !== null && { why }) }, [
    words.done.approved(proposal.id, by),
    ...(why === null ? [] : [words.doesNotCount(why)]),
  ])
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

export async function say(
  invocation: Invocation,
  opened: OpenedProposals,
  proposal: Proposal,
  kind: Exclude<PersonsWord['kind'], 'approved'>,
): Promise<CommandResult> {
  requireOpen(proposal)
  const { name: by } = speaker(opened)
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
  await opened.forge.say(proposal.id, word)
  const words = wordsOf(opened.language)
  const { timeZone } = opened.governance.institution
  const day = until === null ? '' : formatDay(localDay((parseInstant(until) ?? 0) - 1, timeZone), opened.language)
  const line = kind === 'snoozed' ? words.done.snoozed(proposal.id, by, day) : words.done[kind](proposal.id, by)
  return done(opened, proposal, kind, { by, ...(until !== null && { until }) }, [line])
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

/** Passes the gate, or says what is missing and exits 2. Merged already: finishes what a crash left. */
export async function merge(
  invocation: Invocation,
  opened: OpenedProposals,
  proposal: Proposal,
): Promise<CommandResult> {
  const { forge, base, language } = opened
  if (base.ref === null)
    throw new Fault(
      'git/no-branch',
      'what is judged is no branch, so nothing can be merged into it',
      'check out the base, or name it with `--ref`',
    )
  const isOver = proposal.state === 'merged' || (proposal.state === 'open' && proposal.isOnBase)
  const verdict = isOver ? { missing: [], approvals: [] } : gateOf(invocation, opened, proposal)
  if (verdict.missing.length > 0) {
    const missing = verdict.missing.map((problem) => ({ ...problem, message: problemText(problem, language) }))
    const lines = [gateWords(language).mayNot, ...missing.map(({ message }) => `  - ${message}`)]
    return {
      exit: 2,
      json: { apiVersion: 'tutela/v1', kind: 'ProposalChange', proposal: proposal.id, done: null, missing },
      text: () => lines.join('\n'),
    }
  }
  const { name, email } = speaker(opened)
  const at = formatInstant(invocation.globals.now)
  const person = { name, email, at: Math.floor(invocation.globals.now / 1000) }
  const { commit } = await forge.merge(proposal.id, { into: base.ref, head: proposal.head, by: name, person, at })
  const words = wordsOf(language)
  const into = base.ref.replace(/^refs\/heads\//, '')
  return done(opened, proposal, 'merged', { by: name, commit, into }, [
    words.done.merged(proposal.id, commit.slice(0, 10), into),
    words.afterMerge,
  ])
}

function requireOpen({ id, state, end }: Proposal): void {
  if (state === 'open') return
  throw new Fault('forge/ended', `the proposal \`${id}\` is ${state} since ${end?.at ?? 'long ago'}`)
}

function done(
  _: OpenedProposals,
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
