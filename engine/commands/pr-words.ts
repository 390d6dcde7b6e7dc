// The words of `pr`, `gate` and what else tells of proposals, by language.
import type { Language } from '../domain/governance.ts'
import { english, type PrWords } from './pr-words.en.ts'
import { portuguese } from './pr-words.pt.ts'

/** The words of `pr` in a language. */
export function wordsOf(language: Language): PrWords {
  return language === 'pt' ? portuguese : english
}
