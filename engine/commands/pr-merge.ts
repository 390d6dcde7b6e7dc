// `pr merge`: through the gate, on what the remote has now, as one push with the proposal; then here.
import { Fault } from '../base/fault.ts'
import { formatInstant } from '../domain/instant.ts'
import type { Proposal } from '../domain/proposal.ts'
import { recordRef } from '../record/two-refs.ts'
import { gateWords, problemText } from '../remediate/gate-text.ts'
import type { GitStore, SharedAt } from '../world.ts'
import type { CommandResult, Invocation } from './command.ts'
import { gateOf } from './gate-proposal.ts'
import { findProposal, openProposals } from './open-proposals.ts'
import { authorOf, committerOf, speaker } from './pr-people.ts'
import { openShared, pushWord, type SharedProposals, sharedText } from './pr-remote.ts'
import { done } from './pr-say.ts'
import { wordsOf } from './pr-words.ts'

/** Arbitrary: each attempt lost means that base or proposal moved at the remote, and the gate is asked again. */
const MOST_ATTEMPTS = 5

/**
 * Passes the gate, or says what is missing and exits 2. Merged already: finishes what a crash left. Faults
 * `pr/offline`, `git/unpushed`, `git/diverged`, `git/no-branch`, `pr/no-name`, `pr/no-email`, and those of `MergingForge.merge`.
 */
export async function merge(invocation: Invocation, first: SharedProposals, id: string): Promise<CommandResult> {
  let opened = first
  for (let attempt = 1; ; attempt++) {
    try {
      return await mergeOnce(invocation, opened, id)
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'forge/moved' || attempt === MOST_ATTEMPTS) throw error
      opened = await openShared(invocation)
    }
  }
}

async function mergeOnce(invocation: Invocation, before: SharedProposals, id: string): Promise<CommandResult> {
  const into = before.base.ref
  if (into === null)
    throw new Fault(
      'git/no-branch',
      'what is judged is no branch, so nothing can be merged into it',
      'check out the base, or name it with `--ref`',
    )
  const shared = requireReached(before)
  const opened = shared === null ? before : await broughtUp(invocation, before, shared, into)
  const proposal = findProposal(opened.proposals, id)
  const { forge, language } = opened
  const isOver = proposal.state === 'merged' || (proposal.state === 'open' && proposal.isOnBase)
  const verdict = isOver ? { missing: [] } : gateOf(invocation, opened, proposal)
  if (verdict.missing.length > 0) return refused(opened, proposal, verdict.missing)
  const { now } = invocation.globals
  const by = speaker(invocation, opened)
  const { commit } = await forge.merge(proposal.id, {
    ...{ into, head: proposal.head, by, at: formatInstant(now) },
    ...{ person: authorOf(invocation, opened), committer: committerOf(invocation, opened) },
    ...(shared !== null && { shared }),
  })
  // A merge is pushed with its proposal; one that was merged already may have left its proposal behind.
  const after =
    shared !== null && isOver ? await pushAfter(invocation, opened, proposal.id) : { pushed: shared !== null || null }
  const words = wordsOf(language)
  const branch = into.replace(/^refs\/heads\//, '')
  return done(proposal, 'merged', { by, commit, into: branch, ...after }, [
    words.done.merged(proposal.id, commit.slice(0, 10), branch),
    words.afterMerge,
    ...sharedText(after, words),
  ])
}

async function pushAfter(invocation: Invocation, opened: SharedProposals, id: string) {
  const { shared } = await openShared(invocation)
  return await pushWord({ ...opened, shared }, id)
}

function refused(
  { language }: SharedProposals,
  { id }: Proposal,
  problems: ReturnType<typeof gateOf>['missing'],
): CommandResult {
  const missing = problems.map((problem) => ({ ...problem, message: problemText(problem, language) }))
  const lines = [gateWords(language).mayNot, ...missing.map(({ message }) => `  - ${message}`)]
  return {
    exit: 2,
    json: { apiVersion: 'tutela/v1', kind: 'ProposalChange', proposal: id, done: null, missing },
    text: () => lines.join('\n'),
  }
}

/** A rejection, or a commit on the base, that nobody here has seen would be passed over. */
function requireReached({ shared }: SharedProposals): SharedAt | null {
  if (!(shared instanceof Fault)) return shared
  throw new Fault(
    'pr/offline',
    `a merge needs the remote, so that nothing others decided is passed over: ${shared.message}`,
    shared.hint ?? 'try again when it can be reached',
    { cause: shared },
  )
}

/** The base and the record branch as the remote has them; they move forward alone. */
async function broughtUp(
  invocation: Invocation,
  opened: SharedProposals,
  { there }: SharedAt,
  into: string,
): Promise<SharedProposals> {
  const { store, governance } = opened
  bringBase(store, into, there.get(into) ?? null)
  const record = recordRef(governance, into)
  if (record !== null && record !== into) bringRecord(store, record, there.get(record) ?? null)
  return { ...opened, ...(await openProposals(invocation, invocation.globals.ref)) }
}

function bringBase(store: GitStore, ref: string, theirs: string | null): void {
  const ours = store.resolve(ref)
  if (ours === theirs) return
  const name = ref.replace(/^refs\/heads\//, '')
  if (theirs === null || (ours !== null && store.isAncestor(theirs, ours)))
    throw new Fault(
      'git/unpushed',
      `\`${name}\` has commits here that the remote has not, and a merge would publish them`,
      'push them first (`git push`, or `tutela run` where runs commit there), then merge again',
    )
  if (ours !== null && !store.isAncestor(ours, theirs))
    throw new Fault(
      'git/diverged',
      `\`${name}\` here and at the remote have each gone on by themselves`,
      'bring them together (`git pull --rebase`), push, then merge again',
    )
  if (!store.moveBranch({ ref, expect: ours, to: theirs }))
    throw new Fault('forge/moved', `\`${name}\` moved meanwhile`, 'merge again')
}

/** Runs commit there, and bring what they left together: for the gate it is enough to be no older than it was. */
function bringRecord(store: GitStore, ref: string, theirs: string | null): void {
  const ours = store.resolve(ref)
  if (theirs === null || ours === theirs) return
  if (ours === null || store.isAncestor(ours, theirs)) store.moveBranch({ ref, expect: ours, to: theirs })
}
