// Merges a local proposal: merge commit, the branch by compare-and-swap, the chain, the proposal's branch, the checkout.
// The branch's move is the commit point; whatever a crash leaves after it, the same call finishes.
import { Fault } from '../../base/fault.ts'
import type { GitStore, MergingForge, ObjectId, SourceTree } from '../../world.ts'
import { GOVERNED_FOLDERS } from '../git/working-tree.ts'
import { settleBranch, tipOf } from './proposal-branch.ts'
import { advance, type ChainOf, readProposal } from './proposal-chain.ts'
import type { ReadProposal } from './proposal-state.ts'
import { mergedState } from './proposal-steps.ts'

type MergeOptions = Parameters<MergingForge['merge']>[1]

export function mergeProposal(chain: ChainOf, id: string, options: MergeOptions): { commit: ObjectId } {
  const { git } = chain
  const read = readProposal(git, id)
  if (read === null)
    throw new Fault('forge/unknown-proposal', `no proposal is called \`${id}\``, '`tutela pr list` shows them')
  const { state } = read
  if (state.state === 'closed')
    throw new Fault('forge/ended', `the proposal \`${id}\` is closed since ${state.end?.at}`)
  const commit =
    state.state === 'merged' ? lastMerge(read) : (mergedBefore(git, options) ?? mergeNow(git, read, options))
  const merged = advance(chain, id, (known) => {
    if (known?.state.state !== 'open') return null
    return { state: mergedState(known.state, { at: options.at, by: options.by, head: options.head, commit }) }
  })
  if (merged !== null) settleBranch(git, merged.state)
  followMerge(git, commit, options.into)
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

function mergeNow(git: GitStore, { state }: ReadProposal, options: MergeOptions): ObjectId {
  const { into, head, person } = options
  if (tipOf(git, state).head !== head)
    throw new Fault(
      'forge/moved',
      `\`${state.branch}\` has other commits by now`,
      'look at `tutela pr show`, then merge again',
    )
  const ours = requireTip(git, into)
  const message = `merge ${state.branch.slice('refs/heads/'.length)}\n\n${state.title}\n\nTutela-Proposal: ${state.id}\n`
  const result = git.mergeCommit({ ours, theirs: head, message, author: person, committer: person })
  if ('conflicts' in result) throw conflictFault(result.conflicts)
  requireClean(git, ours, result.commit, into)
  if (git.updateRef({ ref: into, expect: ours, to: result.commit })) return result.commit
  throw new Fault('forge/moved', `\`${into}\` moved meanwhile`, 'merge again')
}

function requireTip(git: GitStore, into: string): ObjectId {
  const tip = git.resolve(into)
  if (tip === null) throw new Fault('git/unknown-ref', `no branch is called \`${into}\``)
  return tip
}

/** Before anything is written: a changed file that would be overwritten refuses the merge. */
function requireClean(git: GitStore, from: ObjectId, to: ObjectId, into: string): void {
  if (git.headRef() !== into || git.workTree === null) return
  const [here, there] = [git.workingTree(), git.commitTree(from)]
  const known = new Set(here.dirty)
  // `dirty` names the governed folders alone; a person's commit on the branch may touch others.
  const dirty = git
    .changedPaths(from, to)
    .filter((path) => (isGoverned(path) ? known.has(path) : !isSame(here, there, path)))
  if (dirty.length === 0) return
  throw new Fault(
    'git/dirty',
    `${dirty.map((path) => `\`${path}\``).join(', ')} ${dirty.length === 1 ? 'has' : 'have'} changes of your own`,
    'commit or stash them, then merge again',
  )
}

function isGoverned(path: string): boolean {
  return GOVERNED_FOLDERS.some((folder) => path.startsWith(`${folder}/`))
}

function isSame(here: SourceTree, there: SourceTree, path: string): boolean {
  if (!here.has(path) || !there.has(path)) return here.has(path) === there.has(path)
  return Buffer.compare(here.read(path), there.read(path)) === 0
}

function followMerge(git: GitStore, commit: ObjectId, into: string): void {
  if (git.headRef() !== into || git.workTree === null) return
  const from = git.readCommit(commit).parents[0] ?? null
  git.followCheckout(from, commit, git.changedPaths(from, commit))
}

function conflictFault(paths: readonly string[]): Fault {
  return new Fault(
    'forge/conflict',
    `${paths.map((path) => `\`${path}\``).join(', ')} changed on both sides`,
    'run `tutela run`: it renders the proposal again on the base',
  )
}
