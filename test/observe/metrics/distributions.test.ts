// Tails of distributions against closed forms and laws; the tables to 1e-300 are run from the public vectors.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { adjustPValues } from '../../../engine/evaluate/p-values.ts'
import { chi2Tail } from '../../../engine/observe/metrics/chi2-tail.ts'
import { benjaminiYekutieli, bonferroni, holm } from '../../../engine/observe/metrics/corrections.ts'
import { exactKsP } from '../../../engine/observe/metrics/ks-exact.ts'
import { kolmogorovTail } from '../../../engine/observe/metrics/ks-limit.ts'
import { asymptoticKsP, effectiveSize, oneSampleKsTail } from '../../../engine/observe/metrics/ks-one-sample.ts'
import { mergedDeviation, mergeMoments, moments } from '../../../engine/observe/metrics/moments.ts'
import { normalQuantile } from '../../../engine/observe/metrics/normal-quantile.ts'
import { normalTail, twoSidedNormalTail } from '../../../engine/observe/metrics/normal-tail.ts'
import { specialTable } from '../../vectors/metrics-special.ts'
import { assertClose, NO_VECTORS } from './vectors.ts'

const SPECIAL = join(import.meta.dirname, '../../../../shared/vectors/metrics/special')
const NAMES = [
  'chi2',
  'corrections',
  'intervals',
  'kolmogorov-limit',
  'ks-asymptotic',
  'ks-exact',
  'nist',
  'normal-quantile',
  'normal',
  'published',
]

describe('the public tables', { skip: NO_VECTORS }, () => {
  for (const name of NAMES) {
    test(`${name} agrees in every row`, async () => {
      const file = join(SPECIAL, `${name}.json`)
      assert.ok(existsSync(file))
      assert.deepEqual(await specialTable(name, JSON.parse(readFileSync(file, 'utf8'))), [])
    })
  }

  test('a table that nothing here knows is a skip with its reason, and a wrong number is a difference', async () => {
    assert.match(String(await specialTable('beta', { rows: [] })), /beta/)
    const wrong = { columns: ['p', 'z'], rows: [[0.5, 0.1]], tolerance: { relative: 1e-9, absolute: 0 } }
    assert.deepEqual(await specialTable('normal-quantile', wrong), ['quantile 0.5: expected 0.1, got 0'])
  })
})

describe('the tail of the normal distribution', () => {
  test('falls, adds up to 1 with its mirror, and is the inverse of the quantile', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 37, noNaN: true }), (z) => {
        const p = normalTail(z)
        assert.ok(normalTail(z + 0.01) <= p)
        assertClose(p + normalTail(-z), 1, { relative: 1e-15 }, `tails of ${z}`)
        if (z > 0) assertClose(-normalQuantile(p), z, { relative: 1e-12, absolute: 1e-14 }, `quantile of ${p}`)
        assertClose(twoSidedNormalTail(z), 2 * normalTail(Math.abs(z)), { relative: 1e-14 }, `two sides of ${z}`)
      }),
    )
  })

  test('is 0 only past the smallest double, and NaN of NaN', () => {
    assert.ok(normalTail(37.5) > 0)
    assert.equal(normalTail(Number.POSITIVE_INFINITY), 0)
    assert.equal(normalTail(Number.NEGATIVE_INFINITY), 1)
    assert.ok(Number.isNaN(normalTail(Number.NaN)))
  })
})

describe('the tail of chi-square', () => {
  test('is exp(−x/2) at 2 degrees of freedom and the two-sided normal at 1', () => {
    for (const x of [1e-9, 0.3, 1, 2.9, 3.1, 40, 600, 1300]) {
      assertClose(chi2Tail(x, 2), Math.exp(-x / 2), { relative: 1e-12, absolute: 0 }, `2 degrees, ${x}`)
      assertClose(chi2Tail(x, 1), twoSidedNormalTail(Math.sqrt(x)), { relative: 1e-12, absolute: 0 }, `1 degree, ${x}`)
    }
  })

  test('obeys its recurrence in the degrees of freedom', () => {
    // Q(a + 1, x) = Q(a, x) + xᵃ e⁻ˣ ÷ Γ(a + 1), here with a = 5.
    for (const x of [1, 8, 12, 60]) {
      const step = ((x / 2) ** 5 * Math.exp(-x / 2)) / 120
      assertClose(chi2Tail(x, 12), chi2Tail(x, 10) + step, { relative: 1e-12 }, `${x}`)
    }
    assert.deepEqual([chi2Tail(0, 3), chi2Tail(Number.POSITIVE_INFINITY, 3)], [1, 0])
  })
})

describe('Kolmogorov–Smirnov p-values', () => {
  test('exact: counts of all paths, small enough to be counted by hand or by force', () => {
    for (const [n, m] of [
      [1, 1],
      [2, 3],
      [4, 4],
      [3, 5],
      [6, 4],
    ] as const) {
      for (let gap = 1; gap <= n * m; gap++) {
        assertClose(exactKsP(gap, n, m), byForce(gap, n, m), { relative: 1e-13 }, `${gap} of ${n} × ${m}`)
      }
    }
  })

  test('exact: the same for both orders, falling in the gap, 1 without one', () => {
    const size = fc.integer({ min: 1, max: 60 })
    fc.assert(
      fc.property(size, size, fc.double({ min: 0.01, max: 1, noNaN: true }), (n, m, d) => {
        const gap = Math.ceil(d * n * m)
        assertClose(exactKsP(gap, n, m), exactKsP(gap, m, n), { relative: 1e-12 }, 'turned around')
        assert.ok(exactKsP(gap + 1, n, m) <= exactKsP(gap, n, m))
        assert.equal(exactKsP(0, n, m), 1)
      }),
    )
  })

  test('of one sample: closed forms at both ends, and no jump where one method takes over from another', () => {
    assertClose(oneSampleKsTail(0.6, 1) ?? 0, 2 * (1 - 0.6), {}, 'one value')
    assertClose(oneSampleKsTail(0.15, 5) ?? 0, 1 - 120 * (0.3 - 0.2) ** 5, {}, 'five values')
    assert.deepEqual([oneSampleKsTail(1, 9), oneSampleKsTail(0.01, 9), oneSampleKsTail(0.5, 0)], [0, 1, null])
    const seams: readonly (readonly [number, number])[] = [
      [140, Math.sqrt(4 / 140)],
      [141, Math.sqrt(2.2 / 141)],
      [100_000, (1.4 / 100_000) ** (2 / 3)],
      [150_000, Math.sqrt(2.2 / 150_000)],
    ]
    for (const [n, d] of seams) {
      const [left, right] = [oneSampleKsTail(d * (1 - 1e-9), n), oneSampleKsTail(d * (1 + 1e-9), n)]
      assertClose(left ?? 0, right ?? 1, { relative: 1e-4 }, `at ${n}, ${d}`)
    }
  })

  test('of one sample: thinned sums of very large samples are the whole ones', () => {
    // The law tends to its limit; at 10⁹ values what is left of the difference is far below 1e-4.
    for (const z of [1.6, 3, 8]) {
      assertClose(
        oneSampleKsTail(z / Math.sqrt(1e9), 1e9) ?? 0,
        kolmogorovTail(z),
        { relative: 2e-3, absolute: 0 },
        `${z}`,
      )
    }
  })

  test('large samples are rounded half to even, and too few rows have none', () => {
    assert.deepEqual([effectiveSize(1, 1), effectiveSize(3, 3), effectiveSize(5, 5)], [0, 2, 2])
    assert.equal(asymptoticKsP(1, 1, 1), null)
  })
})

describe('corrections', () => {
  test('never lower a p-value, keep its order, and stand in their order of strictness', () => {
    const p = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(p, (list) => {
        const [bh, by, h, b] = [adjustPValues, benjaminiYekutieli, holm, bonferroni].map((one) => one(list))
        for (const [i, value] of list.entries()) {
          const [a, c, d, e] = [bh?.[i] ?? -1, by?.[i] ?? -1, h?.[i] ?? -1, b?.[i] ?? -1]
          // In this order but for the last digit.
          const order = [value, a, d, e]
          for (const [at, one] of order.entries()) assert.ok(one >= (order[at - 1] ?? 0) * (1 - 1e-12))
          assert.ok(c >= a * (1 - 1e-12) && Math.max(c, e) <= 1)
        }
      }),
    )
    assert.deepEqual(adjustPValues([]), [])
  })
})

describe('moments', () => {
  test('merged from parts are those of the whole', () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.array(value, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 }),
        (parts) => {
          const whole = moments(parts.flat())
          const merged = mergeMoments(parts.map(moments))
          assertClose(merged.mean, whole.mean, { absolute: 1e-8 }, 'mean')
          assertClose(merged.squares, whole.squares, { absolute: 1e-6 }, 'squares')
        },
      ),
    )
    assert.equal(mergedDeviation([]), null)
    assert.equal(
      mergedDeviation([
        { n: 3, mean: 0.1, squares: 0 },
        { n: 4, mean: 0.1, squares: 0 },
      ]),
      0,
    )
  })
})

/** The share of all paths from (0, 0) to (n, m) that somewhere have |i·m − j·n| ≥ gap. */
function byForce(gap: number, n: number, m: number): number {
  let [all, out] = [0, 0]
  const walk = (i: number, j: number, left: boolean): void => {
    const isOut = left || Math.abs(i * m - j * n) >= gap
    if (i === n && j === m) {
      all++
      if (isOut) out++
      return
    }
    if (i < n) walk(i + 1, j, isOut)
    if (j < m) walk(i, j + 1, isOut)
  }
  walk(0, 0, false)
  return out / all
}
