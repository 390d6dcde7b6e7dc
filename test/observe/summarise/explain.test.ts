// Attributions and reason codes of a table, and how drift of attributions behaves at its limits. scikit-learn's and SciPy's
// numbers are in the public vectors.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { openFileEngine } from '../../../engine/adapters/duckdb/file-engine.ts'
import { explainMeasurements } from '../../../engine/observe/metrics/explain-measurements.ts'
import { summariseAttributions, summariseReasons } from '../../../engine/observe/summarise/table-summary.ts'
import type { ColumnKind } from '../../../engine/world-sql.ts'
import { type Row, type Value, valuesTable } from './values-table.ts'

const engine = await openFileEngine()
after(() => engine.close())

const MATRIX = { income: 'number', age: 'number' } as const

describe('the mean |SHAP| of a feature', () => {
  test('is the mean of absolute values, and null with one cell that is not finite', async () => {
    const cell = fc.oneof(
      fc.double({ min: -1e3, max: 1e3, noNaN: true }),
      fc.constantFrom(0, null, Number.NaN, -Infinity, 1e-200),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ income: cell, age: cell }), { maxLength: 12 }), async (rows) => {
        const { attributions } = await summariseAttributions(engine, valuesTable(MATRIX, rows))
        for (const { feature, value } of attributions) {
          const cells = rows.map((row) => row[feature as keyof typeof row])
          const isWhole = cells.length > 0 && cells.every((one) => one !== null && Number.isFinite(one))
          if (!isWhole) assert.equal(value, null)
          else {
            const expected = cells.reduce<number>((sum, one) => sum + Math.abs(one ?? 0), 0) / cells.length
            assert.ok(
              value !== null && Math.abs(value - expected) <= 1e-12 * expected + 1e-280,
              `${value} instead of ${expected}`,
            )
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  test('that is missing says why, and leaves no drift', async () => {
    const live = (await summariseAttributions(engine, valuesTable(MATRIX, [{ income: 1, age: null }]))).attributions
    const baseline = [
      { feature: 'income', value: 1 },
      { feature: 'age', value: 1 },
    ]
    const found = explainMeasurements({ rows: 1, live, baseline })
    assert.deepEqual(
      found.map(({ metric, feature, value, reason }) => [metric, feature, value ?? reason]),
      [
        ['explain.mean_abs_shap', 'income', 1],
        ['explain.mean_abs_shap', 'age', 'non_finite'],
        ['explain.ndcg', undefined, 'non_finite'],
        ['explain.l1', undefined, 'non_finite'],
        ['explain.top_k_overlap', undefined, 'non_finite'],
      ],
    )
    assert.equal(explainMeasurements({ rows: 0, live: [{ feature: 'a', value: null }] })[0]?.reason, 'empty_window')
  })
})

test('attribution drift stays in its range, and is none between equal importances', () => {
  const importance = fc.constantFrom(0, 0, 0.1, 0.5, 0.5, 2)
  const side = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', '__proto__', 'e', 'f'), importance)
  const listOf = (values: Record<string, number>) =>
    Object.entries(values).map(([feature, value]) => ({ feature, value }))
  fc.assert(
    fc.property(side, side, (before, now) => {
      const drift = explainMeasurements({ live: listOf(now), baseline: listOf(before) }).filter(
        ({ feature }) => feature === undefined,
      )
      for (const { metric, value } of drift) {
        if (value === null) continue
        assert.ok(value >= 0 && value <= (metric === 'explain.l1' ? 2 : 1) + 1e-12, `${metric} ${value}`)
      }
      const same = explainMeasurements({ live: listOf(now), baseline: listOf(now) })
      const by = new Map(same.map(({ metric, value }) => [metric, value]))
      assert.ok([0, null].includes(by.get('explain.l1') ?? null))
      assert.ok([1, null].includes(by.get('explain.top_k_overlap') ?? null))
    }),
    { numRuns: 200 },
  )
})

test('reason codes count where the decision is adverse, an empty or blank text as none', async () => {
  const rows = (no: Value, yes: Value): Row[] => [
    { p: no, r: 'R01' },
    { p: no, r: '' },
    { p: no, r: ' ' },
    { p: no, r: null },
    { p: yes, r: null },
    { p: null, r: 'R02' },
  ]
  const cases: [ColumnKind, Value, Value, string][] = [
    ['number', 0, 1, '0'],
    ['number', 0, 1, '0.0'],
    ['boolean', false, true, 'false'],
    ['category', 'refused', 'approved', 'refused'],
  ]
  for (const [kind, no, yes, adverse] of cases) {
    const table = valuesTable({ p: kind, r: 'text' }, rows(no, yes))
    const reasons = await summariseReasons(engine, table, { prediction: 'p', adverse, reasons: 'r' })
    assert.deepEqual(reasons, { adverse: 4, withReason: 1 }, kind)
    const none = await summariseReasons(engine, table, {
      prediction: 'p',
      adverse: kind === 'boolean' ? 'true' : 'x',
      reasons: 'r',
    })
    assert.equal(none.withReason, 0)
  }
  const [nobody] = explainMeasurements({ reasons: { adverse: 0, withReason: 0 } })
  assert.equal(nobody?.reason, 'no_adverse_decisions')
})
