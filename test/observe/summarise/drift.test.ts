// Drift by SQL against the definitions written once more in plain loops, on small tables of every nasty value: ties, infinities,
// NaN, −0, nothing, clusters far apart; and the promises about kept references, bounds, quoting and rows that stay behind.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { openFileEngine } from '../../../engine/adapters/duckdb/file-engine.ts'
import type { Measurement } from '../../../engine/domain/snapshot.ts'
import { findMetric } from '../../../engine/observe/metrics/catalogue.ts'
import { numberPsi } from '../../../engine/observe/metrics/column-drift.ts'
import { driftMeasurements } from '../../../engine/observe/metrics/drift-measurements.ts'
import { type DriftRequest, summariseDrift } from '../../../engine/observe/summarise/drift-summary.ts'
import type { SqlEngine } from '../../../engine/world-sql.ts'
import { counted, finite, naiveJensenShannon, naiveKs, naiveTotalVariation, naiveWasserstein } from './drift-oracle.ts'
import { type Row, type Value, valuesTable } from './values-table.ts'

const engine = await openFileEngine()
after(() => engine.close())

const KINDS = { x: 'number', c: 'category' } as const

function request(before: readonly Row[], now: readonly Row[], more: Partial<DriftRequest> = {}): DriftRequest {
  const [reference, current] = [valuesTable(KINDS, before), valuesTable(KINDS, now)]
  return { reference, current, columns: reference.columns, exact: true, ...more }
}

async function measure(before: readonly Row[], now: readonly Row[], more: Partial<DriftRequest> = {}) {
  return driftMeasurements(await summariseDrift(engine, request(before, now, more)), {
    prediction: null,
    variants: 'all',
  })
}

function measured(measurements: readonly Measurement[], metric: string, feature: string): number | null | undefined {
  const found = measurements.find((one) => one.metric === metric && one.feature === feature && !isVariant(one))
  return found?.value
}

function isVariant({ metric, definition }: Measurement): boolean {
  return definition !== undefined && definition !== findMetric(metric)?.definition
}

function assertNear(got: number | null | undefined, expected: number | null, where: string, absolute = 1e-9): void {
  if (typeof got !== 'number' || expected === null) {
    assert.equal(got, expected, where)
    return
  }
  assert.ok(
    Math.abs(got - expected) <= Math.max(absolute, 1e-9 * Math.abs(expected)),
    `${where}: ${got}, not ${expected}`,
  )
}

const number: fc.Arbitrary<Value> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 6, arbitrary: fc.double({ min: -2, max: 2, noNaN: true }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 40 }).map((i) => 1e6 + i * 1e-7) },
  { weight: 1, arbitrary: fc.constantFrom(-0, 1e-300, 1e15, -1e15, 12345.678) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, -Infinity, null) },
)
const category: fc.Arbitrary<Value> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'b', 'ç', '🙂', '', "o'x", 'NULL', '__proto__') },
  { weight: 1, arbitrary: fc.constant(null) },
)
const rows = fc.array(fc.record({ x: number, c: category }), { maxLength: 90 })

describe('drift by SQL', () => {
  test('equals the definitions written out, whatever the values', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, async (before, now) => {
        const got = await measure(before, now)
        const sides = [finite(before), finite(now)] as const
        const where = 'of x'
        assertNear(measured(got, 'drift.ks', 'x'), naiveKs(...sides), `KS ${where}`)
        assertNear(measured(got, 'drift.wasserstein_normed', 'x'), naiveWasserstein(...sides), `Wasserstein ${where}`)
        assertNear(measured(got, 'drift.psi', 'x'), numberPsi(counted(before), counted(now)).value, `PSI ${where}`)
        assertNear(measured(got, 'drift.jensen_shannon', 'c'), naiveJensenShannon(before, now), 'Jensen–Shannon of c')
        assertNear(measured(got, 'drift.total_variation', 'c'), naiveTotalVariation(before, now), 'variation of c')
        for (const { metric, value, reason } of got) {
          assert.ok(value === null ? reason !== undefined : Number.isFinite(value), `${metric}: ${value}`)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('finds deciles inside of crowded bins', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 120, maxLength: 200 }),
        async (list) => {
          // A third far out makes the bins wide; the rest lies so close that hundreds share one.
          const before = list.map((i) => ({ x: i % 3 === 0 ? (i - 1500) * 1e5 : 7 + i * 1e-6 }))
          const now = list.map((i) => ({ x: i % 5 === 0 ? -i : 7.0005 + i * 1e-6 }))
          const psi = numberPsi(counted(before), counted(now)).value
          assertNear(measured(await measure(before, now), 'drift.psi', 'x'), psi, 'PSI')
        },
      ),
      { numRuns: 6 },
    )
  })

  test('gives the same numbers with a kept reference, without a scan of the reference but for bins in doubt', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, async (before, now) => {
        const first = await summariseDrift(engine, request(before, now))
        const kept = JSON.parse(JSON.stringify(first.reference))
        const second = await summariseDrift(engine, request(before, now, { kept }))
        assert.deepEqual(second.columns, first.columns)
        assert.deepEqual(second.rows, first.rows)
      }),
      { numRuns: 15 },
    )
    const many = Array.from({ length: 50 }, (_, i) => ({ x: i % 7, c: 'a' }))
    const asked: string[] = []
    const spy: SqlEngine = {
      ...engine,
      query: (sql) => engine.query(note(asked, sql)),
      stream: (sql) => engine.stream(note(asked, sql)),
      numbers: (sql) => engine.numbers(note(asked, sql)),
    }
    const { reference: kept } = await summariseDrift(engine, request(many, many))
    await summariseDrift(spy, {
      ...request(many, many, { kept }),
      reference: { ...valuesTable(KINDS, []), from: 'nowhere' },
    })
    assert.ok(asked.length > 0 && asked.every((sql) => !sql.includes('nowhere')), 'the reference was read')
  })

  test('has symmetric KS, PSI of at least 0, and the same measurements whatever the order of rows', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, async (before, now) => {
        const [there, back] = [await measure(before, now), await measure(now, before)]
        assertNear(measured(there, 'drift.ks', 'x'), measured(back, 'drift.ks', 'x') ?? null, 'KS turned around')
        assertNear(measured(there, 'drift.ks_p', 'x'), measured(back, 'drift.ks_p', 'x') ?? null, 'p turned around')
        for (const { metric, value } of there) if (metric === 'drift.psi' && value !== null) assert.ok(value >= 0)
        assert.deepEqual(await measure([...before].reverse(), [...now].reverse()), there)
      }),
      { numRuns: 15 },
    )
  })

  test('finds the Wasserstein distance of a shift to be the shift, far from 0 too', async () => {
    for (const [offset, shift] of [
      [0, 0.25],
      [1e9, 0.5],
      [-1e6, -3],
    ] as const) {
      const before = Array.from({ length: 64 }, (_, i) => offset + i / 8)
      const got = await measure(
        before.map((x) => ({ x })),
        before.map((x) => ({ x: x + shift })),
      )
      const deviation = Math.sqrt((64 * 64 - 1) / 12) / 8
      assertNear(measured(got, 'drift.wasserstein_normed', 'x'), Math.abs(shift) / deviation, `shift ${shift}`)
    }
  })

  test('stays within the stated bound where exactness is not asked for, and says so in the definition', async () => {
    const draw = (seed: number, n: number, at: number) => {
      let state = seed
      return Array.from({ length: n }, () => {
        state = (state * 48271) % 2147483647
        return { x: Math.tan((state / 2147483647 - 0.5) * 3) + at }
      })
    }
    const [before, now] = [draw(7, 3000, 0), draw(11, 2500, 0.02)]
    const bounded = await measure(before, now, { exact: false, exactUpTo: 0 })
    const exact = await measure(before, now)
    for (const metric of ['drift.ks', 'drift.wasserstein_normed'] as const) {
      const of = (list: readonly Measurement[]) => list.find((one) => one.metric === metric)
      assert.ok(Math.abs((of(bounded)?.value ?? Number.NaN) - (of(exact)?.value ?? Number.NaN)) <= 0.001, metric)
      assert.match(of(bounded)?.definition ?? '', /error<=0\.001$/)
      assert.equal(of(exact)?.definition, findMetric(metric)?.definition)
    }
  })

  test('measures a spread far below what one value is off', async () => {
    const before = [0, 0, Number.MIN_VALUE, 1e6]
    const got = await measure(
      before.map((x) => ({ x })),
      [{ x: 0 }],
    )
    assertNear(measured(got, 'drift.wasserstein_normed', 'x'), naiveWasserstein(before, [0]), 'Wasserstein')
  })

  test('measures the largest and smallest numbers there are', async () => {
    const edge = [-Number.MAX_VALUE, Number.MAX_VALUE, 0, Number.MIN_VALUE, -Number.MIN_VALUE, 1, 2, 3, 4, 5, 6, 7]
    const got = await measure(
      edge.map((x) => ({ x })),
      [...edge, Number.MAX_VALUE].map((x) => ({ x })),
    )
    assertNear(measured(got, 'drift.ks', 'x'), naiveKs(edge, [...edge, Number.MAX_VALUE]), 'KS')
    const smaller = (list: readonly number[]) => list.map((x) => x * 2 ** -600)
    const ratio = naiveWasserstein(smaller(edge), smaller([...edge, Number.MAX_VALUE]))
    assertNear(measured(got, 'drift.wasserstein_normed', 'x'), ratio, 'Wasserstein')
    for (const { value } of got) assert.ok(value === null || Number.isFinite(value))
  })

  test('counts a column of very many categories without their names', async () => {
    const ids = (from: number, n: number) => Array.from({ length: n }, (_, i) => ({ c: `id ${from + i}` }))
    const before = [...ids(0, 5200), ...ids(0, 100)]
    const now = ids(100, 5200)
    const summary = await summariseDrift(engine, request(before, now))
    assert.doesNotMatch(JSON.stringify(summary), /id \d/)
    const got = driftMeasurements(summary, { prediction: null, variants: 'all' })
    assertNear(measured(got, 'drift.total_variation', 'c'), naiveTotalVariation(before, now), 'variation')
    assertNear(measured(got, 'drift.jensen_shannon', 'c'), naiveJensenShannon(before, now), 'Jensen–Shannon')
    assert.equal(measured(got, 'drift.chi2_p', 'c'), 0)
  })

  test('takes names of columns that are SQL for names', async () => {
    const name = `x"; DROP TABLE t; --`
    const kinds = { [name]: 'number', "c'] || (SELECT 1)": 'category' } as const
    const list = [1, 2, 3].map((x) => ({ [name]: x, "c'] || (SELECT 1)": `'); DROP TABLE t; --` }))
    const table = valuesTable(kinds, list)
    const summary = await summariseDrift(engine, {
      reference: table,
      current: table,
      columns: table.columns,
      exact: true,
    })
    assert.deepEqual(
      summary.columns.map((column) => column.name),
      Object.keys(kinds),
    )
  })

  test('leaves the values of rows behind', async () => {
    const planted = [731.0625, 911.4375, 1204.8125]
    const list = planted.flatMap((x) => Array.from({ length: 9 }, () => ({ x, c: `planted ${x}` })))
    const text = JSON.stringify(await measure(list, list))
    for (const x of planted) assert.ok(!text.includes(String(x)), `${x} is told`)
  })

  test('tells progress that reaches its total', async () => {
    const seen: [number, number, string][] = []
    const list = [{ x: 1, c: 'a' }]
    await summariseDrift(engine, request(list, list, { onProgress: (...told) => seen.push(told) }))
    assert.deepEqual(seen.at(-1)?.slice(0, 2), [5, 5])
    assert.deepEqual([...new Set(seen.map(([, , what]) => what))], ['reference', 'current', 'distances'])
  })

  test('reads no reference that was kept for other columns or in another format', async () => {
    const list = [
      { x: 1, c: 'a' },
      { x: 2, c: 'b' },
    ]
    const { reference } = await summariseDrift(engine, request(list, list))
    const others = [
      { ...reference, columns: [...reference.columns].reverse() },
      { ...reference, format: 'older' as never },
      { ...reference, columns: reference.columns.map((side) => ({ ...side, bins: { k: [1] } })) as never },
    ]
    for (const kept of others) {
      const summary = await summariseDrift(engine, request(list, list, { kept }))
      assert.deepEqual(summary.reference, reference)
    }
  })
})

function note(asked: string[], sql: string): string {
  asked.push(sql)
  return sql
}
