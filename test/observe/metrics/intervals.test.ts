// The normal quantile and the intervals of shares, differences and ratios against SciPy, statsmodels and Newcombe's own table.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logRatio, newcombe, wilson } from '../../../engine/observe/metrics/intervals.ts'
import { normalQuantile, twoSidedZ } from '../../../engine/observe/metrics/normal-quantile.ts'
import { assertClose, NO_VECTORS, readSpecial } from './vectors.ts'

interface Table {
  readonly rows: readonly (readonly number[])[]
}

test('the normal quantile agrees with SciPy to 12 digits, down to p = 1e-300', { skip: NO_VECTORS }, () => {
  const table = readSpecial('normal-quantile.json') as Table
  for (const [p = Number.NaN, z = Number.NaN] of table.rows) {
    assertClose(normalQuantile(p), z, { relative: 1e-12, absolute: 1e-15 }, `quantile of ${p}`)
  }
  assert.ok(table.rows.length > 15)
})

test('the ends of the normal quantile are infinite and outside of them there is none', () => {
  assert.equal(normalQuantile(0), Number.NEGATIVE_INFINITY)
  assert.equal(normalQuantile(1), Number.POSITIVE_INFINITY)
  assert.ok(Number.isNaN(normalQuantile(1.5)))
  assertClose(twoSidedZ(0.95), 1.9599639845400545, { relative: 1e-15, absolute: 0 }, 'z of 95 %')
})

const special = NO_VECTORS
  ? null
  : (readSpecial('intervals.json') as { readonly wilson: Table; readonly newcombe: Table; readonly logRatio: Table })

test('Wilson intervals agree with statsmodels', { skip: NO_VECTORS }, () => {
  for (const [part = 0, whole = 0, level = 0, low = 0, high = 0] of special?.wilson.rows ?? []) {
    assertPair(wilson({ part, whole }, level), [low, high], `${part} of ${whole} at ${level}`)
  }
})

test('Newcombe intervals agree with statsmodels and with the printed Table II', { skip: NO_VECTORS }, () => {
  for (const [x1 = 0, n1 = 0, x2 = 0, n2 = 0, level = 0, , low = 0, high = 0] of special?.newcombe.rows ?? []) {
    const got = newcombe({ part: x1, whole: n1 }, { part: x2, whole: n2 }, level)
    assertPair(got, [low, high], `${x1}/${n1} - ${x2}/${n2}`)
  }
})

test('log-ratio intervals agree with statsmodels, and a count of zero has none', { skip: NO_VECTORS }, () => {
  for (const [x1 = 0, n1 = 0, x2 = 0, n2 = 0, level = 0, , low, high] of special?.logRatio.rows ?? []) {
    const got = logRatio({ part: x1, whole: n1 }, { part: x2, whole: n2 }, level)
    if (x1 === 0 || x2 === 0) assert.equal(got, null)
    else assertPair(got ?? [Number.NaN, Number.NaN], [low ?? 0, high ?? 0], `${x1}/${n1} ÷ ${x2}/${n2}`)
  }
})

function assertPair(got: readonly [number, number], expected: readonly [number, number], where: string): void {
  assertClose(got[0], expected[0], {}, `${where} low`)
  assertClose(got[1], expected[1], {}, `${where} high`)
}
