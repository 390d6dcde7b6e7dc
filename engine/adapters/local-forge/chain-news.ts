// What a chain says that was not told yet. Where the commit up to which it was told is not on the chain any more, because
// what was said here was said again after the word of another, events are told apart by what they say.
import { canonicalJson } from '../../base/canonical-json.ts'
import type { ProposalEvent } from '../../domain/proposal.ts'
import type { ForgeBookmark, GitStore, ObjectId, RewoundProposal } from '../../world.ts'
import { PROPOSALS, readAt } from './proposal-chain.ts'

/** Oldest first, and up to where the chain is told then. */
export interface ChainNews {
  readonly events: readonly ProposalEvent[]
  readonly until: ObjectId | null
}

/**
 * The events of the chain that ends at `tip` (null: there is none) and that the one at `until` (null: none was told) does
 * not have. A commit that this clone does not have tells nothing.
 */
export function newsOf(
  git: GitStore,
  id: string,
  { tip, until }: { readonly tip: ObjectId | null; readonly until: ObjectId | null },
): ChainNews {
  if (tip === null || tip === until) return { events: [], until }
  const steps = stepsOf(git, id, tip, until)
  const isOnChain = until === null || steps.at(-1)?.parent === until
  if (isOnChain || git.resolve(until) === null) return { events: eventsOf(steps), until: tip }
  const told = stepsOf(git, id, until, null)
  if (told.some(({ commit }) => commit === tip)) return { events: [], until }
  // Told again when it has come back: until then the bookmark says what there was.
  if (wordsMissing(told, steps).length > 0) return { events: [], until }
  const known = new Set(told.map(({ event }) => canonicalJson(event)))
  return { events: eventsOf(steps).filter((event) => !known.has(canonicalJson(event))), until: tip }
}

/** As `MergingForge.rewound` says. A ref that is gone has lost all. */
export function rewoundChains(git: GitStore, bookmark: ForgeBookmark): RewoundProposal[] {
  return Object.entries(bookmark).flatMap(([id, recorded]): RewoundProposal[] => {
    if (!/^[0-9a-f]{10}$/.test(id)) return []
    const tip = git.resolve(PROPOSALS + id)
    const isGone = tip === null
    if (tip === recorded) return []
    if (git.resolve(recorded) === null) return [{ id, recorded, isHere: false, isGone, missing: [] }]
    const told = stepsOf(git, id, recorded, null)
    if (isGone) return [{ id, recorded, isHere: true, isGone, missing: eventsOf(told) }]
    const steps = stepsOf(git, id, tip, recorded)
    if (steps.at(-1)?.parent === recorded) return []
    const missing = wordsMissing(told, steps)
    return missing.length === 0 ? [] : [{ id, recorded, isHere: true, isGone, missing }]
  })
}

/** What people said in `told` and `steps` does not have; steps of the engine follow from the facts, and are taken anew. */
function wordsMissing(told: readonly Step[], steps: readonly Step[]): ProposalEvent[] {
  const there = new Set(steps.map(({ event }) => canonicalJson(event)))
  return eventsOf(told).filter((event) => event.by !== null && !there.has(canonicalJson(event)))
}

interface Step {
  readonly commit: ObjectId
  readonly parent: ObjectId | null
  readonly event: ProposalEvent
}

/** Newest first, down to the first one, or to the one after `until`. */
function stepsOf(git: GitStore, id: string, tip: ObjectId, until: ObjectId | null): Step[] {
  const steps: Step[] = []
  for (let at: ObjectId | null = tip; at !== null && at !== until; ) {
    const { state } = readAt(git, id, at)
    // The first one's parent is the head of its branch.
    const parent: ObjectId | null = state.sequence === 1 ? null : (git.firstParents(at, 2)[1]?.id ?? null)
    steps.push({ commit: at, parent, event: state.event })
    at = parent
  }
  return steps
}

function eventsOf(steps: readonly Step[]): ProposalEvent[] {
  return steps.map(({ event }) => event).reverse()
}
