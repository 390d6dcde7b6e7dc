// CSV as pandas writes it (RFC 4180: commas, quotes doubled). Every row has as many cells as the header, no two columns
// have one name, and the last line is ended: a file that was cut off is not read as if it were whole.

import type { Table } from '../../domain/table.ts'
import { Refusal } from './imported.ts'

/** Cells are text; an empty one is ''. Blank lines are passed over. */
export function readCsv(text: string): Table {
  const rows = records(text)
  const [header, ...body] = rows
  if (header === undefined) throw new Refusal('empty', 'the file has no header')
  refuseDoubledColumns(header.cells)
  const short = body.find(({ cells }) => cells.length !== header.cells.length)
  if (short !== undefined) {
    throw new Refusal(
      'row-width',
      `line ${short.line} has ${short.cells.length} cells, the header has ${header.cells.length}`,
      short === body.at(-1) ? 'the file seems to be cut off' : 'a comma within a value needs quotes',
    )
  }
  if (!text.endsWith('\n')) {
    throw new Refusal(
      'syntax',
      'the last line is not ended: the file seems to be cut off',
      'end it with a newline if it is whole',
    )
  }
  return { columns: header.cells, rows: body.map(({ cells }) => cells) }
}

interface Row {
  readonly line: number
  readonly cells: readonly string[]
}

function records(text: string): Row[] {
  const rows: Row[] = []
  let at = 0
  let line = 1
  while (at < text.length) {
    const row = record(text, at, line)
    if (text[at] !== '\n' && text[at] !== '\r') rows.push({ line, cells: row.cells })
    line += row.lines
    at = row.next
  }
  return rows
}

function record(text: string, from: number, line: number) {
  const cells: string[] = []
  let at = from
  let lines = 1
  for (;;) {
    const cell = text[at] === '"' ? quoted(text, at, line) : bare(text, at)
    cells.push(cell.value)
    lines += cell.lines
    at = cell.next
    if (text[at] === ',') at++
    else break
  }
  if (text[at] === '\r') at++
  if (text[at] === '\n') return { cells, next: at + 1, lines }
  if (at >= text.length) return { cells, next: at, lines }
  throw new Refusal('syntax', `line ${line + lines - 1}: something stands after a closing quote`)
}

function bare(text: string, from: number) {
  let at = from
  while (at < text.length && !isEnd(text.charCodeAt(at))) at++
  return { value: text.slice(from, at), next: at, lines: 0 }
}

/** Comma, line feed, or carriage return. */
function isEnd(unit: number): boolean {
  return unit === 0x2c || unit === 0x0a || unit === 0x0d
}

function quoted(text: string, from: number, line: number) {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 2)) {
    if (text[at + 1] === '"') continue
    const raw = text.slice(from + 1, at)
    return { value: raw.replaceAll('""', '"'), next: at + 1, lines: raw.split('\n').length - 1 }
  }
  throw new Refusal('syntax', `line ${line}: a quote is opened and never closed`, 'the file seems to be cut off')
}

function refuseDoubledColumns(header: readonly string[]): void {
  const seen = new Set<string>()
  const doubled = header.find((name) => seen.size === seen.add(name).size)
  if (doubled === undefined) return
  throw new Refusal('duplicate-column', `the column \`${doubled}\` stands twice in the header`)
}
