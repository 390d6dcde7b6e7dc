// Data files in a scratch folder, and an engine that opens them, for the tests of reading.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { openFileEngine } from '../../../engine/adapters/duckdb/file-engine.ts'
import { Fault } from '../../../engine/base/fault.ts'
import type { FileEngine, SqlRow, SqlTable, WantedColumn } from '../../../engine/world-sql.ts'

/** Stands in rows; no fault may repeat it. */
export const MARK = 'MARIA-7731'

const folder = mkdtempSync(join(tmpdir(), 'tutela-data-'))
const engines: FileEngine[] = []
after(() => {
  for (const engine of engines) engine.close()
  rmSync(folder, { recursive: true })
})

export const FOLDER = folder

export function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

export async function engineOf(): Promise<FileEngine> {
  const engine = await openFileEngine({ threads: 2, memory: '300MB' })
  engines.push(engine)
  return engine
}

export const COLUMNS: readonly WantedColumn[] = [
  { name: 'a', kind: 'number' },
  { name: 'b', kind: 'category' },
]

export interface Read {
  readonly table: SqlTable
  readonly rows: readonly SqlRow[]
}

export async function read(
  files: readonly string[],
  columns: readonly WantedColumn[] = COLUMNS,
  engine?: FileEngine,
): Promise<Read> {
  const open = engine ?? (await engineOf())
  const table = await open.open({ role: 'current', files, columns, relativeTo: folder })
  return { table, rows: await open.query(`SELECT * FROM ${table.from}`) }
}

/** A fault with this code, whose words match and which repeats nothing of the rows. */
export const fault = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Fault, String(error))
  const text = `${error.message}; ${error.hint}`
  assert.equal(error.code, code, text)
  assert.match(text, words)
  assert.doesNotMatch(`${text} ${error.stack} ${String(error.cause)}`, new RegExp(MARK))
  return true
}
