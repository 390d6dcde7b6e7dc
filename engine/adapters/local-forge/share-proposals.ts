// Proposals of this clone and of a remote, brought together: fetched, and pushed by compare-and-swap. Marks of deliveries
// and the record branch are the business of runs, and stay where they are.
import { compareText } from '../../base/order.ts'
import type { FetchedProposals, GitRemote, GitStore, ObjectId, RefUpdate, SharedAt } from '../../world.ts'
import { joinChain } from './join-chain.ts'
import { type ChainOf, PROPOSALS, readProposal, readProposals } from './proposal-chain.ts'
import type { ProposalState } from './proposal-state.ts'

const BRANCHES = 'refs/heads/tutela/'

/** As `MergingForge.fetch` says. */
export async function fetchProposals(
  chain: ChainOf,
  remote: GitRemote,
  also: readonly string[],
): Promise<FetchedProposals> {
  const there = await remote.fetch([...new Set([`${PROPOSALS}*`, `${BRANCHES}*`, ...also])])
  const ids = [...there.keys()].filter((ref) => ref.startsWith(PROPOSALS)).map((ref) => ref.slice(PROPOSALS.length))
  const lost = []
  for (const id of ids.filter((one) => /^[0-9a-f]{10}$/.test(one)).sort(compareText)) {
    const events = joinChain(chain, id, there.get(PROPOSALS + id) ?? '')
    lost.push(...events.map((event) => ({ id, event })))
    const read = readProposal(chain.git, id)
    if (read !== null) followBranch(chain.git, read.state, there)
  }
  return { remote, there, lost }
}

/** The remote's branch is the one that people saw; commits that only this clone has on top of it stay. */
function followBranch(git: GitStore, { branch, state }: ProposalState, there: SharedAt['there']): void {
  const theirs = there.get(branch)
  if (state !== 'open' || theirs === undefined) return
  const ours = git.resolve(branch)
  if (ours === theirs || (ours !== null && git.isAncestor(theirs, ours))) return
  // Lost to another process of this clone: that one has fetched, too.
  git.moveBranch({ ref: branch, expect: ours, to: theirs })
}

/** As `MergingForge.unpushed` says. */
export function unpushedProposals(git: GitStore, there: SharedAt['there']): RefUpdate[] {
  return readProposals(git).flatMap(({ state, commit }) => [
    ...moved(PROPOSALS + state.id, commit, there),
    ...branchUpdate(git, state, there),
  ])
}

/** As `MergingForge.push` says. */
export async function pushProposals(git: GitStore, { remote, there }: SharedAt): Promise<boolean> {
  const updates = unpushedProposals(git, there)
  if (updates.length === 0) return true
  if (!(await remote.push(updates))) return false
  trackPushed(git, updates)
  return true
}

/** A push of these moves of ours, each compared with what the remote had. Deleting what it has not is no move. */
export async function pushMoves(
  git: GitStore,
  { remote, there }: SharedAt,
  moves: readonly { readonly ref: string; readonly to: ObjectId | null }[],
): Promise<boolean> {
  const updates = moves.flatMap(({ ref, to }) => moved(ref, to, there))
  if (!(await remote.push(updates))) return false
  trackPushed(git, updates)
  return true
}

function moved(ref: string, to: ObjectId | null, there: SharedAt['there']): RefUpdate[] {
  const expect = there.get(ref) ?? null
  return expect === to ? [] : [{ ref, expect, to }]
}

/** What somebody committed there is never moved nor deleted, and their commits here are theirs to push. */
function branchUpdate(git: GitStore, proposal: ProposalState, there: SharedAt['there']): RefUpdate[] {
  const { branch, head, heads, state } = proposal
  const theirs = there.get(branch)
  if (theirs !== undefined && !heads.includes(theirs)) return []
  if (state !== 'open') return moved(branch, null, there)
  return git.resolve(branch) === head ? moved(branch, head, there) : []
}

/** As after a fetch, so that what is unpushed can be told without asking the remote. */
function trackPushed(git: GitStore, updates: readonly RefUpdate[]): void {
  for (const { ref, to } of updates) {
    const tracked = `refs/tutela-remote/${ref.slice('refs/'.length)}`
    git.updateRef({ ref: tracked, expect: git.resolve(tracked), to })
  }
}
