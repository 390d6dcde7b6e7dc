// The line of a file that a diagnostic is about, with carets under its columns, made for a terminal: what is in the file
// cannot move the cursor, tabs and wide characters keep the carets in place, and a long line is cut around the column.
import { displayWidth } from '../base/text-columns.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'

/** The text of a file as diagnostics count it, or null where nothing of it is to be shown. */
export type SourceLines = (file: string) => readonly string[] | null

/** Two lines for a terminal, in parts, so that the carets alone can be coloured. */
export interface Excerpt {
  /** `   14 | ` and the line. */
  readonly line: string
  /** The gutter without a number, up to the carets. */
  readonly before: string
  readonly carets: string
  /** The gutter's place, for what is written below. */
  readonly indent: string
}

/** Columns of a line that are shown at most (arbitrary: with the gutter, two thirds of a wide terminal). */
const MOST_COLUMNS = 100
/** What is looked at on either side of the column: more never fits, since each unit is at least half a column. */
const MOST_UNITS = 2 * MOST_COLUMNS
const TAB = '    '
/** Likely a secret or an address of a person: files are reviewed by few, logs of a pipeline are read by many. */
const UNSHOWN = /token|secret|passw|webhook|private|credential|apikey|key:|:\/\/|\S@\S/i

/**
 * Null where there is nothing to show: a file as a whole (line 1, column 1, without an end), a file or line that is not
 * there, and a line that may hold a secret or an e-mail address.
 */
export function excerptOf(diagnostic: Diagnostic, lines: SourceLines): Excerpt | null {
  const { file, line, column, endLine, endColumn } = diagnostic
  if (line === 1 && column === 1 && endColumn === undefined) return null
  const text = lines(file)?.[line - 1]
  if (text === undefined || text.trim() === '' || UNSHOWN.test(text)) return null
  const start = Math.min(column - 1, text.length)
  const end = endLine === line && endColumn !== undefined ? Math.min(endColumn - 1, text.length) : start
  const number = String(line).padStart(6)
  const { shown, skipped, marked } = cutAround(text, start, end)
  return {
    line: `${number} | ${shown}`.trimEnd(),
    before: `${' '.repeat(number.length)} | ${' '.repeat(skipped)}`,
    carets: '^'.repeat(marked),
    indent: ' '.repeat(number.length + 3),
  }
}

interface Cell {
  readonly text: string
  readonly width: number
}

/** The part of a line that fits, the columns before the mark, and the columns of the mark. */
function cutAround(text: string, start: number, end: number): { shown: string; skipped: number; marked: number } {
  const before = cellsOf(text.slice(Math.max(0, start - MOST_UNITS), start))
  const after = cellsOf(text.slice(start, start + MOST_UNITS))
  const isWhole =
    start <= MOST_UNITS && text.length - start <= MOST_UNITS && widthOf(before) + widthOf(after) <= MOST_COLUMNS
  const left = isWhole ? before : lastOf(before, Math.max(MOST_COLUMNS / 3, MOST_COLUMNS - widthOf(after)))
  const right = isWhole ? after : firstOf(after, MOST_COLUMNS - widthOf(left))
  const cutLeft = left.length < before.length || start > MOST_UNITS ? '…' : ''
  const cutRight = right.length < after.length || text.length - start > MOST_UNITS ? '…' : ''
  const marked = Math.min(widthOf(cellsOf(text.slice(start, Math.min(end, start + MOST_UNITS)))), widthOf(right))
  return {
    shown: cutLeft + textOf(left) + textOf(right) + cutRight,
    skipped: cutLeft.length + widthOf(left),
    marked: Math.max(1, marked),
  }
}

/** One cell a code point; what shows nothing, or would reorder its neighbours, as `⟨U+202E⟩`. */
function cellsOf(text: string): Cell[] {
  let marks = 0
  return [...text.toWellFormed()].map((character) => {
    marks = /^\p{M}$/u.test(character) ? marks + 1 : 0
    const shown = shownCharacter(character, marks)
    return { text: shown, width: displayWidth(shown) }
  })
}

function shownCharacter(character: string, marks: number): string {
  if (character === '\t') return TAB
  if (/^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]$/u.test(character)) return `⟨U+${hex(character)}⟩`
  if (/^\p{Zs}$/u.test(character)) return ' '
  // Marks stacked higher would smear over the lines above.
  return marks > 4 ? '' : character
}

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}

function firstOf(cells: readonly Cell[], most: number): readonly Cell[] {
  let width = 0
  const past = cells.findIndex((cell) => {
    width += cell.width
    return width > most
  })
  return past === -1 ? cells : cells.slice(0, past)
}

function lastOf(cells: readonly Cell[], most: number): readonly Cell[] {
  return [...firstOf([...cells].reverse(), most)].reverse()
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0)
}

function textOf(cells: readonly Cell[]): string {
  return cells.map(({ text }) => text).join('')
}
