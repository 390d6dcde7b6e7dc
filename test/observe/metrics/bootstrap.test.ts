// Bootstrapped intervals against those of formulas, where there is one: the draws must have the spread that counts have.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bootstrapInterval } from '../../../engine/observe/metrics/bootstrap.ts'
import { accuracy, f1, precision } from '../../../engine/observe/metrics/classification.ts'
import { type Confusion, NO_ROWS } from '../../../engine/observe/metrics/confusion.ts'
import { theilInterval } from '../../../engine/observe/metrics/group-intervals.ts'
import type { Measured } from '../../../engine/observe/metrics/measured.ts'

const counts = (tp: number, fp: number, fn: number, tn: number): Confusion => ({ ...NO_ROWS, tp, fp, fn, tn })
const intervalOf = (metric: (c: Confusion) => Measured, c: Confusion) =>
  bootstrapInterval((redraw) => metric(redraw(c)))

/** A normal interval as wide as the delta method says. */
function near(got: readonly [number, number] | null, value: number, error: number, slack: number): void {
  assert.ok(got !== null)
  const half = 1.959963984540054 * error
  assert.ok(Math.abs(got[0] - (value - half)) < slack * half, `${got[0]} instead of ${value - half}`)
  assert.ok(Math.abs(got[1] - (value + half)) < slack * half, `${got[1]} instead of ${value + half}`)
}

test('a share has the spread of a binomial, of few rows and of many', () => {
  for (const c of [counts(317, 147, 322, 1214), counts(9, 6, 5, 180), counts(31_700, 14_700, 32_200, 121_400)]) {
    const n = c.tp + c.fp + c.fn + c.tn
    const right = (c.tp + c.tn) / n
    near(intervalOf(accuracy, c), right, Math.sqrt((right * (1 - right)) / n), 0.15)
    const share = c.tp / (c.tp + c.fp)
    near(intervalOf(precision, c), share, Math.sqrt((share * (1 - share)) / (c.tp + c.fp)), 0.25)
  }
})

test('F1 has the spread of the delta method', () => {
  const c = counts(317, 147, 322, 1214)
  const n = 2000
  const whole = 2 * c.tp + c.fp + c.fn
  const slopes = [(2 * (c.fp + c.fn)) / whole ** 2, (-2 * c.tp) / whole ** 2]
  const mean = (c.tp * (slopes[0] ?? 0) + (c.fp + c.fn) * (slopes[1] ?? 0)) / n
  const squares = (c.tp * (slopes[0] ?? 0) ** 2 + (c.fp + c.fn) * (slopes[1] ?? 0) ** 2) / n
  near(intervalOf(f1, c), (2 * c.tp) / whole, Math.sqrt(n * (squares - mean ** 2)), 0.1)
})

test('the same counts give the same interval, and labels that have not come change nothing', () => {
  const c = counts(12, 5, 7, 30)
  assert.deepEqual(intervalOf(f1, c), intervalOf(f1, c))
  assert.deepEqual(intervalOf(f1, { ...c, unlabelledSelected: 40, unlabelledOther: 2 }), intervalOf(f1, c))
})

test('there is none where draws have no value, and no width where nothing can vary', () => {
  assert.equal(intervalOf(precision, counts(1, 0, 0, 50)), null)
  assert.deepEqual(intervalOf(accuracy, counts(20, 0, 0, 30)), [1, 1])
  assert.deepEqual(intervalOf(f1, counts(20, 0, 0, 30)), [1, 1])
  assert.equal(theilInterval(counts(20, 0, 0, 30)), null)
  assert.ok(theilInterval(counts(20, 3, 4, 30)) !== null)
})
