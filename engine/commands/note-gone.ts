// Tells, in every verb that reads proposals, of those that are recorded and have no ref any more.
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
  readonly proposals: readonly Pick<Proposal, 'id'>[]
  readonly governance: Governance
}

/** To stderr, in text and in JSON alike: a line for each that can be put back at once, one for those that are not here. */
export function noteGone({ note, globals }: Pick<Invocation, 'note' | 'globals'>, read: ReadProposals): void {
  const { store, record, proposals, governance } = read
  if (store === null || governance.forge.kind !== 'local') return
  const words = wordsOf(globals.lang ?? governance.institution.languages[0] ?? 'pt')
  for (const { ids, todo } of goneTexts(goneProposals(store, record, proposals), words)) note(words.gone(ids, todo))
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
