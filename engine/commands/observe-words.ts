// The words of `observe` and `import` in the language of the screen.
import type { Language } from '../domain/governance.ts'
import type { Invocation } from './command.ts'
import { english, type ObserveWords } from './observe-words.en.ts'
import { portuguese } from './observe-words.pt.ts'
import { screenLanguage } from './screen-language.ts'

/** Words, and the language that numbers are written in. */
export interface ObserveScreen {
  readonly language: Language
  readonly words: ObserveWords
}

/** Reads governance.yaml where `--lang` does not say: ask for it only where something is told. */
export function observeScreen(invocation: Invocation): ObserveScreen {
  const language = screenLanguage(invocation)
  return { language, words: language === 'pt' ? portuguese : english }
}
