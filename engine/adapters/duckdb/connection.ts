// One DuckDB in memory with a scratch folder of its own: nothing is fetched, nothing is left behind.
import { symlinkSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api'
import { internalError } from '../../base/fault.ts'
import type { SqlCell, SqlRow } from '../../world-sql.ts'
import { dataProblem } from './data-problem.ts'
import { makeScratch, removeScratch } from './scratch-folder.ts'

export interface EngineLimits {
  readonly threads: number
  /** As DuckDB writes it: `400MB`. */
  readonly memory: string
}

/** Enough for two windows of a million rows; a thread more needs some more. */
export function defaultLimits(threads = availableParallelism()): EngineLimits {
  return { threads, memory: `${Math.max(400, 200 * threads)}MB` }
}

/** A statement fails with DuckDB's own error: `faultOf` tells it without the data in it. */
export interface Connection {
  /** Removed by `close`. */
  readonly scratch: string
  run(sql: string): Promise<void>
  query(sql: string): Promise<readonly SqlRow[]>
  stream(sql: string): AsyncIterable<readonly SqlRow[]>
  numbers(sql: string): AsyncIterable<readonly Float64Array[]>
  /** A name for the file that holds nothing which DuckDB would read as a pattern. */
  link(path: string, name: string): string
  faultOf(error: unknown): Error
  close(): void
}

/** A fresh database in memory, UTC, that installs no extension; it spills into `scratch`. Close it. */
export async function connect({ threads, memory }: EngineLimits): Promise<Connection> {
  // DuckDB is large: it is loaded when data are read.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const scratch = makeScratch()
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: memory,
    temp_directory: join(scratch, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // What is freed goes back to the system early: at ten million rows the peak is then some 100 MB lower.
    allocator_flush_threshold: '8MB',
    allocator_bulk_deallocation_flush_threshold: '16MB',
  })
  const all: DuckDBConnection[] = []
  const idle: DuckDBConnection[] = []
  const names = new Map<string, string>()

  /** A connection runs one statement at a time: who comes while all are busy gets a new one. */
  async function taken(): Promise<DuckDBConnection> {
    const known = idle.pop()
    if (known !== undefined) return known
    const connection = await instance.connect()
    all.push(connection)
    await connection.run("SET TimeZone = 'UTC'")
    return connection
  }

  async function on<T>(act: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await taken()
    try {
      return await act(connection)
    } finally {
      idle.push(connection)
    }
  }

  async function* stream<T>(sql: string, of: (answer: DuckDBResult) => AsyncIterable<T>): AsyncIterable<T> {
    const connection = await taken()
    try {
      yield* of(await connection.stream(sql))
    } finally {
      idle.push(connection)
    }
  }

  async function* chunksOf(answer: DuckDBResult): AsyncIterable<readonly Float64Array[]> {
    for (let chunk = await answer.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await answer.fetchChunk())
      yield columnsOf(chunk)
  }

  async function* rowsOf(answer: DuckDBResult): AsyncIterable<readonly SqlRow[]> {
    for await (const rows of answer.yieldRowsJs()) yield converted(rows)
  }

  return {
    scratch,
    run: (sql) => on(async (connection) => void (await connection.run(sql))),
    query: (sql) => on(async (connection) => converted((await connection.runAndReadAll(sql)).getRowsJS())),
    stream: (sql) => stream(sql, rowsOf),
    numbers: (sql) => stream(sql, chunksOf),
    link(path, name) {
      const link = join(scratch, `file-${names.size}`)
      symlinkSync(path, link)
      names.set(link, name)
      return link
    },
    faultOf: (error) => dataProblem(error, (message) => nameIn(message, names)),
    close() {
      for (const connection of all) connection.closeSync()
      instance.closeSync()
      removeScratch(scratch)
    },
  }
}

/** The longest first: `file-12` begins as `file-1`. Where none is named and there is one file, it is that one. */
function nameIn(message: string, names: ReadonlyMap<string, string>): string | null {
  const links = [...names.keys()].filter((link) => message.includes(link)).sort((a, b) => b.length - a.length)
  const [only, another] = names.values()
  return names.get(links[0] ?? '') ?? (another === undefined ? only : undefined) ?? null
}

/** Copied: the chunk's own memory goes with it. */
function columnsOf(chunk: DuckDBDataChunk): Float64Array[] {
  const rows = chunk.rowCount
  return Array.from({ length: chunk.columnCount }, (_, column) => {
    const vector = chunk.getColumnVector(column)
    const values = new Float64Array(rows)
    for (let i = 0; i < rows; i++) {
      const cell = vector.getItem(i)
      values[i] = typeof cell === 'number' ? cell : cell === null ? Number.NaN : internalError('no double in an answer')
    }
    return values
  })
}

/** In place: a million rows pass through here, and a copy of each would be a second one to collect. */
function converted(rows: unknown[][]): SqlRow[] {
  for (const row of rows) for (let i = 0; i < row.length; i++) row[i] = cell(row[i])
  return rows as SqlCell[][]
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
