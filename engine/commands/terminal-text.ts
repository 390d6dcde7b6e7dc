// How the reading verbs write to a terminal: words by language, a mark with a word for every outcome, colour only
// when asked, and texts from data that cannot move the cursor.
import { visibleText } from '../base/visible-text.ts'
import type { Decision } from '../domain/decision.ts'
import { type DecisionSink, decisionText } from '../domain/decision-text.ts'
import type { Outcome } from '../domain/finding.ts'
import type { Language } from '../domain/governance.ts'
import { english, type TerminalWords } from './terminal-words.en.ts'
import { portuguese } from './terminal-words.pt.ts'

/** What a terminal can do to a text (ANSI). */
export type Paint = 'red' | 'yellow' | 'green' | 'bold' | 'dim'

/** How to write: language and its words, and whether colour is shown. */
export interface Terminal {
  readonly language: Language
  readonly colour: boolean
  readonly words: TerminalWords
}

const CODES: Readonly<Record<Paint, string>> = { red: '31', yellow: '33', green: '32', bold: '1', dim: '2' }
const MARKS: Readonly<Record<Outcome, readonly [mark: string, paint: Paint]>> = {
  fail: ['✗', 'red'],
  error: ['✗', 'red'],
  warn: ['!', 'yellow'],
  skip: ['?', 'yellow'],
  pass: ['✓', 'green'],
}

/** The words of a language; `colour` as cli.ts found out. */
export function terminal(language: Language, colour: boolean): Terminal {
  return { language, colour, words: language === 'pt' ? portuguese : english }
}

/** Colours a finished text; widths are measured before. */
export function painted(text: string, paint: Paint, { colour }: Pick<Terminal, 'colour'>): string {
  return colour ? `\u001b[${CODES[paint]}m${text}\u001b[0m` : text
}

/** `✗`, `!`, `?` or `✓`: one column; the word beside it says the same without colour. */
export function outcomeMark(outcome: Outcome, on: Pick<Terminal, 'colour'>): string {
  const [mark, paint] = MARKS[outcome]
  return painted(mark, paint, on)
}

/** A text from a file or measurement, short enough for a line. */
export function shown(text: string, most = 80): string {
  return visibleText(text, most)
}

/** What a person decided, as one line. */
export function decisionShown(
  decision: Decision,
  { timeZone, isRequestedNow }: Pick<DecisionSink, 'timeZone' | 'isRequestedNow'>,
  { language }: Terminal,
): string {
  const sink = { timeZone, isRequestedNow, language, role: (name: string) => shown(name, 60) }
  return decisionText(decision, { ...sink, reason: (text) => shown(text, 120) })
}
