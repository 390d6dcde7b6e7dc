// `tutela pr`: the whole proposal flow without a server: list, show, diff, approve, reject, snooze, comment, merge, close.
import { hostname, userInfo } from 'node:os'
import { Fault } from '../base/fault.ts'
import { addDuration, formatInstant, isRealDay, parseDuration, startOfLocalDay } from '../domain/instant.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { PersonAt, PersonsWord } from '../world.ts'
import { makeApproval } from './approve.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { gateText } from './gate.ts'
import { diffOf, listText, proposalJson, showText } from './pr-text.ts'
import { findProposal, judgeProposal, openDesk, type ProposalDesk } from './proposal-desk.ts'

const ACTS = ['list', 'show', 'diff', 'approve', 'reject', 'snooze', 'comment', 'merge', 'close'] as const
type Act = (typeof ACTS)[number]

export const command: Command = {
  name: 'pr',
  summary: 'proposals without a server: list, show, diff, approve, reject, snooze, comment, merge, close',
  examples: ['tutela pr list', 'tutela pr approve 4e199dc0f3 --key ~/.ssh/id_ed25519'],
  arguments: [
    { name: '<act>', help: 'what to do', choices: ACTS },
    { name: '[id]', help: 'the proposal; its beginning is enough' },
  ],
  options: [
    { flags: '--key <file>', help: 'approve: the SSH key to sign with (default: Git’s user.signingKey)' },
    { flags: '--signature <file>', help: 'approve: a signature made outside, over the text that approve wrote' },
    { flags: '--until <date>', help: 'snooze: a day such as 2026-12-31, or a time from now such as 5d' },
    { flags: '--reason <text>', help: 'why; the text of a comment' },
    { flags: '--all', help: 'list: also those that have ended' },
  ],
  run: act,
}

async function act(invocation: Invocation): Promise<CommandResult> {
  const [what = '', id] = invocation.args
  const desk = openDesk(invocation)
  if (what === 'list') return await list(invocation, desk)
  if (id === undefined)
    throw new Fault('cli/bad-usage', `\`pr ${what}\` needs the id of a proposal`, '`tutela pr list` shows them')
  const proposal = await findProposal(desk, id)
  switch (what as Act) {
    case 'show':
      return await show(invocation, desk, proposal)
    case 'diff':
      return diff(desk, proposal)
    case 'merge':
      return await merge(invocation, desk, proposal)
    default:
      return await say(invocation, desk, proposal, what as Act)
  }
}

async function list({ options }: Invocation, { forge, base, language }: ProposalDesk): Promise<CommandResult> {
  const all = await forge.list(base.commit)
  const shown = options.all === true ? all : all.filter(({ state }) => state === 'open')
  return {
    exit: 0,
    json: { apiVersion: 'tutela/v1', kind: 'Proposals', proposals: shown.map(proposalJson) },
    text: () => listText(shown, all.length - shown.length, language),
  }
}

async function show({ globals }: Invocation, desk: ProposalDesk, proposal: Proposal): Promise<CommandResult> {
  const { missing, approvals } = await judgeProposal(desk, proposal, globals.now)
  const body = await desk.forge.body(proposal.id)
  const history = await desk.forge.history(proposal.id)
  return {
    exit: 0,
    json: {
      ...head('Proposal'),
      ...proposalJson(proposal),
      body,
      history,
      mayMerge: missing.length === 0,
      missing,
      approvals,
    },
    text: () => showText(proposal, body, gateText(missing, approvals, desk.language)),
  }
}

function diff(desk: ProposalDesk, proposal: Proposal): CommandResult {
  const files = diffOf(desk, proposal)
  return {
    exit: 0,
    json: { ...head('Diff'), proposal: proposal.id, head: proposal.head, files },
    text: () => files.map((file) => `--- a/${file.path}\n+++ b/${file.path}\n${file.diff}`).join('\n'),
  }
}

async function merge(invocation: Invocation, desk: ProposalDesk, proposal: Proposal): Promise<CommandResult> {
  const { base, forge, language, store, governance } = desk
  const { now } = invocation.globals
  if (base.ref === null)
    throw new Fault(
      'forge/no-base',
      'what is checked out is no branch, so nothing can be merged into it',
      'check out the branch, or name it with `--ref`',
    )
  const { missing, approvals } = await judgeProposal(desk, proposal, now)
  if (missing.length > 0) {
    const json = { ...head('Merge'), proposal: proposal.id, ok: false, missing, approvals }
    return { exit: 2, json, text: () => gateText(missing, approvals, language) }
  }
  const name = store.config('user.name') ?? governance.record.author.name
  const email = store.config('user.email') ?? governance.record.author.email
  const person: PersonAt = { name, email, at: now / 1000 }
  const { commit } = await forge.merge(proposal.id, {
    into: base.ref,
    head: proposal.head,
    by: name,
    person,
    at: formatInstant(now),
  })
  const json = { ...head('Merge'), proposal: proposal.id, ok: true, commit, into: base.ref }
  const text = {
    en: `merged ${proposal.id} into ${base.ref} as ${commit.slice(0, 12)}`,
    pt: `${proposal.id} incorporada a ${base.ref} como ${commit.slice(0, 12)}`,
  }
  return { exit: 0, json, text: () => text[language] }
}

/** Approve, reject, snooze, comment, close. */
async function say(invocation: Invocation, desk: ProposalDesk, proposal: Proposal, what: Act): Promise<CommandResult> {
  const { options, globals } = invocation
  const at = formatInstant(globals.now)
  const reason = typeof options.reason === 'string' ? options.reason : undefined
  const text = reason === undefined ? {} : { text: reason }
  if (what === 'comment' && reason === undefined) throw new Fault('cli/bad-usage', 'a comment needs `--reason TEXT`')
  if (proposal.state !== 'open') {
    throw new Fault(
      'forge/ended',
      `proposal \`${proposal.id}\` is ${proposal.state}`,
      '`tutela pr list` shows the open ones',
    )
  }
  const word = ((): PersonsWord => {
    if (what === 'approve') {
      const { by, signed } = makeApproval(invocation, desk, proposal)
      return { kind: 'approved', by, at, approval: signed, ...text }
    }
    const by = personHere(desk)
    if (what === 'snooze') return { kind: 'snoozed', by, at, until: untilOf(invocation, desk), ...text }
    return { kind: what === 'reject' ? 'rejected' : what === 'close' ? 'closed' : 'commented', by, at, ...text }
  })()
  await desk.forge.say(proposal.id, word)
  const after = await findProposal(desk, proposal.id)
  const { missing, approvals } = await judgeProposal(desk, after, globals.now)
  return {
    exit: 0,
    json: { ...head('Proposal'), ...proposalJson(after), said: word.kind, by: word.by, at, missing, approvals },
    text: () =>
      after.state === 'open'
        ? `${after.id}: ${word.kind}, ${word.by}\n${gateText(missing, approvals, desk.language)}`
        : `${after.id}: ${word.kind}, ${word.by}`,
  }
}

/** Who speaks, where no signature says so: what Git is configured with, else the account. */
function personHere({ store }: ProposalDesk): string {
  return store.config('user.name') ?? `${userInfo().username}@${hostname()}`
}

/** The end of the day that was named, in the institution's time zone, or a time from now. */
function untilOf({ options, globals }: Invocation, { governance }: ProposalDesk): string {
  const { until } = options
  const { timeZone, holidays } = governance.institution
  if (typeof until !== 'string')
    throw new Fault('cli/bad-usage', '`pr snooze` needs `--until DATE`', 'such as `--until 2026-12-31` or `--until 5d`')
  const duration = parseDuration(until)
  const at = duration !== null ? addDuration(globals.now, duration, { timeZone, holidays }) : null
  const end = at ?? (isRealDay(until) ? startOfLocalDay(until, timeZone) + 86_399_000 : null)
  if (end === null)
    throw new Fault(
      'cli/bad-option',
      `\`--until ${until}\` is neither a day nor a duration`,
      'such as 2026-12-31, 48h, 5d or 3bd',
    )
  if (end <= globals.now) throw new Fault('cli/bad-option', `\`--until ${until}\` is past`, 'name a later day')
  return formatInstant(end)
}

function head(kind: string): { apiVersion: string; kind: string } {
  return { apiVersion: 'tutela/v1', kind }
}
