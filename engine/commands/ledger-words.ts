// The words of `ledger` and `witness` in the language of the screen.
import type { Invocation } from './command.ts'
import { english, type LedgerWords } from './ledger-words.en.ts'
import { portuguese } from './ledger-words.pt.ts'
import { screenLanguage } from './screen-language.ts'

/** Reads governance.yaml where `--lang` does not say: ask for it only where something is told. */
export function ledgerWords(invocation: Invocation): LedgerWords {
  return screenLanguage(invocation) === 'pt' ? portuguese : english
}
