// The errors of a regression by SQL against their definitions: far from 0, near the ends of doubles, with gaps and infinities.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { openFileEngine } from '../../../engine/adapters/duckdb/file-engine.ts'
import { outcomeMeasurements } from '../../../engine/observe/metrics/outcome-measurements.ts'
import { summariseOutcomes } from '../../../engine/observe/summarise/table-summary.ts'
import { type Row, type Value, valuesTable } from './values-table.ts'

const engine = await openFileEngine()
after(() => engine.close())

const REGRESSION = { kind: 'regression', prediction: 'p', label: 'y', score: null } as const

/** By metric: value, or the reason of null. */
async function measured(rows: readonly Row[]): Promise<ReadonlyMap<string, number | string | undefined>> {
  const summary = await summariseOutcomes(engine, valuesTable({ p: 'number', y: 'number' }, rows), REGRESSION)
  return new Map(
    outcomeMeasurements(summary).map((one) => [one.metric.slice('performance.'.length), one.value ?? one.reason]),
  )
}

const isNumber = (value: Value | undefined): value is number => typeof value === 'number' && !Number.isNaN(value)

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, x) => sum + x, 0) / values.length
}

describe('a regression', () => {
  const value = fc.oneof(
    fc.constantFrom(0, 0, 1, 1, -2, null, Number.NaN),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => Math.round(x * 1000) / 1000),
  )

  test('has the errors of their definitions, far from 0 too', async () => {
    const input = fc.tuple(
      fc.array(fc.record({ p: value, y: value }), { maxLength: 20 }),
      fc.constantFrom(0, 1e9, -1e12),
    )
    await fc.assert(
      fc.asyncProperty(input, async ([given, offset]) => {
        const rows = given.map(({ p, y }) => ({ p: p === null ? null : p + offset, y: y === null ? null : y + offset }))
        const by = await measured(rows)
        const pairs = rows.flatMap(({ p, y }) => (isNumber(p) && isNumber(y) ? [{ p, y }] : []))
        const near = (metric: string, expected: number | null, slack: number) => {
          const got = by.get(metric)
          if (expected === null) assert.equal(typeof got, 'string', `${metric}: ${got} instead of null`)
          else
            assert.ok(
              Math.abs(Number(got) - expected) <= slack * Math.max(1, Math.abs(expected)),
              `${metric}: ${got} instead of ${expected}`,
            )
        }
        const squares = mean(pairs.map(({ p, y }) => (p - y) ** 2))
        near('mae', mean(pairs.map(({ p, y }) => Math.abs(p - y))), 1e-11)
        near('rmse', squares === null ? null : Math.sqrt(squares), 1e-11)
        // Differences of near numbers are exact, so the oracle does not lose what it looks for.
        const from = pairs.map(({ y }) => y - (pairs[0]?.y ?? 0))
        const spread = from.reduce((sum, d) => sum + (d - (mean(from) ?? 0)) ** 2, 0)
        const isConstant = new Set(pairs.map(({ y }) => y)).size < 2
        near('r2', isConstant ? null : 1 - pairs.reduce((sum, { p, y }) => sum + (p - y) ** 2, 0) / spread, 1e-9)
        const hasZero = pairs.length === 0 || pairs.some(({ y }) => y === 0)
        near('mape', hasZero ? null : mean(pairs.map(({ p, y }) => Math.abs((p - y) / y))), 1e-11)
      }),
      { numRuns: 60 },
    )
  })

  test('has no error where one is infinite, and does not overflow before', async () => {
    const infinite = await measured([
      { p: Infinity, y: 1 },
      { p: 1, y: 1 },
    ])
    for (const metric of ['mae', 'rmse', 'r2', 'mape']) assert.equal(infinite.get(metric), 'non_finite')
    const large = await measured([
      { p: 2e200, y: 1e200 },
      { p: 1e200, y: 2e200 },
    ])
    assert.deepEqual([large.get('mae'), large.get('rmse'), large.get('r2')], [1e200, 1e200, -3])
    const small = await measured([
      { p: 2e-200, y: 1e-200 },
      { p: 1e-200, y: 2e-200 },
    ])
    assert.deepEqual([small.get('rmse'), small.get('r2')], [1e-200, -3])
  })

  test('without a row, or without a label, is null with its reason', async () => {
    for (const rows of [[], [{ p: 1, y: null }]]) {
      const by = await measured(rows)
      for (const metric of ['mae', 'rmse', 'r2', 'mape']) assert.equal(by.get(metric), 'empty_window')
    }
  })
})
