// A scratch governance repository and `tutela import` over it, for the tests of that verb.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { Fault } from '../../engine/base/fault.ts'
import type { CommandResult } from '../../engine/commands/command.ts'
import { command } from '../../engine/commands/import.ts'
import type { GitStore } from '../../engine/world.ts'
import { globalsAt } from '../ask-command.ts'
import { commitAll } from '../scratch-repository.ts'
import { FILES, NOW } from './reading-world.ts'

/** Folders that are removed at the end. */
export const scratch: string[] = []
after(() => {
  for (const folder of scratch) rmSync(folder, { recursive: true })
})

export interface Place {
  readonly root: string
  readonly store: GitStore
}

export function repository(files: Readonly<Record<string, string>> = FILES): Place {
  const root = mkdtempSync(join(tmpdir(), 'tutela-import-'))
  scratch.push(root)
  for (const [path, text] of Object.entries(files)) put(join(root, path), text)
  return { root, store: commitAll(root) }
}

export function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

export const column = (name: string, score: number, test = 'K-S p_value') => ({
  metric: 'ColumnDriftMetric',
  result: {
    column_name: name,
    stattest_name: test,
    stattest_threshold: 0.05,
    drift_score: score,
    drift_detected: score < 0.05,
  },
})
export const report = (...metrics: readonly object[]) => JSON.stringify({ version: '0.6.7', metrics, timestamp: 'x' })
export const REPORT = report(column('income', 0.2))
export const PATH = 'models/snapshots/2026/11/20T00/credit-default.evidently.ndjson'

export interface Told extends CommandResult {
  readonly notes: readonly string[]
}

export async function importFile(
  root: string,
  text: string,
  options: Readonly<Record<string, string | boolean>> = {},
  tool = 'evidently',
): Promise<Told> {
  const file = join(root, '.git', 'result.json')
  writeFileSync(file, text)
  const notes: string[] = []
  const result = await command.run({
    world: assembleWorld(NOW),
    globals: globalsAt(root, { now: NOW }),
    args: [tool, file],
    options: {
      model: 'credit-default',
      version: '3.2.0',
      window: '2026-11-20/2026-11-21',
      writer: 'evidently',
      ...options,
    },
    note: (note) => notes.push(note),
  })
  return { ...result, notes }
}

export const fault = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Fault, String(error))
  assert.equal(error.code, code)
  assert.match(`${error.message}; ${error.hint}`, words)
  return true
}
export const linesIn = (root: string, path: string) => readFileSync(join(root, path), 'utf8').split('\n')
