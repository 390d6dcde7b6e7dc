// Rows that equal another in every column, missing values equal among each other. On a machine of its own, rows are first
// told apart by a hash, and only those whose hash is not alone are compared: a table without repeats keeps 8 bytes a row.
import { identifier } from '../../base/sql-text.ts'
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import { countOf } from './exact-sums.ts'

/** Rows − different rows: each row that equals an earlier one counts once. */
export async function countRepeatedRows(engine: SqlEngine, table: SqlTable): Promise<number> {
  const columns = table.columns.map(({ name }) => identifier(name)).join(', ')
  if (columns === '') return 0
  if (engine.dialect !== 'duckdb') {
    return await only(
      engine,
      `SELECT (SELECT count(*) FROM ${table.from}) - (SELECT count(*) FROM (SELECT DISTINCT ${columns} FROM ${table.from}) AS d)`,
    )
  }
  const shared = `SELECT hash(${columns}) AS h FROM ${table.from} GROUP BY 1 HAVING count(*) > 1`
  const suspects = await only(engine, `SELECT count(*) FROM (${shared}) AS s`)
  if (suspects === 0) return 0
  const among = `FROM ${table.from} WHERE hash(${columns}) IN (${shared})`
  return await only(engine, `SELECT sum(n - 1) FROM (SELECT count(*) AS n ${among} GROUP BY ${columns}) AS d`)
}

async function only(engine: SqlEngine, sql: string): Promise<number> {
  const [row] = await engine.query(sql)
  return countOf(row?.[0])
}
