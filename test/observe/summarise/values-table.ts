// Small tables for tests, written as VALUES: what a file holds is not what is tested there, so none is needed.
import { identifier, textLiteral } from '../../../engine/base/sql-text.ts'
import type { ColumnKind, SqlTable } from '../../../engine/world-sql.ts'

export type Value = number | string | boolean | null
export type Row = Readonly<Record<string, Value>>

const TYPES: Readonly<Record<ColumnKind, string>> = {
  number: 'DOUBLE',
  category: 'VARCHAR',
  text: 'VARCHAR',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
}

/** A relation of the declared kinds. Numbers may be NaN or infinite; timestamps are text. */
export function valuesTable(kinds: Readonly<Record<string, ColumnKind>>, rows: readonly Row[]): SqlTable {
  const columns = Object.entries(kinds).map(([name, kind]) => ({ name, kind }))
  const cells = (row: Row) => columns.map(({ name, kind }) => `CAST(${literal(row[name] ?? null)} AS ${TYPES[kind]})`)
  const names = columns.map(({ name }) => identifier(name)).join(', ')
  // A first row of no row gives an empty table its types.
  const nothing = columns.map(({ name, kind }) => `CAST(NULL AS ${TYPES[kind]}) AS ${identifier(name)}`)
  const body = rows.map((row) => `(${cells(row).join(', ')})`).join(', ')
  const values = rows.length === 0 ? '' : ` UNION ALL SELECT * FROM (VALUES ${body}) AS v(${names})`
  return { from: `(SELECT ${nothing.join(', ')} WHERE FALSE${values}) AS given`, columns, digest: null }
}

function literal(value: Value): string {
  if (value === null) return 'NULL'
  return typeof value === 'boolean' ? String(value) : textLiteral(String(value))
}
