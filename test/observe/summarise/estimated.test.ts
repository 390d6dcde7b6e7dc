// Estimates without labels: the isotonic curve against its min–max formula, scores that are good as they are, and windows that
// cannot be estimated. NannyML's numbers are in the public vectors.
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { openFileEngine } from '../../../engine/adapters/duckdb/file-engine.ts'
import { gainsByCalibration } from '../../../engine/observe/metrics/calibration-trial.ts'
import { estimatedMeasurements } from '../../../engine/observe/metrics/cbpe.ts'
import { ascendingCalibrator, isotonicFit } from '../../../engine/observe/metrics/isotonic.ts'
import { mersenneTwister, permutation } from '../../../engine/observe/metrics/mersenne-twister.ts'
import { stratifiedSplits } from '../../../engine/observe/metrics/stratified-splits.ts'
import { calibrateReference, estimateWindow } from '../../../engine/observe/summarise/estimated.ts'
import { estimatePerformance } from '../../../engine/observe/summarise/table-summary.ts'
import { type Row, valuesTable } from './values-table.ts'

const engine = await openFileEngine()
after(() => engine.close())

const KINDS = { p: 'number', y: 'number', s: 'number' } as const
const OUTCOMES = { kind: 'binary', prediction: 'p', label: 'y', score: 's' } as const

async function estimated(reference: readonly Row[], current: readonly Row[]) {
  const summary = await estimatePerformance(engine, {
    reference: valuesTable(KINDS, reference),
    current: valuesTable({ p: 'number', s: 'number' }, current),
    outcomes: OUTCOMES,
  })
  const found = estimatedMeasurements(summary)
  return {
    summary,
    found,
    by: new Map(found.map((one) => [one.metric.slice('performance.estimated_'.length), one.value ?? one.reason])),
  }
}

/** A score that says 0.8 where the truth is 0.6, and 0.2 where it is 0.3. */
const BOLD: readonly Row[] = Array.from({ length: 1000 }, (_, i) => {
  const isHigh = i % 2 === 0
  return { s: isHigh ? 0.8 : 0.2, p: isHigh ? 1 : 0, y: (i >> 1) % 10 < (isHigh ? 6 : 3) ? 1 : 0 }
})

describe('an estimate', () => {
  test('reads scores through the curve of the reference', async () => {
    const { by, summary } = await estimated(BOLD, [
      { s: 0.8, p: 1 },
      { s: 0.2, p: 0 },
      { s: 0.9, p: 1 },
      { s: 0, p: 0 },
    ])
    assert.deepEqual(summary.reference.calibration, [
      { first: 0.2, last: 0.2, probability: 0.3 },
      { first: 0.8, last: 0.8, probability: 0.6 },
    ])
    const near = (name: string, expected: number) =>
      assert.ok(Math.abs(Number(by.get(name)) - expected) < 1e-12, `${name} ${by.get(name)}`)
    near('accuracy', (0.6 + 0.7 + 0.6 + 0.7) / 4)
    near('precision', 0.6)
    near('recall', 1.2 / 1.8)
    near('f1', 1.2 / (1.2 + 0.7))
  })

  test('has a band of three sampling errors within 0 and 1, and says its level', async () => {
    const { found } = await estimated(BOLD, [
      { s: 0.8, p: 1 },
      { s: 0.2, p: 0 },
    ])
    for (const { metric, value, interval, level, n } of found) {
      assert.ok(interval !== undefined && value !== null, metric)
      const [low, high] = interval
      assert.ok(0 <= low && low <= value && value <= high && high <= 1, metric)
      assert.deepEqual([level, n], [0.9973002039367398, 2])
    }
  })

  test('does not depend on the order of the current rows, nor on rows without a score', async () => {
    const reference = await calibrateReference(engine, valuesTable(KINDS, BOLD.slice(0, 200)), OUTCOMES)
    const window = (rows: readonly Row[]) =>
      estimateWindow(engine, valuesTable({ p: 'number', s: 'number' }, rows), OUTCOMES, reference)
    const row = fc.record({ s: fc.constantFrom(0, 0.2, 0.5, 0.8, 1, null, Number.NaN), p: fc.constantFrom(0, 1, null) })
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async (rows) => {
        const scored = rows.filter(({ s }) => s !== null && !Number.isNaN(s)).toReversed()
        assert.deepEqual(await window(rows), await window(scored))
      }),
      { numRuns: 20 },
    )
  })

  test('is null with its reason where nothing can be estimated', async () => {
    const one = [{ s: 0.8, p: 1 }]
    const cases: [string, readonly Row[], readonly Row[], Record<string, string>][] = [
      ['no current row', BOLD, [], { auc: 'empty_window', accuracy: 'empty_window' }],
      ['no reference', [], one, { auc: 'empty_reference', f1: 'empty_reference' }],
      ['no label in the reference', [{ s: 0.5, p: 1, y: null }], one, { auc: 'empty_reference' }],
      ['nothing selected', BOLD, [{ s: 0.8, p: 0 }], { precision: 'no_predicted_positives' }],
      ['no prediction', BOLD, [{ s: 0.8, p: null }], { accuracy: 'empty_window' }],
      ['a reference of one class and no probabilities', [{ s: 7, p: 1, y: 1 }], one, { auc: 'not_probabilities' }],
      [
        'certain scores',
        [
          { s: 1, p: 1, y: 1 },
          { s: 0, p: 0, y: 0 },
        ],
        [{ s: 1, p: 1 }],
        { auc: 'one_class' },
      ],
    ]
    for (const [says, reference, current, expected] of cases) {
      const { by } = await estimated(reference, current)
      for (const [name, reason] of Object.entries(expected)) assert.equal(by.get(name), reason, `${says}: ${name}`)
    }
  })
})

describe('the isotonic curve', () => {
  test('is the largest of means from the left and the smallest to the right', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 1, maxLength: 12 }), (counts) => {
        const points = counts.map(([a, b], i) => ({ x: i, positives: a, rows: a + b })).filter(({ rows }) => rows > 0)
        const fit = isotonicFit()
        for (const { x, positives, rows } of points) fit.add(x, positives, rows)
        const read = ascendingCalibrator(fit.steps())
        const meanOf = (from: number, to: number) => {
          const part = points.slice(from, to + 1)
          return part.reduce((sum, one) => sum + one.positives, 0) / part.reduce((sum, one) => sum + one.rows, 0)
        }
        points.forEach(({ x }, k) => {
          const lows = points
            .slice(0, k + 1)
            .map((_, i) => Math.min(...points.slice(k).map((_, j) => meanOf(i, k + j))))
          assert.ok(Math.abs((read(x) ?? Number.NaN) - Math.max(...lows)) < 1e-12)
        })
      }),
      { numRuns: 200 },
    )
  })

  test('is clipped at both ends and straight between steps', () => {
    const read = ascendingCalibrator([
      { first: 0, last: 1, probability: 0.2 },
      { first: 3, last: 4, probability: 0.8 },
    ])
    assert.deepEqual([-5, 0.5, 1, 2, 3, 9].map(read), [0.2, 0.2, 0.2, 0.5, 0.8, 0.8])
    assert.equal(ascendingCalibrator([])(0.5), null)
  })
})

describe('the trial of the calibration', () => {
  test('draws as NumPy draws', () => {
    // NumPy 2.4.6: RandomState(42).permutation(10), then the next 5 of permutation(5).
    const twister = mersenneTwister(42)
    assert.deepEqual([...permutation(10, twister)], [8, 1, 5, 0, 7, 2, 9, 4, 3, 6])
    assert.deepEqual([...permutation(5, twister)], [1, 0, 3, 4, 2])
  })

  test('leaves out what scikit-learn 1.9.1 leaves out', () => {
    const labels = Uint8Array.from({ length: 25 }, (_, i) => (i % 3 === 0 ? 1 : 0))
    const splits = stratifiedSplits(labels, { splits: 3, left: 0.1, seed: 42 })
    assert.deepEqual(
      splits?.map((split) => [...split].sort((a, b) => a - b)),
      [
        [5, 10, 12],
        [0, 2, 20],
        [0, 19, 22],
      ],
    )
  })

  test('says no to scores that are their own rates, to one class, and to too few rows', () => {
    const scored = (score: (i: number) => number, label: (i: number) => number, length: number) => ({
      scores: Float64Array.from({ length }, (_, i) => score(i)),
      labels: Uint8Array.from({ length }, (_, i) => label(i)),
    })
    assert.equal(
      gainsByCalibration(
        scored(
          (i) => (i % 2 ? 0.9 : 0.4),
          (i) => i % 2,
          1000,
        ),
      ),
      true,
    )
    assert.equal(
      gainsByCalibration(
        scored(
          (i) => i % 2,
          (i) => i % 2,
          1000,
        ),
      ),
      false,
    )
    assert.equal(
      gainsByCalibration(
        scored(
          () => 0.5,
          () => 1,
          1000,
        ),
      ),
      false,
    )
    assert.equal(
      gainsByCalibration(
        scored(
          (i) => i / 9,
          (i) => i % 2,
          9,
        ),
      ),
      false,
    )
  })
})
