// Proposals that runs have recorded and that have no ref any more: somebody deleted it, or this clone never fetched it.
// What was decided of them would be decided anew, so the reading verbs say it and `run` refuses.
import type { Proposal } from '../domain/proposal.ts'
import type { GitStore, ObjectId, SourceTree } from '../world.ts'
import { bookmarkIn } from './forge-state.ts'
import { LAST_COMMITS, runCommits, WHOLE_HISTORY } from './recorded-runs.ts'

/** A recorded proposal without a ref. */
export interface GoneProposal {
  readonly id: string
  readonly ref: string
  /** Up to where it was recorded. */
  readonly recorded: ObjectId
  /** Whether this clone has that commit: then the ref can be put back at once. */
  readonly isHere: boolean
}

/**
 * By id. `known`: the proposals that have a ref; `record`: the tree that runs record in. Empty where that record was made
 * in another history (the bundled example's): its proposals never had a ref here. Faults `report/unreadable`.
 */
export function goneProposals(
  store: GitStore,
  record: SourceTree | null,
  known: readonly Pick<Proposal, 'id'>[],
): GoneProposal[] {
  const ids = new Set(known.map(({ id }) => id))
  const gone = Object.entries(bookmarkIn(record)?.forge ?? {}).filter(([id]) => ID.test(id) && !ids.has(id))
  if (gone.length === 0 || !isOwnHistory(store, record?.commit ?? null)) return []
  return gone.map(([id, recorded]) => ({
    ...{ id, recorded, ref: `refs/tutela/proposals/${id}` },
    isHere: store.resolve(recorded) !== null,
  }))
}

/** What puts the ref back, for a shell. */
export function putBack({ ref, recorded }: Pick<GoneProposal, 'ref' | 'recorded'>): string {
  return `git update-ref ${ref} ${recorded}`
}

const ID = /^[0-9a-f]{10}$/

/** The newest run is mostly near; the rest is walked only where it is not. */
function isOwnHistory(store: GitStore, tip: ObjectId | null): boolean {
  return [LAST_COMMITS, WHOLE_HISTORY].some((limit) => runCommits(store, tip, limit).length > 0)
}
