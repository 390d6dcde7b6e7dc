// Merges a local proposal: merge commit, then branch and chain as one push where there is a remote, then both here, by
// compare-and-swap; the checkout follows. The first move is the commit point; what a crash leaves after it, the same call finishes.
import { Fault } from '../../base/fault.ts'
import type { GitStore, MergingForge, ObjectId } from '../../world.ts'
import { settleBranch, tipOf } from './proposal-branch.ts'
import { advance, type ChainOf, PROPOSALS, readProposal, writeStep } from './proposal-chain.ts'
import type { ReadProposal } from './proposal-state.ts'
import { mergedState } from './proposal-steps.ts'
import { pushMoves } from './share-proposals.ts'

type MergeOptions = Parameters<MergingForge['merge']>[1]

/** As `MergingForge.merge` says. */
export async function mergeProposal(
  chain: ChainOf,
  id: string,
  options: MergeOptions,
): ReturnType<MergingForge['merge']> {
  const { git } = chain
  git.finishMove()
  const read = readProposal(git, id)
  if (read === null)
    throw new Fault('forge/unknown-proposal', `no proposal is called \`${id}\``, '`tutela pr list` shows them')
  const { state } = read
  if (state.state === 'closed')
    throw new Fault('forge/ended', `the proposal \`${id}\` is closed since ${state.end?.at}`)
  const commit =
    state.state === 'merged' ? lastMerge(read) : (mergedBefore(git, options) ?? (await mergeNow(chain, read, options)))
  const merged = advance(chain, id, (known) => {
    if (known?.state.state !== 'open') return null
    return { state: mergedState(known.state, { at: options.at, by: options.by, head: options.head, commit }) }
  })
  if (merged !== null) settleBranch(git, merged.state)
  return { commit }
}

function lastMerge({ state }: ReadProposal): ObjectId {
  const last = state.merged.at(-1)
  if (last === undefined) throw new Error('internal error: merged, but nothing was')
  return last.commit
}

/** Commits looked through for a merge that a crash left unrecorded; it is among the newest. */
const LOOKED_THROUGH = 1000

function mergedBefore(git: GitStore, { into, head }: MergeOptions): ObjectId | null {
  const tip = requireTip(git, into)
  if (git.mergeBase(tip, head) !== head) return null
  return git.firstParents(tip, LOOKED_THROUGH).find(({ parents }) => parents.slice(1).includes(head))?.id ?? tip
}

async function mergeNow(chain: ChainOf, read: ReadProposal, options: MergeOptions): Promise<ObjectId> {
  const { git } = chain
  const { state } = read
  const { into, head, person, committer = person } = options
  if (tipOf(git, state).head !== head)
    throw new Fault(
      'forge/moved',
      `\`${state.branch}\` has other commits by now`,
      'look at `tutela pr show`, then merge again',
    )
  const ours = requireTip(git, into)
  const message = `merge ${state.branch.slice('refs/heads/'.length)}\n\n${state.title}\n\nTutela-Proposal: ${state.id}\n`
  const result = git.mergeCommit({ ours, theirs: head, message, author: person, committer })
  if ('conflicts' in result) throw conflictFault(result.conflicts)
  const move = { ref: into, expect: ours, to: result.commit }
  git.requireMovable(move)
  if (!(await publish(chain, read, options, result.commit)))
    throw new Fault('forge/moved', `\`${into}\` or the proposal moved at the remote meanwhile`, 'merge again')
  if (git.moveBranch(move)) return result.commit
  throw new Fault('forge/moved', `\`${into}\` moved meanwhile`, 'merge again')
}

/** Branch and proposal as one push: a rejection that came there first leaves the branch alone. */
async function publish(
  chain: ChainOf,
  read: ReadProposal,
  { into, head, by, at, shared }: MergeOptions,
  commit: ObjectId,
): Promise<boolean> {
  if (shared === undefined) return true
  const { git } = chain
  const ended = writeStep(chain, read, { state: mergedState(read.state, { at, by, head, commit }) })
  const { id, branch } = read.state
  return await pushMoves(git, shared, [
    { ref: into, to: commit },
    { ref: PROPOSALS + id, to: ended },
    { ref: branch, to: null },
  ])
}

function requireTip(git: GitStore, into: string): ObjectId {
  const tip = git.resolve(into)
  if (tip === null) throw new Fault('git/unknown-ref', `no branch is called \`${into}\``)
  return tip
}

function conflictFault(paths: readonly string[]): Fault {
  return new Fault(
    'forge/conflict',
    `${paths.map((path) => `\`${path}\``).join(', ')} changed on both sides`,
    'run `tutela run`: it renders the proposal again on the base',
  )
}
