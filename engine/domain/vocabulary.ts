// The domain's words in the language of a report, a notice or a terminal.
import type { Language } from './governance.ts'
import { english, type Vocabulary } from './vocabulary.en.ts'
import { portuguese } from './vocabulary.pt.ts'

export type { Vocabulary } from './vocabulary.en.ts'

const VOCABULARIES: Readonly<Record<Language, Vocabulary>> = { pt: portuguese, en: english }

/** The words of outcomes, remedies and the like that every text shares. */
export function vocabularyOf(language: Language): Vocabulary {
  return VOCABULARIES[language]
}

/** A plan's reason of an action on a proposal, in a language; what is none of those words stays as it is. */
export function reasonText(reason: string, language: Language): string {
  const words: Readonly<Record<string, string>> = vocabularyOf(language).reason
  return reason
    .split(', ')
    .map((part) => (Object.hasOwn(words, part) ? (words[part] ?? part) : part))
    .join(', ')
}
