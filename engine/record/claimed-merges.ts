// Merges that a proposal's chain says and the judged base does not have. Whoever can write refs can say that something was
// merged, so a merge is believed for what stands on the base alone; else the proposal counts as open, and it is said.
import { Fault } from '../base/fault.ts'
import type { Proposal } from '../domain/proposal.ts'
import { requestId } from '../remediate/identity.ts'
import type { ForgeBookmark, GitStore, MergingForge, ObjectId } from '../world.ts'

type Merge = Proposal['merged'][number]

/** The proposals of a local forge, less the merges that `base` does not have; those whose last one it lacks are open. */
export function believedProposals(
  store: GitStore,
  base: ObjectId,
  { kind, proposals }: { readonly kind: MergingForge['kind']; readonly proposals: readonly Proposal[] },
): Proposal[] {
  if (kind !== 'local') return [...proposals]
  return proposals.map((proposal) => {
    const last = proposal.state === 'merged' ? (proposal.merged.at(-1) ?? null) : null
    const merged = proposal.merged.filter((one) => isOnBase(store, base, proposal, one, one === last))
    if (proposal.state !== 'merged' || (last !== null && merged.at(-1) === last)) {
      return merged.length === proposal.merged.length ? proposal : { ...proposal, merged }
    }
    return { ...proposal, merged, state: 'open', end: null, claimedMerge: last?.commit ?? proposal.head }
  })
}

/** The forge as runs record it: nothing of a proposal is told while a merge is claimed of it. */
export function tellingBelieved(forge: MergingForge, proposals: readonly Proposal[]): MergingForge {
  const claimed = new Set(proposals.flatMap(({ id, claimedMerge }) => (claimedMerge === undefined ? [] : [id])))
  if (claimed.size === 0) return forge
  return {
    ...forge,
    eventsSince: async (known, there) => {
      const { events, bookmark } = await forge.eventsSince(known, there)
      const next: ForgeBookmark = Object.fromEntries([
        ...Object.entries(bookmark).filter(([id]) => !claimed.has(id)),
        ...Object.entries(known ?? {}).filter(([id]) => claimed.has(id)),
      ])
      return { events: events.filter(({ proposal }) => !claimed.has(proposal.id)), bookmark: next }
    },
  }
}

/**
 * The merge commit is on the base, and with it the proposal's head (of the last merge) and, of a retrain, its request:
 * any commit of the base could be named as head and merge alike.
 */
function isOnBase(store: GitStore, base: ObjectId, proposal: Proposal, merge: Merge, isLast: boolean): boolean {
  const { head, action, key } = proposal
  if (!isWithin(store, merge.commit, base) || (isLast && !isWithin(store, head, base))) return false
  if (action !== 'retrain') return true
  const request = requestId(key, merge.evidence)
  return [merge.commit, ...(isLast ? [head] : [])].some((commit) => hasRequest(store, commit, proposal.model, request))
}

/** The card's folder is mostly its model's id; renamed ones are looked for. */
function hasRequest(store: GitStore, commit: ObjectId, model: string, request: string): boolean {
  const tree = store.commitTree(commit)
  const says = (path: string) => Buffer.from(tree.read(path)).includes(request)
  const own = `models/${model}/card.yaml`
  if (tree.has(own) && says(own)) return true
  return tree.list(['models']).some(({ path }) => /^models\/[^/]+\/card\.yaml$/.test(path) && says(path))
}

/** What a shallow clone cannot tell is not there. */
function isWithin(store: GitStore, commit: ObjectId, base: ObjectId): boolean {
  if (!/^[0-9a-f]{40}$/.test(commit) || store.resolve(commit) === null) return false
  try {
    return store.mergeBase(commit, base) === commit
  } catch (error) {
    if (error instanceof Fault && error.code === 'git/shallow') return false
    throw error
  }
}
