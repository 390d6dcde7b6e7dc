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
 * A number for each row, from 1: its place in the files. An engine that knows no places gives an order of its own, the same in
 * every run. DuckDB numbers rows in one thread, file by file, where the window has no order.
 */
export function rowNumber(engine: SqlEngine, table: SqlTable): string {
  if (engine.dialect === 'duckdb') return 'row_number() OVER ()'
  return `row_number() OVER (ORDER BY ${rowHash(engine, table) ?? '0'})`
}
