// Rows of a file, read by DuckDB, as a table of the cluster: without connectors of files, `INSERT` is the way.
import { identifier, numberLiteral, textLiteral } from '../../../engine/base/sql-text.ts'
import type { FileEngine, SqlCell, SqlColumn } from '../../../engine/world-sql.ts'

export interface Clients {
  readonly duckdb: FileEngine
  readonly trino: FileEngine
}

const TYPES = {
  number: 'double',
  category: 'varchar',
  boolean: 'boolean',
  timestamp: 'timestamp(3)',
  text: 'varchar',
  class: 'varchar',
}

/** Rows of a file, read by DuckDB, into a table of the cluster. */
export async function copy(
  { duckdb, trino }: Clients,
  file: string,
  table: string,
  columns: readonly SqlColumn[],
): Promise<void> {
  const { from } = await duckdb.open({ role: 'current', files: [file], columns })
  const types = columns.map(({ name, kind }) => `${identifier(name)} ${TYPES[kind]}`)
  await trino.query(`CREATE TABLE ${identifier(table)} (${types.join(', ')})`)
  const cells = columns.map(({ name, kind }) =>
    kind === 'timestamp' ? `CAST(${identifier(name)} AS VARCHAR)` : identifier(name),
  )
  for await (const rows of duckdb.stream(`SELECT ${cells.join(', ')} FROM ${from}`)) {
    for (let at = 0; at < rows.length; at += 500) {
      const lines = rows
        .slice(at, at + 500)
        .map((row) => `(${row.map((cell, i) => literal(cell, columns[i]?.kind ?? 'text')).join(', ')})`)
      await trino.query(`INSERT INTO ${identifier(table)} VALUES ${lines.join(', ')}`)
    }
  }
}

function literal(cell: SqlCell, kind: SqlColumn['kind']): string {
  if (cell === null) return 'NULL'
  if (typeof cell === 'boolean') return String(cell)
  if (typeof cell === 'number') {
    if (Number.isNaN(cell)) return 'nan()'
    return Number.isFinite(cell) ? numberLiteral(cell) : cell > 0 ? 'infinity()' : '-infinity()'
  }
  return kind === 'timestamp' ? `TIMESTAMP ${textLiteral(String(cell))}` : textLiteral(String(cell))
}
