// `tutela pr`: the whole flow of proposals without a server.
import { Fault } from '../base/fault.ts'
import type { Command, CommandResult, Invocation } from './command.ts'
import { noteGone } from './note-gone.ts'
import { findProposal, recordOf } from './open-proposals.ts'
import { merge } from './pr-merge.ts'
import { noteUnreached, openShared } from './pr-remote.ts'
import { approve, say } from './pr-say.ts'
import { diff, list, show } from './pr-text.ts'
import { wordsOf } from './pr-words.ts'

const WHAT = ['list', 'show', 'diff', 'approve', 'reject', 'snooze', 'comment', 'merge', 'close'] as const

export const command: Command = {
  name: 'pr',
  summary: 'list, read, approve, reject, snooze, comment, merge or close proposals',
  description:
    'A proposal is named by its id, the beginning of one, or its model. An approval is signed with your SSH key, and holds for this head commit and this evidence alone; `merge` passes the gate first and exits 2 with what is missing. What a mandatory policy demands is rejected by the signature of an owner, and with an end.',
  examples: ['tutela pr list', 'tutela pr show credit-default', 'tutela pr snooze credit-default --until 2026-12-24'],
  arguments: [
    { name: '<what>', help: WHAT.join(', '), choices: WHAT },
    { name: '[id]', help: 'the proposal' },
  ],
  options: [
    { flags: '--key <file>', help: "approve, reject: your SSH private key (default: Git's user.signingKey)" },
    { flags: '--signature <file>', help: 'approve, reject: a signature made outside, beside the text that it signs' },
    { flags: '--until <day>', help: 'snooze: until the end of this day; reject, close: silent no longer than that' },
    {
      flags: '--reason <text>',
      help: 'reject, close, snooze: why; comment: the comment (`retry` renders a frozen one anew)',
    },
  ],
  run: pr,
}

async function pr(invocation: Invocation): Promise<CommandResult> {
  const [what = 'list', id] = invocation.args
  const opened = await openShared(invocation)
  if (opened.forge.kind !== 'local')
    throw new Fault('pr/other-forge', `proposals live at \`${opened.forge.kind}\``, 'review and merge them there')
  if (['list', 'show', 'diff'].includes(what)) noteUnreached(invocation, opened, wordsOf(opened.language))
  noteGone(invocation, { ...opened, record: recordOf(opened) })
  if (what === 'list') return list(invocation, opened)
  if (id === undefined)
    throw new Fault('cli/bad-option', `\`pr ${what}\` needs the id of a proposal`, '`tutela pr list` shows them')
  const proposal = findProposal(opened.proposals, id)
  switch (what as (typeof WHAT)[number]) {
    case 'show':
      return show(invocation, opened, proposal)
    case 'diff':
      return diff(invocation, opened, proposal)
    case 'approve':
      return approve(invocation, opened, proposal)
    case 'merge':
      return merge(invocation, opened, proposal.id)
    case 'reject':
      return say(invocation, opened, proposal, 'rejected')
    case 'snooze':
      return say(invocation, opened, proposal, 'snoozed')
    case 'comment':
      return say(invocation, opened, proposal, 'commented')
    case 'close':
      return say(invocation, opened, proposal, 'closed')
    default:
      throw new Fault('cli/bad-option', `\`pr ${what}\` is not known`, WHAT.join(', '))
  }
}
