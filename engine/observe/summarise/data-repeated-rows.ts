// Rows that equal another in every column, missing values equal among each other. They are first told apart by the hash of
// a few columns, then by that of all, and only those whose hash is not alone are compared: a table without repeats takes
// 8 bytes a row, and few of its columns are read.
import { identifier } from '../../base/sql-text.ts'
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import { dialectOf } from './dialect.ts'
import { countOf } from './exact-sums.ts'

/** Rows − different rows: each row that equals an earlier one counts once. */
export async function countRepeatedRows(engine: SqlEngine, table: SqlTable): Promise<number> {
  if (table.columns.length === 0) return 0
  const few = tellingColumns(table)
  if (few.length > 0 && few.length < table.columns.length) {
    if (
      (await only(engine, `SELECT count(*) FROM (${sharedHashes(dialectOf(engine).rowHash(few), table)}) AS s`)) === 0
    )
      return 0
  }
  const hash = dialectOf(engine).rowHash(table.columns)
  const columns = table.columns.map(({ name }) => identifier(name)).join(', ')
  const shared = sharedHashes(hash, table)
  const suspects = await only(engine, `SELECT count(*) FROM (${shared}) AS s`)
  if (suspects === 0) return 0
  const among = `FROM ${table.from} WHERE ${hash} IN (${shared})`
  return await only(engine, `SELECT sum(n - 1) FROM (SELECT count(*) AS n ${among} GROUP BY ${columns}) AS d`)
}

function sharedHashes(hash: string, { from }: SqlTable): string {
  return `SELECT ${hash} AS h FROM ${from} GROUP BY 1 HAVING count(*) > 1`
}

/** How many columns are enough to tell rows apart where they can be told apart at all; arbitrary. */
const TELLING = 5

/** Times and numbers have the most values. */
function tellingColumns({ columns }: SqlTable): SqlTable['columns'] {
  const of = (wanted: string) => columns.filter(({ kind }) => kind === wanted)
  return [...of('timestamp'), ...of('number')].slice(0, TELLING)
}

async function only(engine: SqlEngine, sql: string): Promise<number> {
  const [row] = await engine.query(sql)
  return countOf(row?.[0])
}
