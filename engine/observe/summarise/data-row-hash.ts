// A number that stands for a whole row, the same in every run: equal rows have equal ones, unlike rows almost never.
import { identifier } from '../../base/sql-text.ts'
import type { SqlEngine, SqlTable } from '../../world-sql.ts'

/** Null for a table without columns. */
export function rowHash({ dialect }: SqlEngine, { columns }: SqlTable): string | null {
  if (columns.length === 0) return null
  const names = columns.map(({ name }) => identifier(name))
  if (dialect === 'duckdb') return `hash(${names.join(', ')})`
  const texts = names.map((name) => `coalesce(CAST(${name} AS VARCHAR), chr(0))`)
  return `xxhash64(to_utf8(array_join(ARRAY[${texts.join(', ')}], chr(31))))`
}

/**
 * What a table's rows are ordered by where they have no time: their places in the files. An engine that knows no places gives
 * an order of its own, the same in every run. DuckDB numbers rows in one thread, file by file, when the window has no order.
 */
export function fileOrder(engine: SqlEngine, table: SqlTable): string {
  return engine.dialect === 'duckdb' ? 'row_number() OVER ()' : (rowHash(engine, table) ?? '0')
}
