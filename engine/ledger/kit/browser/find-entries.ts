// The filters of the list: by kind, model, outcome, dates, and words anywhere in what is recorded and shown (entry-words.ts).
import { DECISIONS, type EntryFacts } from './entry-facts.ts'
import { plainText } from './entry-words.ts'

/** What is asked; an empty text asks for nothing. Dates are `yyyy-mm-dd`, both included, UTC. */
export interface EntryFilter {
  readonly words: string
  /** A kind, or `decisions`. */
  readonly kind: string
  readonly model: string
  readonly outcome: string
  readonly from: string
  readonly to: string
}

/** Everything. */
export const NO_FILTER: EntryFilter = { words: '', kind: '', model: '', outcome: '', from: '', to: '' }

/** The indexes of the entries that pass, in their order. `textOf`, plain, is asked only for those that pass all else. */
export function findEntries(
  facts: readonly EntryFacts[],
  filter: EntryFilter,
  textOf: (one: EntryFacts) => string,
): Uint32Array<ArrayBuffer> {
  const words = plainText(filter.words).split(/\s+/).filter(Boolean)
  const found: number[] = []
  for (const one of facts) {
    if (!passes(one, filter)) continue
    if (words.length > 0) {
      const text = textOf(one)
      if (!words.every((word) => text.includes(word))) continue
    }
    found.push(one.index)
  }
  return Uint32Array.from(found)
}

function passes(one: EntryFacts, { kind, model, outcome, from, to }: EntryFilter): boolean {
  if (kind === 'decisions' ? !DECISIONS.has(one.kind) : kind !== '' && one.kind !== kind) return false
  if (model !== '' && one.model !== model) return false
  if (outcome !== '' && one.outcome !== outcome) return false
  const day = one.at.slice(0, 10)
  return (from === '' || day >= from) && (to === '' || day <= to)
}
