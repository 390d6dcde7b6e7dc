// What a search looks through: the recorded text of an entry and the words and dates that the page shows for it, in the reader's
// language. The words are found by the names in the text, so that a hundred thousand entries need not be parsed for each search.
import type { Language } from '../../../domain/governance.ts'
import { english as englishNouns } from '../../../domain/vocabulary.en.ts'
import { portuguese as portugueseNouns } from '../../../domain/vocabulary.pt.ts'
import { english } from '../page/words.en.ts'
import { portuguese } from '../page/words.pt.ts'
import { dateText } from '../page/written.ts'
import type { EntryFacts } from './entry-facts.ts'

/** Lower case, without accents: how a search compares. */
export function plainText(text: string): string {
  const lower = text.toLowerCase()
  return PLAIN.test(lower) ? lower : lower.normalize('NFD').replace(/\p{M}+/gu, '')
}

const PLAIN = /^[\0-\x7f]*$/

/** Of an entry and its recorded text, everything that a search may name, plain. */
export function entryWords(language: Language): (one: EntryFacts, recorded: string) => string {
  const words = shownWords(language)
  const days = new Map<string, string>()
  const dayText = (day: string): string => {
    const known = days.get(day)
    if (known !== undefined) return known
    const text = plainText(dateText(`${day}T00:00:00Z`, language))
    days.set(day, text)
    return text
  }
  return (one, recorded) => {
    const shown = new Set<string>([dayText(one.at.slice(0, 10))])
    for (const [, name = '', isNone] of recorded.matchAll(NAMES)) {
      // An outcome that counts nothing is not shown.
      if (isNone === undefined) for (const text of words.get(name) ?? []) shown.add(text)
    }
    for (const [day] of recorded.matchAll(DAYS)) shown.add(dayText(day))
    if (one.blocks) shown.add(plainText(wordsIn(language).entry.blocking))
    // The model of a proposal's step stands in another entry.
    return plainText(`${recorded} ${one.model ?? ''} ${one.index} ${[...shown].join(' ')}`)
  }
}

const NAMES = /"([a-z][A-Za-z-]{0,40})"(:0\b(?!\.))?/g
const DAYS = /\b\d{4}-\d\d-\d\d/g

function wordsIn(language: Language) {
  return language === 'pt' ? portuguese : english
}

/** Plain words by the name that stands for them in an entry: kinds, fields, outcomes, causes, remedies, … */
function shownWords(language: Language): ReadonlyMap<string, readonly string[]> {
  const { kinds, fields, values } = wordsIn(language)
  const { outcome, cause, action, reason } = language === 'pt' ? portugueseNouns : englishNouns
  const titles = Object.fromEntries(Object.entries(kinds).map(([kind, [title]]) => [kind, title]))
  const words = new Map<string, string[]>()
  for (const named of [titles, fields, outcome, cause, action, reason, ...Object.values(values)]) {
    for (const [name, text] of Object.entries(named)) words.set(name, [...(words.get(name) ?? []), plainText(text)])
  }
  return words
}
