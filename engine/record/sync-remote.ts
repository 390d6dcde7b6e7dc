// Keeps a clone and its remote in step before and after a run: fetch, fast-forward, push by compare-and-swap.
// What a run must agree on with other clones: the record branch, proposals with their branches, delivery marks.
import { Fault } from '../base/fault.ts'
import { DELIVERED } from '../remediate/delivered-marks.ts'
import type { BranchMove, FetchedProposals, GitStore, MergingForge, ObjectId, RefUpdate, SharedAt } from '../world.ts'
import { COSIGNED } from './cosigned-head.ts'

const STATE = 'refs/tutela/'

/** What the remote had when it was last asked: ref → commit. */
export type RemoteRefs = ReadonlyMap<string, ObjectId>

/** The clone, and the forge that says which refs are proposals. */
export interface SyncedClone {
  readonly store: GitStore
  readonly forge: MergingForge
}

/**
 * Fetches what a run builds on, and brings the local refs up to it: proposals as the forge joins them, the record branch
 * forward only. Faults `git/diverged`, `git/moved`.
 */
export async function fetchRecord(
  { store, forge }: SyncedClone,
  remote: SharedAt['remote'],
  record: string,
): Promise<FetchedProposals> {
  const fetched = await forge.fetch(remote, [record, `${STATE}*`])
  for (const [ref, theirs] of fetched.there) {
    const ours = store.resolve(ref)
    if (ours === theirs || (ours !== null && store.isAncestor(theirs, ours))) continue
    // Marks of deliveries that were never pushed claimed nothing: what they name is looked at, and done, again. Witnesses
    // cosign again what they cosigned.
    if (ref === DELIVERED || ref === COSIGNED) moveRef(store, { ref, expect: ours, to: theirs })
    else if (ref === record) fastForward(store, ref, ours, theirs)
  }
  return fetched
}

function fastForward(store: GitStore, ref: string, ours: ObjectId | null, theirs: ObjectId): void {
  if (ours !== null && !store.isAncestor(ours, theirs)) {
    throw new Fault(
      'git/diverged',
      `\`${ref}\` here and at the remote have each gone on by themselves`,
      'bring them together (for a branch: git pull --rebase), then run again',
    )
  }
  moveRef(store, { ref, expect: ours, to: theirs })
}

function moveRef(store: GitStore, move: BranchMove): void {
  const isMoved = move.ref.startsWith('refs/heads/') ? store.moveBranch(move) : store.updateRef(move)
  if (!isMoved) throw new Fault('git/moved', `\`${move.ref}\` moved meanwhile`, 'run again')
}

/**
 * Pushes proposals and marks as far as they differ from what the remote had, all or none; what it has then, or null when
 * refused. The record branch is not of them: its push is the commit point of a run.
 */
export async function pushState(
  { store, forge }: SyncedClone,
  { remote, there }: SharedAt,
): Promise<RemoteRefs | null> {
  const marks = [DELIVERED, COSIGNED].flatMap((ref) => {
    const to = store.resolve(ref)
    const expect = there.get(ref) ?? null
    return to === null || to === expect ? [] : [{ ref, expect, to }]
  })
  const updates: readonly RefUpdate[] = [...forge.unpushed(there), ...marks]
  if (updates.length === 0) return there
  if (!(await remote.push(updates))) return null
  const after = new Map(there)
  for (const { ref, to } of updates) {
    if (to === null) after.delete(ref)
    else after.set(ref, to)
  }
  return after
}
