// Concept drift over a table's errors: river's alarms on the electricity data, the order of time, and errors of every kind.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { openFileEngine } from '../../../engine/adapters/duckdb/file-engine.ts'
import { findMetric } from '../../../engine/observe/metrics/catalogue.ts'
import { conceptMeasurements } from '../../../engine/observe/metrics/concept-measurements.ts'
import { summariseErrors } from '../../../engine/observe/summarise/table-summary.ts'
import type { ColumnKind } from '../../../engine/world-sql.ts'
import { type Row, valuesTable } from './values-table.ts'

const ELEC2 = join(import.meta.dirname, '../../../../shared/data/elec2')
const NO_ELEC2 = existsSync(ELEC2) ? false : 'the electricity data (../shared/data/elec2) are not on this machine'

const engine = await openFileEngine()
after(() => engine.close())

const OUTCOMES = { kind: 'binary', prediction: 'prediction', label: 'label', score: null } as const
const KINDS = { prediction: 'number', label: 'number', at: 'timestamp' } as const

describe('concept drift of the electricity data', { skip: NO_ELEC2 }, () => {
  test('is alarmed where river alarms', async () => {
    const { stream } = JSON.parse(readFileSync(join(ELEC2, 'expected.json'), 'utf8'))
    const kinds: Readonly<Record<string, ColumnKind>> = { ...KINDS, row: 'number' }
    const columns = Object.entries(kinds).map(([name, kind]) => ({ name, kind }))
    const table = await engine.open({ role: 'current', files: [join(ELEC2, 'scored.parquet')], columns })
    const after = { ...table, from: `(SELECT * FROM ${table.from} WHERE row >= ${stream.first_row}) AS later` }
    const { errors, detectors } = await summariseErrors(engine, after, { outcomes: OUTCOMES, timestamp: 'at' })
    assert.equal(errors, stream.rows)
    const river = (name: string) =>
      Object.entries(stream.detectors as Record<string, { at: number[] }>).find(([call]) => call.startsWith(name))?.[1]
        .at
    const alarms = (name: string) => detectors.find(({ detector }) => detector === name)?.positions
    assert.deepEqual(alarms('adwin'), river('ADWIN('))
    assert.deepEqual(alarms('ddm'), river('DDM('))
    assert.deepEqual(alarms('page_hinkley'), river('PageHinkley('))
    assert.equal(alarms('adwin')?.length, 87)
  })
})

/** The error rate rises from 0.1 to 0.6 half way. */
const rows: readonly Row[] = Array.from({ length: 600 }, (_, i) => ({
  prediction: 1,
  label: (i * 7919) % 100 < (i < 300 ? 90 : 40) ? 1 : 0,
  at: `2026-01-01 ${String(Math.floor(i / 60)).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}:00`,
}))

describe('errors in order of time', () => {
  test('are those of the rows, in whatever order the rows stand', async () => {
    const expected = await summariseErrors(engine, valuesTable(KINDS, rows), { outcomes: OUTCOMES, timestamp: 'at' })
    assert.ok(expected.detectors.some(({ positions }) => positions.some((at) => at > 300)))
    const sameInstant = rows.map((row) => ({ ...row, at: '2026-01-01 00:00:00' }))
    const ties = await summariseErrors(engine, valuesTable(KINDS, sameInstant), { outcomes: OUTCOMES, timestamp: 'at' })
    for (const order of [rows.toReversed(), rows.toSorted((a, b) => Number(a.label) - Number(b.label))]) {
      const got = await summariseErrors(engine, valuesTable(KINDS, order), { outcomes: OUTCOMES, timestamp: 'at' })
      assert.deepEqual(got, expected)
      const tied = order.map((row) => ({ ...row, at: '2026-01-01 00:00:00' }))
      assert.deepEqual(
        await summariseErrors(engine, valuesTable(KINDS, tied), { outcomes: OUTCOMES, timestamp: 'at' }),
        ties,
      )
    }
  })

  test('leave out rows without prediction, label or time', async () => {
    const gaps: Row[] = [
      { prediction: 1, label: 1, at: '2026-01-01 00:00:00' },
      { prediction: null, label: 1, at: '2026-01-01 00:00:01' },
      { prediction: 1, label: null, at: '2026-01-01 00:00:02' },
      { prediction: 1, label: 1, at: null },
    ]
    const found = await summariseErrors(engine, valuesTable(KINDS, gaps), { outcomes: OUTCOMES, timestamp: 'at' })
    assert.equal(found.errors, 1)
    assert.deepEqual(
      conceptMeasurements(found).map(({ value, n }) => [value, n]),
      [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
    )
  })

  test('have no order without a time, and are none without a label', async () => {
    const table = valuesTable(KINDS, rows)
    for (const [label, timestamp, reason] of [
      ['label', null, 'no_timestamp'],
      [null, 'at', 'no_label'],
    ] as const) {
      const found = await summariseErrors(engine, table, { outcomes: { ...OUTCOMES, label }, timestamp })
      assert.deepEqual(
        conceptMeasurements(found).map(({ value, reason }) => [value, reason]),
        [
          [null, reason],
          [null, reason],
          [null, reason],
        ],
      )
    }
  })

  test('of a regression are absolute, and DDM does not look at them', async () => {
    const table = valuesTable(KINDS, [
      { prediction: 5, label: 7.5, at: '2026-01-01 00:00:00' },
      { prediction: Infinity, label: 1, at: '2026-01-01 00:00:00' },
    ])
    const found = await summariseErrors(engine, table, {
      outcomes: { ...OUTCOMES, kind: 'regression' },
      timestamp: 'at',
    })
    assert.equal(found.errors, 1)
    assert.deepEqual(
      found.detectors.map(({ detector }) => detector),
      ['page_hinkley', 'adwin'],
    )
  })

  test('of many classes are 0 or 1', async () => {
    const kinds = { ...KINDS, prediction: 'category', label: 'category' } as const
    const words = rows.map(({ label, at }) => ({ prediction: 'a', label: label === 1 ? 'a' : 'b', at: at ?? null }))
    const expected = await summariseErrors(engine, valuesTable(KINDS, rows), { outcomes: OUTCOMES, timestamp: 'at' })
    const got = await summariseErrors(engine, valuesTable(kinds, words), {
      outcomes: { ...OUTCOMES, kind: 'multiclass' },
      timestamp: 'at',
    })
    assert.deepEqual(got.detectors, expected.detectors)
  })
})

test('the definitions are those of the catalogue', async () => {
  const found = await summariseErrors(engine, valuesTable(KINDS, rows), { outcomes: OUTCOMES, timestamp: 'at' })
  for (const { metric, definition } of conceptMeasurements(found))
    assert.equal(definition, findMetric(metric)?.definition)
})

test('rows of the same time that differ in nothing may swap', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 80 }), async (labels) => {
      const given = labels.map((label) => ({ prediction: 1, label, at: '2026-01-01 00:00:00' }))
      const [a, b] = [given, given.toReversed()]
      const read = (list: readonly Row[]) =>
        summariseErrors(engine, valuesTable(KINDS, list), { outcomes: OUTCOMES, timestamp: 'at' })
      assert.deepEqual(await read(a), await read(b))
    }),
    { numRuns: 15 },
  )
})
