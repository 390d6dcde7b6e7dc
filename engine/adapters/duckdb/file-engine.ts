// DuckDB as the engine that reads files: Parquet, CSV (also gzipped) and NDJSON as tables of declared kinds.
// Extensions are never fetched behind the user's back; what does not fit in memory goes to a scratch folder of its own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '../../base/fault.ts'
import { identifier, textLiteral } from '../../base/sql-text.ts'
import type { DataSource, FileEngine, SqlCell, SqlRow, SqlTable } from '../../world-sql.ts'

export interface EngineLimits {
  readonly threads: number
  readonly memory: string
}

const LIMITS: EngineLimits = { threads: 2, memory: '400MB' }

export async function openFileEngine({ threads, memory }: EngineLimits = LIMITS): Promise<FileEngine> {
  // DuckDB is large: it is loaded when data are read.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const scratch = mkdtempSync(join(tmpdir(), 'tutela-observe-'))
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: memory,
    temp_directory: scratch,
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const connection = await instance.connect()
  await connection.run("SET TimeZone = 'UTC'")
  let tables = 0

  async function query(sql: string): Promise<SqlRow[]> {
    const answer = await tried(() => connection.runAndReadAll(sql))
    return answer.getRowsJS().map((row) => row.map(cell))
  }

  async function* stream(sql: string): AsyncIterable<readonly SqlRow[]> {
    const answer = await tried(() => connection.stream(sql))
    for await (const rows of answer.yieldRowsJs()) yield rows.map((row) => row.map(cell))
  }

  async function open(source: DataSource): Promise<SqlTable> {
    const name = identifier(`${source.role}_${++tables}`)
    const columns = source.columns.map(
      ({ name: column, kind }) => `${cast(identifier(column), kind)} AS ${identifier(column)}`,
    )
    await tried(() =>
      connection.run(`CREATE VIEW ${name} AS SELECT ${columns.join(', ')} FROM ${reader(source.files)}`),
    )
    return { from: name, columns: source.columns, digest: null }
  }

  return {
    dialect: 'duckdb',
    query,
    stream,
    open,
    close() {
      connection.closeSync()
      instance.closeSync()
      rmSync(scratch, { recursive: true, force: true })
    },
  }
}

function reader(files: readonly string[]): string {
  const list = `[${files.map(textLiteral).join(', ')}]`
  const first = files[0] ?? ''
  if (first.endsWith('.parquet')) return `read_parquet(${list})`
  if (/\.(ndjson|jsonl)(\.gz)?$/.test(first)) return `read_ndjson(${list})`
  return `read_csv(${list}, all_varchar = true, header = true, allow_quoted_nulls = false, delim = ',', quote = '"', escape = '"')`
}

function cast(column: string, kind: string): string {
  if (kind === 'number') return `CAST(${column} AS DOUBLE)`
  if (kind === 'boolean') return `CAST(${column} AS BOOLEAN)`
  if (kind === 'timestamp') return `CAST(CAST(${column} AS TIMESTAMPTZ) AS TIMESTAMP)`
  return `CAST(${column} AS VARCHAR)`
}

/** Whole numbers come as bigint: counts are far below 2^53, and larger sums are asked for as doubles. */
function cell(value: unknown): SqlCell {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(cell)
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cell(one)]))
  return null
}

async function tried<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new Fault('observe/sql', `the data could not be read: ${message}`, undefined, { cause: error })
  }
}
