// Small Parquet files as tables, through DuckDB: what `tutela import` reads of tools that export Parquet. The bytes that
// were digested are the bytes that are read: they are put in a scratch file of their own.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identifier, textLiteral } from '../../base/sql-text.ts'
import type { Cell } from '../../domain/table.ts'
import type { TableReader } from '../../world.ts'
import { makeScratch, removeScratch } from './scratch-folder.ts'

const SETTINGS = {
  threads: '2',
  memory_limit: '512MB',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
}

export const readParquet: TableReader = async (bytes, { largestCells }) => {
  const folder = makeScratch()
  try {
    const file = join(folder, 'table.parquet')
    writeFileSync(file, bytes, { mode: 0o600 })
    return await readFile(file, largestCells)
  } finally {
    removeScratch(folder)
  }
}

async function readFile(file: string, largestCells: number) {
  // DuckDB is large: it is loaded when a Parquet file is read.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', SETTINGS)
  const connection = await instance.connect()
  try {
    const from = `read_parquet(${textLiteral(file)})`
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`)
    const columns = described.getRowsJS().map(([name, type]) => ({ name: String(name), type: String(type) }))
    const counted = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${from}`)
    if (Number(counted.getRowsJS()[0]?.[0]) * columns.length > largestCells) return null
    if ((await textBytes({ runAndReadAll: (sql) => connection.runAndReadAll(sql) }, columns, from)) > LARGEST_TEXT)
      return null
    const selected = columns.map(({ name, type }) => cast(identifier(name), type)).join(', ')
    const rows = await connection.runAndReadAll(`SELECT ${selected} FROM ${from}`)
    return { columns: columns.map(({ name }) => name), rows: rows.getRowsJS() as Cell[][] }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** All texts of a table together. A dictionary of a few bytes can stand for gigabytes of them. */
const LARGEST_TEXT = 256 * 1024 * 1024

async function textBytes(
  { runAndReadAll }: { runAndReadAll: (sql: string) => Promise<{ getRowsJS(): unknown[][] }> },
  columns: readonly { readonly name: string; readonly type: string }[],
  from: string,
): Promise<number> {
  const texts = columns.filter(
    ({ name, type }) => cast(name, type) !== name && !cast(name, type).endsWith('AS DOUBLE)'),
  )
  if (texts.length === 0) return 0
  const sizes = texts.map(({ name }) => `coalesce(sum(strlen(CAST(${identifier(name)} AS VARCHAR)))::DOUBLE, 0)`)
  const answer = await runAndReadAll(`SELECT ${sizes.join(' + ')} FROM ${from}`)
  return Number(answer.getRowsJS()[0]?.[0])
}

/** Numbers as doubles, truth as it is, everything else as text; an instant with a zone is told in UTC. */
function cast(column: string, type: string): string {
  if (type === 'BOOLEAN') return column
  if (/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL.*)$/.test(type)) return `CAST(${column} AS DOUBLE)`
  if (type === 'TIMESTAMP WITH TIME ZONE') return `CAST(make_timestamp(epoch_us(${column})) AS VARCHAR) || '+00:00'`
  return `CAST(${column} AS VARCHAR)`
}
