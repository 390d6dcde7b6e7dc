// Where the fine bins of a column lie: SQL places values, and arithmetic says which span a bin has. Both must mean the same.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openFileEngine } from '../../../engine/adapters/duckdb/file-engine.ts'
import { dialectOf } from '../../../engine/observe/summarise/dialect.ts'
import {
  binSpan,
  columnOfKey,
  INFINITE,
  keyOf,
  keySql,
  MISSING,
  OUTERMOST,
  placedValues,
} from '../../../engine/observe/summarise/drift-layout.ts'
import { type Value, valuesTable } from './values-table.ts'

const engine = await openFileEngine()
after(() => engine.close())

/** Around every border of pieces and powers of two, on both sides of 0. */
const SIZES = [
  0,
  5e-324,
  1e-300,
  2 ** -12,
  0.3,
  1,
  1.5,
  2,
  7.9,
  8,
  63,
  64,
  100.7,
  1024,
  1025,
  16384,
  20000.5,
  2 ** 20,
  2 ** 21,
  3e9,
]
  .concat([2 ** 53, 1e100, 2 ** 499, 2 ** 500, 1e300, Number.MAX_VALUE])
  .flatMap((size) => [size * (1 - 2 ** -53), size, size * (1 + 2 ** -52)])
  .filter(Number.isFinite)
const VALUES = [...new Set(SIZES.flatMap((size) => [size, -size + 0]))].sort((a, b) => a - b)

async function placed(
  values: readonly Value[],
  column: number,
): Promise<readonly (readonly [number, number, number])[]> {
  const table = valuesTable(
    { x: 'number' },
    values.map((x) => ({ x })),
  )
  const from = placedValues(dialectOf(engine), table, { name: 'x', place: { centre: 0, scale: 1 } })
  const rows = await engine.query(`SELECT v, ${keySql(column)}, t FROM (${from}) p ORDER BY v`)
  return rows.map(([v, key, t]) => [Number(v), Number(key) - keyOf(column, 0), Number(t)])
}

test('a place grows with its value, and the span of its bin holds the value where the place says', async () => {
  let before = Number.NEGATIVE_INFINITY
  for (const [v, bin, t] of await placed(VALUES, 3)) {
    assert.ok(t >= before, `${v} lies at ${t}, below ${before}`)
    assert.ok(bin >= -OUTERMOST && bin < OUTERMOST, `${v} lies in bin ${bin}`)
    before = t
    const { low, width } = binSpan(bin)
    // A place has 38 binary digits after the point out there: what is a hair from the border lies on either side of it.
    if (Math.abs(Math.abs(v) / 2 ** 500 - 1) < 2 ** -38) continue
    if (Math.abs(v) > 2 ** 500) assert.ok(Number.isNaN(low), `${v} lies in a bin without a span`)
    else assert.ok(Math.abs(low + (t - bin) * width - v) <= 1e-11 * Math.abs(v) + 2 ** -50, `${v} in ${low} + ${width}`)
  }
})

test('what is missing or infinite has a number of its own, in whichever column', async () => {
  for (const column of [0, 7]) {
    const found = await placed([null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0], column)
    assert.deepEqual(
      found.map(([, bin]) => bin).sort((a, b) => a - b),
      [MISSING, MISSING, INFINITE, INFINITE, 0],
    )
  }
  for (const bin of [MISSING, -OUTERMOST, 0, OUTERMOST - 1]) assert.equal(columnOfKey(keyOf(4, bin)), 4)
})
