// Runs a folder laid out like shared/vectors/imports: every folder with an `expected.json` is a case, its source goes
// through the importer that `tutela import` uses. What a user would tell the tool is taken from the case (see `told`).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { readParquet } from '../../engine/adapters/duckdb/read-parquet.ts'
import { importSource } from '../../engine/observe/importers/import-source.ts'
import type { Told } from '../../engine/observe/importers/imported.ts'
import { readSource } from '../../engine/observe/importers/read-source.ts'
import { TOOLS } from '../../engine/observe/importers/tools.ts'
import { type ExpectedImport, importDifferences } from './import-differences.ts'
import type { CaseResult } from './run.ts'

const EXPECTED = 'expected.json'

export async function* runVectors(folder: string): AsyncIterable<CaseResult> {
  const cases = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path === EXPECTED || path.endsWith(`/${EXPECTED}`))
    .sort()
  for (const path of cases) yield await runCase(join(folder, path, '..'), relative(folder, join(folder, path, '..')))
}

async function runCase(folder: string, name: string): Promise<CaseResult> {
  const expected = JSON.parse(readFileSync(join(folder, EXPECTED), 'utf8')) as ExpectedImport
  if (!TOOLS.has(expected.tool)) return { name, state: 'skipped', reason: `no importer for \`${expected.tool}\`` }
  const file = join(folder, expected.source)
  if (!existsSync(file))
    return { name, state: 'failed', differences: [`the source \`${expected.source}\` is not there`] }
  const read = await readSource({ name: expected.source, bytes: readFileSync(file) }, readParquet)
  const got = importSource(expected.tool, read, { told: told(expected, folder) })
  const withShape = isOfTool(expected)
  const differences = importDifferences(expected, got, { withShape })
  if (differences.length > 0) return { name, state: 'failed', differences }
  if (withShape) return { name, state: 'passed' }
  return { name, state: 'passed', note: `\`${expected.shape}\` is no shape of \`${expected.tool}\`: not compared` }
}

/** A shape begins with its tool's name (`gx` for Great Expectations); `none` belongs to all. */
function isOfTool({ tool, shape }: ExpectedImport): boolean {
  return shape === 'none' || shape.startsWith(`${tool}-`) || (tool === 'great-expectations' && shape.startsWith('gx-'))
}

/**
 * What the files of some tools leave out and a user tells: the protected attribute (AIF360, Fairlearn by columns), the
 * label's column (deepchecks), what a query stands for (Prometheus, whose request lies beside the reply).
 */
function told(expected: ExpectedImport, folder: string): Told {
  const { tool, measurements } = expected
  if (tool === 'prometheus') return { ...asked(folder), ...declared(expected) }
  if (tool === 'deepchecks') {
    const label = measurements.find(({ part }) => part === 'label')?.subject.name
    return label === undefined ? {} : { label }
  }
  if (tool !== 'aif360' && tool !== 'fairlearn') return {}
  const of = measurements.map(({ subject }) =>
    subject.kind === 'attribute' ? subject.name : Object.keys(subject.group ?? {})[0],
  )
  const attribute = of.find((one) => one !== undefined)
  return attribute === undefined ? {} : { attribute }
}

function asked(folder: string): Told {
  const file = join(folder, 'request.json')
  if (!existsSync(file)) return {}
  const { path, query } = JSON.parse(readFileSync(file, 'utf8')) as { path: string; query: { query?: string } }
  return { path, ...(query.query === undefined ? {} : { query: query.query }) }
}

function declared({ measurements }: ExpectedImport): Told {
  const metric = measurements[0]?.metric
  return metric === undefined || metric === 'custom' ? {} : { metric }
}
