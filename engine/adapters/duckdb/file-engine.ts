// DuckDB as the engine that reads files: Parquet, CSV (also gzipped) and NDJSON as tables of declared kinds.
// Extensions are never fetched behind the user's back; what does not fit in memory goes to a scratch folder of its own.
import { join } from 'node:path'
import { Fault } from '../../base/fault.ts'
import { identifier, textLiteral } from '../../base/sql-text.ts'
import type { FileEngine, SqlRow } from '../../world-sql.ts'
import { connect, defaultLimits, type EngineLimits } from './connection.ts'
import type { Environment } from './object-store.ts'
import { columnNames, openSource } from './open-source.ts'
import { requireUnchanged, type SourceFile } from './source-file.ts'

export type { EngineLimits } from './connection.ts'

/** `env`: credentials of an object store alone. */
export async function openFileEngine(
  limits: EngineLimits = defaultLimits(),
  env: Environment = {},
): Promise<FileEngine> {
  const connection = await connect(limits)
  const known = new Map<string, SourceFile>()
  let tables = 0

  async function tried<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act()
    } catch (error) {
      throw error instanceof Fault || isOurs(error) ? error : connection.faultOf(error)
    }
  }

  async function* stream(sql: string): AsyncIterable<readonly SqlRow[]> {
    try {
      yield* connection.stream(sql)
    } catch (error) {
      throw error instanceof Fault || isOurs(error) ? error : connection.faultOf(error)
    }
  }

  async function* numbers(sql: string): AsyncIterable<readonly Float64Array[]> {
    try {
      yield* connection.numbers(sql)
    } catch (error) {
      throw error instanceof Fault || isOurs(error) ? error : connection.faultOf(error)
    }
  }

  return {
    dialect: 'duckdb',
    query: (sql) => tried(() => connection.query(sql)),
    stream,
    numbers,
    open: (source) =>
      tried(async () => {
        const { table } = await openSource({ connection, env, known, name: `${source.role}_${++tables}` }, source)
        return table
      }),
    columnNames: (source) => tried(() => columnNames({ connection, env, known, name: '' }, source)),
    keep: (role, select, columns) =>
      tried(async () => {
        const name = `${role}_${++tables}`
        const path = textLiteral(join(connection.scratch, `kept-${tables}.parquet`))
        await connection.run(`COPY (${select}) TO ${path} (FORMAT parquet)`)
        await connection.run(`CREATE VIEW ${identifier(name)} AS SELECT * FROM read_parquet(${path})`)
        return { from: identifier(name), columns, digest: null }
      }),
    requireUnchanged: () => requireUnchanged(known.values()),
    close: connection.close,
  }
}

function isOurs(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('internal error:')
}
