// Markdown that hostile text cannot break out of: what comes from cards and data is shown as it is, in one line.
// Ids and whatever could be syntax, a mention, a reference, a link or HTML go into code spans, which every forge
// takes literally; plain words stay words.
import { visibleText } from './visible-text.ts'

/** Finished Markdown of one line or several; only this file and `trusted` make it. */
export interface Markdown {
  readonly markdown: string
}

/** Our own words, already Markdown. Never text from a file. */
export function trusted(markdown: string): Markdown {
  return { markdown }
}

/** A code span; an empty text is a dash. */
export function code(text: string, most = 200): Markdown {
  return { markdown: codeSpan(visibleText(text, most)) }
}

/**
 * Words of a sentence; each that could mean something to a renderer becomes a code span, and so does what the sentence
 * has in backticks.
 */
export function prose(text: string, most = 400): Markdown {
  const shown = visibleText(text, most)
  if (shown === '') return { markdown: '—' }
  const parts = shown.split(IN_BACKTICKS)
  return { markdown: parts.map((part, i) => (i % 2 === 1 ? codeSpan(part) : plainWords(part, i === 0))).join('') }
}

/** What may stand before and after it keeps it apart from words and other backticks. */
const IN_BACKTICKS = /(?<![^\s("'“‘,;:])`([^`\s](?:[^`]*[^`\s])?)`(?![^\s)"'”’.,;:!?…])/u

function plainWords(text: string, isFirst: boolean): string {
  const words = text.split(' ')
  return words.map((word, i) => (word === '' || isPlain(word, isFirst && i === 0) ? word : spanned(word))).join(' ')
}

/** A template: what is not Markdown yet is taken as `prose`. */
export function md(strings: TemplateStringsArray, ...values: readonly (Markdown | string | number)[]): Markdown {
  const markdown = strings.map((text, i) => (i < values.length ? text + inline(values[i] ?? '') : text)).join('')
  return { markdown }
}

/** Parts that are escaped already, with a separator that is Markdown itself. */
export function joined(parts: readonly Markdown[], separator: string): Markdown {
  return { markdown: parts.map((part) => part.markdown).join(separator) }
}

/** A GFM table; a missing cell is a dash. Cells are one line, and their pipes are escaped here. */
export function table(header: readonly string[], rows: readonly (readonly (Markdown | null)[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(header),
    line(header.map(() => '---')),
    ...rows.map((row) => line(header.map((_, i) => cellText(row[i] ?? null)))),
  ].join('\n')
}

function cellText(cell: Markdown | null): string {
  return cell === null || cell.markdown === '' ? '—' : cell.markdown.replaceAll('|', '\\|')
}

function inline(value: Markdown | string | number): string {
  if (typeof value === 'object') return value.markdown
  return prose(String(value)).markdown
}

/** A name, mention or number within brackets, quotes or stops, which stay outside of its span: (`age_cat`). */
const WITHIN = /^([("'“‘]*)([@#]?[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*)([.,;:?!)"'”’…]*)$/u

function spanned(word: string): string {
  const [, before = '', name, after = ''] = WITHIN.exec(word) ?? []
  return name !== undefined && /[_@#]/.test(name) ? `${before}${codeSpan(name)}${after}` : codeSpan(word)
}

/**
 * A fence longer than any in the text. A backslash before a pipe is set apart by a space, because renderers differ
 * on `\\|` in a table cell (https://github.github.com/gfm/#tables-extension-).
 */
function codeSpan(text: string): string {
  if (text === '') return '—'
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  const pad = /^`|`$/.test(text) ? ' ' : ''
  return `${fence}${pad}${text.replace(/\\(?=\|)/g, '\\ ')}${pad}${fence}`
}

/** Letters, digits and the punctuation of sentences, without the forms that forges link or renderers read. */
const PLAIN_WORD = /^[\p{L}\p{M}\p{N}.,;:?!()'"%/+±×·−≥≤→§ªº°–—…‘’“”-]+$/u
/** `a:b` (schemes, emoji names; not 10:30), `www.`, `!12`, `%12`, `$12` (references of forges), `GH-12`, commit ids. */
const READ_BY_FORGES = /(?<!\d):.|:[^\d.,;)]|www\.|[!%$]\d|^gh-\d|^[0-9a-f]{7,64}[.,;)]*$/iu
/** Would begin a list, a heading or a rule at the start of a block. */
const BEGINS_A_BLOCK = /^(?:[-+—=]+|\d{1,9}[.)])$/u

function isPlain(word: string, isFirst: boolean): boolean {
  return PLAIN_WORD.test(word) && !READ_BY_FORGES.test(word) && !(isFirst && BEGINS_A_BLOCK.test(word))
}
