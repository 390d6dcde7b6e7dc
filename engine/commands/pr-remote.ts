// `pr` and the remote where proposals are shared: fetched before a verb, pushed after it by compare-and-swap. Without the
// remote at hand, what only adds to a proposal is kept here and pushed later; a merge waits, since others decide in it.
import { Fault } from '../base/fault.ts'
import { visibleText } from '../base/visible-text.ts'
import type { Proposal } from '../domain/proposal.ts'
import { recordRef } from '../record/two-refs.ts'
import type { FetchedProposals, SharedAt } from '../world.ts'
import type { Invocation } from './command.ts'
import { type OpenedProposals, openProposals } from './open-proposals.ts'
import type { PrWords } from './pr-words.en.ts'
import { wordsOf } from './pr-words.ts'

/** What `pr` works on, after the fetch. */
export interface SharedProposals extends OpenedProposals {
  /** Null: there is no remote. A fault: it could not be reached. */
  readonly shared: SharedAt | Fault | null
  /** As they stood here before the fetch. */
  readonly before: readonly Proposal[]
}

/** How a step came to the others; `why`: it did not, yet. */
export type Shared = { readonly pushed: boolean | null; readonly why?: string }

/** Why a remote is not at hand, rather than something here being wrong. */
const UNREACHED: ReadonlySet<string> = new Set([
  'git/remote',
  'git/no-remote',
  'git/not-allowed',
  'git/refused',
  'git/remote-hooks',
  'git/unsupported-remote',
])

/** Fetches the proposals, and opens them. Faults of what is here pass through (`git/dirty`, `forge/unreadable`). */
export async function openShared(invocation: Invocation): Promise<SharedProposals> {
  const opened = await openProposals(invocation, invocation.globals.ref)
  const before = opened.proposals
  const shared = opened.forge.kind === 'local' ? await fetchShared(invocation, opened) : null
  if (shared === null || shared instanceof Fault) return { ...opened, shared, before }
  return { ...(await openProposals(invocation, invocation.globals.ref)), shared, before }
}

async function fetchShared(invocation: Invocation, opened: OpenedProposals): Promise<SharedAt | Fault | null> {
  const { store, forge, base, governance } = opened
  try {
    const remote = store.remote()
    if (remote === null) return null
    const also = [base.ref, recordRef(governance, base.ref)].filter((ref) => ref !== null)
    const fetched = await forge.fetch(remote, also)
    noteLost(invocation, opened.language, fetched.lost)
    return fetched
  } catch (error) {
    return unreached(error)
  }
}

/** What was said while the remote was away, and came too late, is gone: whoever said it has to know. */
export function noteLost(
  { note }: Pick<Invocation, 'note'>,
  language: OpenedProposals['language'],
  lost: FetchedProposals['lost'],
): void {
  const words = wordsOf(language)
  for (const { id, event } of lost) note(words.lost(id, words.event[event.kind], visibleText(event.by ?? '')))
}

/** Anything else is thrown again. */
function unreached(error: unknown): Fault {
  if (error instanceof Fault && UNREACHED.has(error.code)) return error
  throw error
}

/** Arbitrary: each attempt lost means that somebody else pushed. */
const MOST_ATTEMPTS = 10

/**
 * Pushes what was said of a proposal. Where others were faster it is fetched and said again after theirs. Faults
 * `forge/ended`, `forge/changed` when that is not possible any more; a remote that is out of reach is none.
 */
export async function pushWord({ forge, shared }: SharedProposals, id: string): Promise<Shared> {
  if (shared === null) return { pushed: null }
  if (shared instanceof Fault) return { pushed: false, why: shared.message }
  try {
    let at = shared
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      if (await forge.push(at)) return { pushed: true }
      const fetched = await forge.fetch(shared.remote, [])
      requireKept(fetched.lost, id)
      at = fetched
    }
  } catch (error) {
    return { pushed: false, why: unreached(error).message }
  }
  return { pushed: false, why: `the remote \`${shared.remote.name}\` does not take it` }
}

function requireKept(lost: readonly { readonly id: string }[], id: string): void {
  if (!lost.some((one) => one.id === id)) return
  throw new Fault(
    'forge/changed',
    `the proposal \`${id}\` ended, or its facts changed, at the remote before this could be said there`,
    `see \`tutela pr show ${id}\``,
  )
}

/** What a person is told of it, besides what was done. */
export function sharedText({ pushed, why }: Shared, words: PrWords): readonly string[] {
  return pushed === false ? [words.notPushed(why ?? '')] : []
}

/** For a verb that only reads: what is shown may be behind. */
export function noteUnreached(invocation: Invocation, { shared }: SharedProposals, words: PrWords): void {
  if (shared instanceof Fault) invocation.note(words.notFetched(shared.message))
}

/** Faults `approve/changed`: whoever signs has seen another head or other facts than those that were fetched just now. */
export function requireSeen({ before }: SharedProposals, { id, head, evidence }: Proposal): void {
  const seen = before.find((one) => one.id === id)
  if (seen === undefined || (seen.head === head && seen.evidence === evidence)) return
  throw new Fault(
    'approve/changed',
    `the proposal \`${id}\` changed at the remote since it was last seen here`,
    `look at \`tutela pr show ${id}\` and \`tutela pr diff ${id}\`, then approve again`,
  )
}
