// Which cell is not of the kind that the card says: file, line and column, never the cell. Asked only when reading failed.
import { Fault } from '../../base/fault.ts'
import { visibleText } from '../../base/visible-text.ts'
import type { ColumnKind, SqlRow } from '../../world-sql.ts'
import type { FilePart, LinkedFile } from './file-part.ts'
import { lineOfRecord } from './text-lines.ts'
import type { TypedColumn } from './typed-column.ts'

const ROW = '"row of the file"'

/** The first in the first file that has one; null where every cell is well. */
export async function badCellFault(
  parts: readonly FilePart[],
  query: (sql: string) => Promise<readonly SqlRow[]>,
): Promise<Fault | null> {
  for (const part of parts) {
    for (const file of part.files) {
      const found = await firstBad(part, file, query)
      if (found !== null) return await faultOf(file, found)
    }
  }
  return null
}

interface BadCells {
  readonly column: TypedColumn
  /** Counted from 1. */
  readonly row: number
  readonly count: number
  readonly hasComma: boolean
}

async function firstBad(
  part: FilePart,
  file: LinkedFile,
  query: (sql: string) => Promise<readonly SqlRow[]>,
): Promise<BadCells | null> {
  const checked = part.columns.filter(({ isBad }) => isBad !== null)
  if (checked.length === 0) return null
  const figures = checked.flatMap(({ isBad, hasComma }) => [
    `min(${ROW}) FILTER (${isBad})`,
    `count(*) FILTER (${isBad})`,
    `coalesce(bool_or(${hasComma}) FILTER (${isBad}), false)`,
  ])
  const numbered = `SELECT *, row_number() OVER () AS ${ROW} FROM ${part.reader([file])}`
  const [row = []] = await query(`SELECT ${figures.join(', ')} FROM (${numbered})`)
  const bad = checked.flatMap((column, i): BadCells[] => {
    const first = row[3 * i]
    if (typeof first !== 'number') return []
    return [{ column, row: first, count: Number(row[3 * i + 1]), hasComma: row[3 * i + 2] === true }]
  })
  return bad.reduce<BadCells | null>((least, one) => (least !== null && least.row <= one.row ? least : one), null)
}

async function faultOf(file: LinkedFile, { column, row, count, hasComma }: BadCells): Promise<Fault> {
  const where = await placeOf(file, row)
  const all = count === 1 ? 'one row' : `${count} rows`
  const what = `\`${file.name}\`, ${where}: the column \`${visibleText(column.name)}\` is ${A[column.kind]} by the card, and here it is none (${all} of the file)`
  return new Fault('observe/wrong-type', what, hasComma ? COMMA : HINTS[column.kind])
}

/** As people look for it; rows count from 1. */
export async function placeOf(file: LinkedFile, row: number): Promise<string> {
  if (file.format === 'parquet' || file.stamp === null) return `row ${row}`
  const isCsv = file.format === 'csv'
  return `line ${await lineOfRecord(file, isCsv ? row + 1 : row, { quoted: isCsv })}`
}

const A: Readonly<Record<ColumnKind, string>> = {
  number: 'a number',
  boolean: 'a boolean',
  timestamp: 'a timestamp',
  category: 'a category',
  text: 'a text',
}

const COMMA = 'it has a decimal comma: write `1234.56`, not `1.234,56`'

const HINTS: Readonly<Record<ColumnKind, string>> = {
  number: 'a missing value is an empty cell; a number has a decimal point, or is `inf` or `nan`',
  boolean: 'write `true` and `false`, or `1` and `0`; a missing value is an empty cell',
  timestamp: 'write RFC 3339, such as `2026-11-22T06:00:00-03:00`; without a zone it is UTC',
  category: 'mend the card or the column',
  text: 'mend the card or the column',
}
