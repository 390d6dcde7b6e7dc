// The same data on a real Trino server and on DuckDB: every measurement of `observe` must be there on both, counts and
// rates equal, what rests on sums within 1e-9, and approximate quantiles (bins of large columns) leave no trace in a value.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { openFileEngine } from '../../../engine/adapters/duckdb/file-engine.ts'
import { openTrinoEngine } from '../../../engine/adapters/trino/trino-engine.ts'
import { type Measurement, subjectText } from '../../../engine/domain/snapshot.ts'
import { measureWindow } from '../../../engine/observe/measure.ts'
import type { CardData } from '../../../engine/observe/measured-columns.ts'
import type { FileEngine, SqlColumn } from '../../../engine/world-sql.ts'
import { copy } from './copy-table.ts'
import { testVerb } from './observe-verb.ts'
import { startTrino } from './start-trino.ts'

const VECTORS = join(import.meta.dirname, '../../../../shared/vectors/metrics')
const server = await startTrino()
const trino = await openTrinoEngine({
  url: server.url,
  catalog: 'memory',
  schema: 'default',
  user: 'tutela',
  password: null,
  token: null,
})
const duckdb = await openFileEngine()
const clients = { duckdb, trino }
after(() => {
  duckdb.close()
  trino.close()
  server.stop()
})

interface Case {
  readonly name: string
  readonly files: { readonly current: string; readonly reference: string | null }
  readonly columns: readonly SqlColumn[]
  readonly data: CardData
}

const numbers = (...names: string[]) => names.map((name) => ({ name, type: 'number' as const }))

async function measured(engine: FileEngine, one: Case, places: Case['files']): Promise<readonly Measurement[]> {
  const open = (role: string, file: string) => engine.open({ role, files: [file], columns: one.columns })
  const { measurements } = await measureWindow(engine, {
    card: {},
    data: one.data,
    current: await open('current', places.current),
    reference: places.reference === null ? null : await open('reference', places.reference),
    from: Date.parse('2026-01-01T00:00:00Z'),
    to: Date.parse('2026-02-01T00:00:00Z'),
    now: Date.parse('2026-03-01T12:00:00Z'),
    minimumGroupSize: 10,
    exact: false,
    kept: null,
  })
  return measurements
}

const kinds = (spec: Readonly<Record<string, SqlColumn['kind']>>): SqlColumn[] =>
  Object.entries(spec).map(([name, kind]) => ({ name, kind }))

const CASES: readonly Case[] = [
  {
    name: 'numbers_small',
    files: { current: 'drift/numbers-small/current.csv', reference: 'drift/numbers-small/reference.csv' },
    ...specOf('drift/numbers-small'),
  },
  {
    name: 'categories_small',
    files: { current: 'drift/categories-small/current.csv', reference: 'drift/categories-small/reference.csv' },
    ...specOf('drift/categories-small'),
  },
  {
    name: 'near_constant',
    files: { current: 'drift/near-constant-zero/current.csv', reference: 'drift/near-constant-zero/reference.csv' },
    ...specOf('drift/near-constant-zero'),
  },
  { name: 'quality', files: { current: 'data/ordinary/data.csv', reference: null }, ...specOf('data/ordinary') },
  {
    name: 'late_labels',
    files: { current: 'fairness/late-labels/data.csv', reference: 'fairness/ordinary/data.csv' },
    columns: kinds({
      score: 'number',
      label: 'number',
      prediction: 'number',
      sex: 'category',
      race: 'category',
      age: 'category',
    }),
    data: {
      kind: 'binary',
      prediction: 'prediction',
      label: 'label',
      score: 'score',
      features: numbers('score'),
      protected: [{ name: 'sex', privileged: ['male'] }, { name: 'race' }, { name: 'age' }],
    } as CardData,
  },
]

/** The features of a case of the vectors; a prediction that is always there stands in. */
function specOf(folder: string): Pick<Case, 'columns' | 'data'> {
  const { columns } = JSON.parse(readFileSync(join(VECTORS, folder, 'expected.json'), 'utf8')) as {
    columns: Record<string, SqlColumn['kind']>
  }
  const [first = ''] = Object.keys(columns)
  const features = Object.entries(columns).map(([name, type]) => ({ name, type }))
  const timestamp = Object.entries(columns).find(([, kind]) => kind === 'timestamp')?.[0]
  return {
    columns: kinds(columns),
    data: { kind: 'score', prediction: first, features, ...(timestamp === undefined ? {} : { timestamp }) } as CardData,
  }
}

for (const one of CASES) {
  test(`both engines measure the same: ${one.name}`, async () => {
    const { current, reference } = one.files
    await copy(clients, join(VECTORS, current), `${one.name}_current`, one.columns)
    if (reference !== null) await copy(clients, join(VECTORS, reference), `${one.name}_reference`, one.columns)
    const here = await measured(duckdb, one, {
      current: join(VECTORS, current),
      reference: reference === null ? null : join(VECTORS, reference),
    })
    const there = await measured(trino, one, {
      current: `${one.name}_current`,
      reference: reference === null ? null : `${one.name}_reference`,
    })
    assert.ok(here.length > 5)
    assert.deepEqual(there.map(named), here.map(named))
    for (const [i, a] of here.entries()) {
      const b = there[i]
      assert.ok(b !== undefined && a.n === b.n && a.reason === b.reason, `${named(a)}: ${JSON.stringify(b)}`)
      assert.ok(isNear(a.value, b.value), `${named(a)}: DuckDB ${a.value}, Trino ${b.value}`)
      assert.deepEqual(b.groups, a.groups)
    }
  })
}

testVerb(server.url, clients)

function named(one: Measurement): string {
  return `${one.metric} ${subjectText(one)} ${one.definition ?? ''}`
}

function isNear(a: number | null, b: number | null): boolean {
  return a === b || (a !== null && b !== null && Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-3))
}
