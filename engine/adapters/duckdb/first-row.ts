// Where in the files the first row stands that meets a condition: file and line, never the row. Asked only when a fault is to be told.
import type { SqlRow, SqlTable } from '../../world-sql.ts'
import { placeOf } from './bad-cell.ts'
import type { FilePart, LinkedFile } from './file-part.ts'
import { selectList } from './typed-column.ts'

const ROW = '"row of the file"'

/** The condition is on the columns by the names and kinds that the table has. */
export function firstRowIn(
  parts: readonly FilePart[],
  query: (sql: string) => Promise<readonly SqlRow[]>,
): NonNullable<SqlTable['placeOf']> {
  return async (_column, condition) => {
    for (const part of parts) {
      for (const file of part.files) {
        const row = await firstRow(part, file, condition, query)
        if (row !== null) return `\`${file.name}\`, ${await placeOf(file, row)}`
      }
    }
    return null
  }
}

/** Counted from 1. */
async function firstRow(
  part: FilePart,
  file: LinkedFile,
  condition: string,
  query: (sql: string) => Promise<readonly SqlRow[]>,
): Promise<number | null> {
  const numbered = `SELECT ${selectList(part.columns)}, row_number() OVER () AS ${ROW} FROM ${part.reader([file])}`
  const [found] = await query(`SELECT min(${ROW}) FROM (${numbered}) WHERE ${condition}`)
  return typeof found?.[0] === 'number' ? found[0] : null
}
