// Runs a folder laid out like shared/vectors/metrics: the data of a case go through DuckDB and the summaries that `observe`
// uses; the tables of `special/` through the pure functions. Every expectation is compared, details too.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { openFileEngine } from '../../engine/adapters/duckdb/file-engine.ts'
import type { ColumnKind, FileEngine, SqlTable } from '../../engine/world-sql.ts'
import { type Expectation, type Got, metricDifferences } from './metric-differences.ts'
import { conceptCase } from './metrics-concept.ts'
import { dataCase } from './metrics-data.ts'
import { driftCase } from './metrics-drift.ts'
import { estimatedCase } from './metrics-estimated.ts'
import { explainCase } from './metrics-explain.ts'
import { fairnessCase } from './metrics-fairness.ts'
import { performanceCase } from './metrics-performance.ts'
import { specialTable } from './metrics-special.ts'
import type { CaseResult } from './run.ts'

/** An `expected.json` as read. */
export interface MetricCase {
  readonly case: string
  readonly files: Readonly<Record<string, string>>
  readonly columns: Readonly<Record<string, ColumnKind>>
  readonly expected: readonly Expectation[]
  readonly [field: string]: unknown
}

export interface CaseInput {
  readonly engine: FileEngine
  readonly folder: string
  readonly spec: MetricCase
  /** A file of the case as a table of the declared kinds, or of `columns` where the file has but some of them. */
  table(role: string, columns?: readonly string[]): Promise<SqlTable>
}

/** What the engine says for the expectations of a case, in any order; more than is expected does no harm. */
export type RunCase = (input: CaseInput) => Promise<readonly Got[]>

const FAMILIES: Readonly<Record<string, RunCase>> = {
  concept: conceptCase,
  data: dataCase,
  drift: driftCase,
  estimated: estimatedCase,
  explain: explainCase,
  fairness: fairnessCase,
  performance: performanceCase,
}

export async function* runVectors(root: string): AsyncIterable<CaseResult> {
  for (const folder of foldersWith(root, 'expected.json')) yield await runCase(root, folder)
  for (const file of jsonFiles(join(root, 'special'))) yield* specialResults(file)
}

async function runCase(root: string, folder: string): Promise<CaseResult> {
  const name = folder.slice(root.length + 1)
  const spec = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as MetricCase
  const family = FAMILIES[name.split('/')[0] ?? '']
  if (family === undefined) return { name, state: 'skipped', reason: 'a family that is not known here' }
  const engine = await openFileEngine()
  try {
    const got = await family({
      engine,
      folder,
      spec,
      table: (role, columns) => openTable(engine, folder, spec, role, columns),
    })
    const differences = metricDifferences(spec.expected, got)
    return differences.length === 0 ? { name, state: 'passed' } : { name, state: 'failed', differences }
  } catch (error) {
    return {
      name,
      state: 'failed',
      differences: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    }
  } finally {
    engine.close()
  }
}

async function openTable(
  engine: FileEngine,
  folder: string,
  spec: MetricCase,
  role: string,
  names: readonly string[] = Object.keys(spec.columns),
): Promise<SqlTable> {
  const file = spec.files[role]
  if (file === undefined) throw new Error(`the case names no file \`${role}\``)
  const columns = names.map((name) => ({ name, kind: spec.columns[name] ?? 'text' }))
  return await engine.open({ role, files: [join(folder, file)], columns })
}

async function* specialResults(file: string): AsyncIterable<CaseResult> {
  const name = `special/${basename(file)}`
  const outcome = await specialTable(basename(file, '.json'), JSON.parse(readFileSync(file, 'utf8')))
  if (typeof outcome === 'string') yield { name, state: 'skipped', reason: outcome }
  else if (outcome.length > 0) yield { name, state: 'failed', differences: outcome }
  else yield { name, state: 'passed' }
}

function foldersWith(root: string, file: string): string[] {
  if (existsSync(join(root, file))) return [root]
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .flatMap((name) => foldersWith(join(root, name), file))
}

function jsonFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name))
}
