// Data quality by SQL against counts over rows, and what each expectation of a card does with odd values.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { openFileEngine } from '../../../engine/adapters/duckdb/file-engine.ts'
import type { Feature } from '../../../engine/domain/model-card.ts'
import { qualityMeasurements } from '../../../engine/observe/metrics/quality-measurements.ts'
import { summariseQuality } from '../../../engine/observe/summarise/table-summary.ts'
import { type Row, valuesTable } from './values-table.ts'

const engine = await openFileEngine()
after(() => engine.close())

const KINDS = { n: 'number', c: 'category', b: 'boolean', t: 'timestamp' } as const
const FEATURES: readonly Feature[] = [
  { name: 'n', type: 'number', min: 0, max: 10, unique: true, notNull: true },
  { name: 'c', type: 'category', values: ['a', "it's"] },
  { name: 'b', type: 'boolean', values: ['true'] },
]
const NOW = Date.parse('2026-03-01T00:00:00Z')

const row = fc.record({
  n: fc.constantFrom(0, 10, -1, 11, Infinity, -Infinity, Number.NaN, null, -0),
  c: fc.constantFrom('a', "it's", 'A', '', null),
  b: fc.constantFrom(true, false, null),
  t: fc.constantFrom('2026-02-28 12:00:00', '2026-03-02 00:00:00.5', null),
})

async function measured(rows: readonly Row[], features = FEATURES, timestamp: string | null = 't') {
  const summary = await summariseQuality(engine, valuesTable(KINDS, rows), { features, timestamp })
  const found = qualityMeasurements(summary, { now: NOW })
  return (metric: string, feature?: string) => {
    const one = found.find((m) => m.metric === `data.${metric}` && m.feature === feature)
    return one === undefined ? undefined : (one.value ?? one.reason)
  }
}

describe('data quality', () => {
  test('counts what a look at every row counts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (rows) => {
        const of = await measured(rows)
        const numbers = rows.flatMap(({ n }) => (n === null || Number.isNaN(n) ? [] : [n + 0]))
        const outside = numbers.filter((n) => n < 0 || n > 10).length
        const share = (part: number, whole: number) => (whole === 0 ? 'empty_window' : part / whole)
        assert.equal(of('rows'), rows.length)
        assert.equal(of('missing_share', 'n'), share(rows.length - numbers.length, rows.length))
        assert.equal(of('null_violations', 'n'), rows.length - numbers.length)
        assert.equal(of('range_violations', 'n'), outside)
        assert.equal(of('range_violations'), outside)
        assert.equal(of('range_violation_share', 'n'), share(outside, numbers.length))
        assert.equal(of('unique_violations', 'n'), numbers.length - new Set(numbers).size)
        const categories = rows.filter(({ c }) => c !== null)
        const flags = rows.filter(({ b }) => b !== null)
        const unseen = categories.filter(({ c }) => c !== 'a' && c !== "it's").length
        const no = flags.filter(({ b }) => b === false).length
        assert.equal(of('unseen_category_share', 'c'), share(unseen, categories.length))
        assert.equal(of('unseen_category_share', 'b'), share(no, flags.length))
        assert.equal(of('unseen_category_share'), share(unseen + no, categories.length + flags.length))
        const cells = rows.length * 3
        assert.equal(of('missing_share'), share(cells - numbers.length - categories.length - flags.length, cells))
        const different = new Set(
          rows.map(({ n, c, b, t }) => JSON.stringify([n === null ? 'none' : `${n + 0}`, c, b, t])),
        )
        assert.equal(of('duplicate_share'), share(rows.length - different.size, rows.length))
        const times = rows.flatMap(({ t }) => (t === null ? [] : [Date.parse(`${t.replace(' ', 'T')}Z`)]))
        assert.equal(
          of('freshness_hours'),
          times.length === 0 ? 'no_timestamp' : (NOW - Math.max(...times)) / 3_600_000,
        )
      }),
      { numRuns: 60 },
    )
  })

  test('expects nothing that the card does not say', async () => {
    const of = await measured([{ n: 99, c: 'z' }], [{ name: 'n', type: 'number' }], null)
    for (const metric of ['range_violations', 'unseen_category_share', 'null_violations', 'unique_violations']) {
      assert.equal(of(metric, 'n'), undefined)
      assert.equal(of(metric), undefined)
    }
    assert.equal(of('freshness_hours'), 'no_timestamp')
  })

  test('compares numbers as numbers, and finds all unseen where no value can be one', async () => {
    const rows = [{ n: 1 }, { n: 2 }, { n: null }]
    const numbers = await measured(rows, [{ name: 'n', type: 'number', values: ['1.0', 'two'] }])
    assert.equal(numbers('unseen_category_share', 'n'), 0.5)
    const none = await measured(rows, [{ name: 'n', type: 'number', values: ['one'] }])
    assert.equal(none('unseen_category_share', 'n'), 1)
  })

  test('has an upper or a lower limit alone, and infinities past both', async () => {
    const rows = [{ n: -5 }, { n: 50 }, { n: Infinity }, { n: -Infinity }]
    const low = await measured(rows, [{ name: 'n', type: 'number', min: 0 }])
    const high = await measured(rows, [{ name: 'n', type: 'number', max: 0 }])
    assert.deepEqual([low('range_violations', 'n'), high('range_violations', 'n')], [3, 3])
  })
})
