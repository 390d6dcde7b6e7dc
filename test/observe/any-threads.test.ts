// The same rows make the same bytes, whatever threads and memory there are: sums are of whole numbers, places come of the first
// rows in order, and what is added as doubles is added in order.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { DuckDBInstance } from '@duckdb/node-api'
import { openFileEngine } from '../../engine/adapters/duckdb/file-engine.ts'
import { measureWindow } from '../../engine/observe/measure.ts'
import type { CardData } from '../../engine/observe/measured-columns.ts'
import type { WantedColumn } from '../../engine/world-sql.ts'

const ROWS = 60_000
const folder = mkdtempSync(join(tmpdir(), 'tutela-threads-'))
after(() => rmSync(folder, { recursive: true }))

/** Smooth, with ties, with tails that leave every piece of the bins, and with missing and infinite cells. */
const TABLE = (shift: number) => `SELECT u + ${shift} AS smooth, round(u * 50) AS tied,
  CASE WHEN i % 97 = 0 THEN NULL WHEN i % 1009 = 0 THEN 'inf'::DOUBLE WHEN i % 501 = 0 THEN 1e300 * u
    ELSE (u - 0.4) * pow(10, 40 * w) END AS tailed,
  'c' || (i % 7) AS kind, CASE WHEN w < 0.5 THEN 'F' ELSE 'M' END AS sex, u AS score, (u > 0.5)::INT AS prediction,
  (w < u)::INT AS label, TIMESTAMP '2026-01-01' + to_seconds(i // 10) AS at
  FROM (SELECT i, hash(i + ${shift === 0 ? 0 : 1_000_000}) / 18446744073709551616.0 AS u, hash(i + 7) / 18446744073709551616.0 AS w FROM range(${ROWS}) t(i))`

before(async () => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  for (const [name, shift] of [
    ['reference', 0],
    ['current', 0.01],
  ] as const)
    await connection.run(
      `COPY (${TABLE(shift)}) TO '${join(folder, name)}.parquet' (FORMAT parquet, ROW_GROUP_SIZE 4096)`,
    )
  connection.closeSync()
  instance.closeSync()
})

const data: CardData = {
  kind: 'binary',
  prediction: 'prediction',
  label: 'label',
  score: 'score',
  timestamp: 'at',
  features: [
    { name: 'smooth', type: 'number' },
    { name: 'tied', type: 'number' },
    { name: 'tailed', type: 'number' },
    { name: 'kind', type: 'category' },
  ],
  protected: [{ name: 'sex', privileged: ['M'] }],
}
const columns: readonly WantedColumn[] = [
  ...data.features.map(({ name, type }) => ({ name, kind: type })),
  { name: 'sex', kind: 'category' },
  ...['score', 'prediction', 'label'].map((name): WantedColumn => ({ name, kind: 'number' })),
  { name: 'at', kind: 'timestamp' },
]

async function measured(threads: number, memory: string, exact: boolean): Promise<string> {
  const engine = await openFileEngine({ threads, memory })
  try {
    const open = (role: string) => engine.open({ role, files: [join(folder, `${role}.parquet`)], columns })
    const { measurements, kept } = await measureWindow(engine, {
      card: {},
      data,
      current: await open('current'),
      reference: await open('reference'),
      from: Date.parse('2026-01-01T00:00:00Z'),
      to: Date.parse('2026-01-02T00:00:00Z'),
      now: Date.parse('2026-02-01T00:00:00Z'),
      minimumGroupSize: 10,
      exact,
      kept: null,
      definitions: exact ? 'all' : new Set(),
    })
    return JSON.stringify([measurements, kept])
  } finally {
    engine.close()
  }
}

test('one, two or four threads, little memory or much: the same measurements and the same kept summary', async () => {
  const first = await measured(1, '400MB', false)
  for (const [threads, memory] of [
    [2, '400MB'],
    [4, '200MB'],
    [4, '200MB'],
  ] as const)
    assert.equal(await measured(threads, memory, false), first)
  const all = await measured(1, '400MB', true)
  assert.ok(all.length > first.length)
  assert.equal(await measured(4, '300MB', true), all)
})
