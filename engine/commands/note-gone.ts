// Tells, in every verb that reads proposals, of those that are recorded and have no ref any more, and of merges that the
// base does not have.
import { visibleText } from '../base/visible-text.ts'
import type { Governance } from '../domain/governance.ts'
import type { Proposal } from '../domain/proposal.ts'
import { type GoneProposal, goneProposals, putBack } from '../record/gone-proposals.ts'
import type { GitStore, SourceTree } from '../world.ts'
import type { Invocation } from './command.ts'
import type { PrWords } from './pr-words.en.ts'
import { wordsOf } from './pr-words.ts'

/** What was read of the repository. */
export interface ReadProposals {
  readonly store: GitStore | null
  /** The tree that runs record in; null before the first run. */
  readonly record: SourceTree | null
  readonly proposals: readonly Pick<Proposal, 'id' | 'claimedMerge'>[]
  readonly governance: Governance
}

/** To stderr, in text and in JSON alike: a line for each that can be put back at once, one for those that are not here. */
export function noteGone({ note, globals }: Pick<Invocation, 'note' | 'globals'>, read: ReadProposals): void {
  const { store, record, proposals, governance } = read
  if (store === null || governance.forge.kind !== 'local') return
  const words = wordsOf(globals.lang ?? governance.institution.languages[0] ?? 'pt')
  for (const { ids, todo } of goneTexts(goneProposals(store, record, proposals), words)) note(words.gone(ids, todo))
  noteClaimed({ note }, proposals, words)
  noteStrangeRefs({ note }, store, words)
}

/** A line for each merge that a proposal says and the base does not have. */
export function noteClaimed(
  { note }: Pick<Invocation, 'note'>,
  proposals: ReadProposals['proposals'],
  words: PrWords,
): void {
  for (const { id, claimedMerge } of proposals)
    if (claimedMerge !== undefined) note(words.claimed(id, claimedMerge.slice(0, 10)))
}

/** A line for each ref among those of proposals that is none's. */
export function noteStrangeRefs({ note }: Pick<Invocation, 'note'>, store: GitStore, words: PrWords): void {
  for (const ref of strangeRefs(store)) note(words.strangeRef(visibleText(ref)))
}

const PROPOSALS = 'refs/tutela/proposals/'

/** Refs where proposals are that have no proposal's name. */
export function strangeRefs(store: GitStore): string[] {
  const refs = store.listRefs(PROPOSALS).map(({ ref }) => ref)
  return refs.filter((ref) => !/^[0-9a-f]{10}$/.test(ref.slice(PROPOSALS.length))).slice(0, MOST)
}

/** Which are gone, and what to do about it. Of many that were never fetched one line is enough. */
export function goneTexts(
  gone: readonly GoneProposal[],
  words: PrWords,
): readonly { readonly ids: string; readonly todo: string }[] {
  const here = gone.filter(({ isHere }) => isHere).map((one) => ({ ids: one.id, todo: words.goneHere(putBack(one)) }))
  const elsewhere = gone.filter(({ isHere }) => !isHere)
  const [first] = elsewhere
  if (first === undefined) return here
  const shown = elsewhere.slice(0, MOST).map(({ id }) => id)
  const more = elsewhere.length > MOST ? [`+${elsewhere.length - MOST}`] : []
  return [...here, { ids: [...shown, ...more].join(', '), todo: words.goneElsewhere(first.recorded) }]
}

/** Arbitrary. */
const MOST = 5
