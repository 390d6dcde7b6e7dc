// Keeps a clone and its remote in step before and after a run: fetch, fast-forward, push by compare-and-swap.
// What a run must agree on with other clones: the record branch, proposals with their branches, delivery marks.
import { Fault } from '../base/fault.ts'
import { DELIVERED } from '../remediate/delivered-marks.ts'
import type { BranchMove, GitRemote, GitStore, ObjectId, RefUpdate } from '../world.ts'
import { COSIGNED } from './cosigned-head.ts'

const STATE = 'refs/tutela/'

const PROPOSAL_BRANCHES = 'refs/heads/tutela/'

/** What the remote had when it was last asked: ref → commit. */
export type RemoteRefs = ReadonlyMap<string, ObjectId>

/** Fetches what a run builds on, and brings the local refs up to it. Faults `git/diverged`. */
export async function fetchRecord(store: GitStore, remote: GitRemote, record: string): Promise<RemoteRefs> {
  const there = await remote.fetch([record, `${STATE}*`, `${PROPOSAL_BRANCHES}*`])
  for (const [ref, theirs] of there) {
    const ours = store.resolve(ref)
    if (ours === theirs) continue
    // A proposal's branch is rendered anew and pushed with lease: the remote's is the one that people saw. Marks of
    // deliveries that were never pushed claimed nothing: what they name is looked at, and done, again. Witnesses cosign
    // again what they cosigned.
    const isReplaced = ref.startsWith(PROPOSAL_BRANCHES) || ref === DELIVERED || ref === COSIGNED
    if (ours !== null && store.isAncestor(theirs, ours)) continue
    if (isReplaced) moveRef(store, { ref, expect: ours, to: theirs })
    else if (ref === record || ref.startsWith(STATE)) fastForward(store, ref, ours, theirs)
  }
  return there
}

function fastForward(store: GitStore, ref: string, ours: ObjectId | null, theirs: ObjectId): void {
  if (ours !== null && !store.isAncestor(ours, theirs)) {
    throw new Fault(
      'git/diverged',
      `\`${ref}\` here and at the remote have each gone on by themselves`,
      `bring them together (for a branch: git pull --rebase), then run again`,
    )
  }
  moveRef(store, { ref, expect: ours, to: theirs })
}

function moveRef(store: GitStore, move: BranchMove): void {
  const isMoved = move.ref.startsWith('refs/heads/') ? store.moveBranch(move) : store.updateRef(move)
  if (!isMoved) throw new Fault('git/moved', `\`${move.ref}\` moved meanwhile`, 'run again')
}

/** Pushes the state of proposals and deliveries as far as it differs from what the remote had; what it has then, or null when refused. */
export async function pushState(store: GitStore, remote: GitRemote, there: RemoteRefs): Promise<RemoteRefs | null> {
  const here = [...store.listRefs(STATE), ...store.listRefs(PROPOSAL_BRANCHES)]
  const updates: RefUpdate[] = here
    .filter(({ ref, id }) => there.get(ref) !== id)
    .map(({ ref, id }) => ({ ref, expect: there.get(ref) ?? null, to: id }))
  const names = new Set(here.map(({ ref }) => ref))
  for (const [ref, id] of there) {
    if (ref.startsWith(PROPOSAL_BRANCHES) && !names.has(ref)) updates.push({ ref, expect: id, to: null })
  }
  if (updates.length === 0) return there
  if (!(await remote.push(updates))) return null
  const after = new Map(there)
  for (const { ref, to } of updates) {
    if (to === null) after.delete(ref)
    else after.set(ref, to)
  }
  return after
}
