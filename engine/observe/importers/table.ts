// How the cells of a table (from CSV text or a Parquet file) are read.
import type { Cell, Table } from '../../domain/table.ts'
import { Refusal } from './imported.ts'

/** The place of a column, or -1. */
export function columnIndex(table: Table, name: string): number {
  return table.columns.indexOf(name)
}

const WORDS: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
])
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

/** A number as text: what Python and others write, NaN and infinities included; undefined for anything else. */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim()
  if (NUMBER.test(trimmed)) return Number(trimmed)
  return WORDS.get(trimmed.toLowerCase())
}

/** null for an empty cell; a refusal for text that is no number. `where` is said in the message. */
export function numberCell(cell: Cell | undefined, where: string): number | null {
  if (cell === null || cell === undefined || cell === '') return null
  if (typeof cell === 'number') return cell
  const parsed = typeof cell === 'string' ? parseNumber(cell) : undefined
  if (parsed !== undefined) return parsed
  throw new Refusal('type', `${where} is \`${cell}\`, which is no number`, 'numbers have a decimal point, not a comma')
}

/** null for an empty cell; a refusal for what is neither true nor false. */
export function booleanCell(cell: Cell | undefined, where: string): boolean | null {
  if (cell === null || cell === undefined || cell === '') return null
  if (typeof cell === 'boolean') return cell
  if (cell === 'True' || cell === 'true') return true
  if (cell === 'False' || cell === 'false') return false
  throw new Refusal('type', `${where} is \`${cell}\`, which is neither true nor false`)
}

/** Null for what is absent or empty; a number as JavaScript writes it. */
export function textCell(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined || cell === '' ? null : String(cell)
}
