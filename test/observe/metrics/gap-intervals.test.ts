// Intervals of gaps between the extreme groups: the estimate is in them, and they cover the truth as often as they say, of equal
// groups and of unequal ones, by draws from a fixed seed. What a limit of a policy is protected by.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Confusion, NO_ROWS } from '../../../engine/observe/metrics/confusion.ts'
import {
  demographicParityDifference,
  demographicParityRatio,
  equalizedOddsDifference,
  equalOpportunityDifference,
} from '../../../engine/observe/metrics/fairness-gaps.ts'
import { smallestRatio, widestDifference } from '../../../engine/observe/metrics/gap-intervals.ts'
import { signedInterval } from '../../../engine/observe/metrics/group-intervals.ts'
import type { Group } from '../../../engine/observe/metrics/group-rates.ts'
import { logRatio, newcombe } from '../../../engine/observe/metrics/intervals.ts'
import type { Interval, Measured } from '../../../engine/observe/metrics/measured.ts'
import { mersenneTwister, type Twister } from '../../../engine/observe/metrics/mersenne-twister.ts'
import { SIGNED_NAMES, signedFairness } from '../../../engine/observe/metrics/signed-fairness.ts'
import { studentizedRange } from '../../../engine/observe/metrics/studentized-range.ts'
import { assertClose } from './vectors.ts'

const counts = (tp: number, fp: number, fn: number, tn: number): Confusion => ({ ...NO_ROWS, tp, fp, fn, tn })

test('the studentized range agrees with SciPy 1.17 `studentized_range.ppf(level, count, inf)`', () => {
  const table: readonly (readonly [count: number, level: number, q: number])[] = [
    [2, 0.95, 2.771807648699355],
    [3, 0.95, 3.314493155398122],
    [3, 0.9746794344808963, 3.67582623051596],
    [8, 0.95, 4.286309409349043],
    [8, 0.99, 4.987182689088668],
    [20, 0.9746794344808963, 5.293510197144294],
    [100, 0.95, 6.084637537173171],
    [1000, 0.99, 7.843871612656791],
  ]
  for (const [count, level, q] of table) {
    assertClose(studentizedRange(count, level), q, { relative: 1e-11, absolute: 0 }, `${count} at ${level}`)
  }
})

describe('two groups', () => {
  test('have Newcombe’s interval and that of the log method, within what the metric can be', () => {
    const [a, b] = [
      { part: 500, whole: 900 },
      { part: 400, whole: 800 },
    ] as const
    const [low, high] = widestDifference([a, b])
    const pair = newcombe(a, b)
    assertClose(low, pair[0], {}, 'low')
    assertClose(high, pair[1], {}, 'high')
    const ratio = smallestRatio([a, b])
    assertClose(ratio[0], logRatio(b, a)?.[0] ?? Number.NaN, {}, 'low of the ratio')
    assertClose(ratio[1], logRatio(b, a)?.[1] ?? Number.NaN, {}, 'high of the ratio')
  })

  test('of equal shares reach as far as the smaller one lets them, whichever is called the highest', () => {
    const [large, small] = [
      { part: 0, whole: 1000 },
      { part: 0, whole: 10 },
    ] as const
    assert.deepEqual(widestDifference([large, small]), widestDifference([small, large]))
    assert.equal(widestDifference([large, small])[0], 0)
    assertClose(widestDifference([large, small])[1], newcombe(small, large)[1], {}, 'high')
  })

  test('of which one has nobody selected still have a ratio that is not sure to be 0', () => {
    const [low, high] = smallestRatio([
      { part: 0, whole: 10 },
      { part: 50, whole: 500 },
    ])
    assert.equal(low, 0)
    assert.ok(high > 0.8, `${high}: 0 of 10 proves nothing where a tenth is selected`)
    assert.ok(
      smallestRatio([
        { part: 0, whole: 100 },
        { part: 50, whole: 500 },
      ])[1] < 0.8,
    )
  })
})

const cell = fc.integer({ min: 0, max: 60 })
const group = fc.tuple(cell, cell, cell, cell).map(([tp, fp, fn, tn]) => counts(tp, fp, fn, tn))
const groupList = fc
  .array(group, { minLength: 2, maxLength: 9 })
  .map((list): Group[] => list.map((one, i) => ({ group: `${i}`, counts: one })))

const GAPS: Readonly<Record<string, (groups: readonly Group[]) => Measured>> = {
  demographicParityDifference,
  demographicParityRatio,
  equalOpportunityDifference,
  equalizedOddsDifference: (groups) => equalizedOddsDifference(groups),
  equalizedOddsMean: (groups) => equalizedOddsDifference(groups, 'mean'),
}

test('every gap has an interval, its value is in it, and it stays within 0 and 1', () => {
  fc.assert(
    fc.property(groupList, (groups) => {
      for (const [name, gap] of Object.entries(GAPS)) {
        const found = gap(groups)
        if (found.value === null) continue
        assertHolds(found.interval ?? null, found.value, name)
        assert.ok(found.interval !== undefined && found.interval[0] >= 0 && found.interval[1] <= 1, name)
      }
    }),
    { numRuns: 150, seed: 42 },
  )
})

test('every signed difference lies in its interval', () => {
  fc.assert(
    fc.property(groupList, (groups) => {
      for (const name of SIGNED_NAMES) {
        const { value } = signedFairness(name, groups, ['0'])
        if (value !== null) assertHolds(signedInterval(name, groups, ['0']), value, name)
      }
    }),
    { numRuns: 150, seed: 42 },
  )
})

function assertHolds(interval: Interval | null, value: number, name: string): void {
  assert.ok(interval !== null, name)
  const [low, high] = interval
  assert.ok(low <= value + 1e-12 && value <= high + 1e-12, `${name}: ${value} is not in ${low}…${high}`)
}

/** Each group: positives and negatives, and the true rates. */
interface Truth {
  readonly positives: number
  readonly negatives: number
  readonly tpr: number
  readonly fpr: number
}

/** By how much a share of 600 draws may be off by chance: 2.5 standard errors of 5 %. */
const SLACK = 0.022
const DRAWS = 600

function drawn(truths: readonly Truth[], twister: Twister): Group[] {
  const hits = (n: number, chance: number) => {
    let sum = 0
    for (let i = 0; i < n; i++) if (twister.upTo(999_999) < chance * 1_000_000) sum++
    return sum
  }
  return truths.map(({ positives, negatives, tpr, fpr }, i) => {
    const [tp, fp] = [hits(positives, tpr), hits(negatives, fpr)]
    return { group: `${i}`, counts: counts(tp, fp, positives - tp, negatives - fp) }
  })
}

function misses(truths: readonly Truth[], gap: (groups: readonly Group[]) => Interval | null, truth: number) {
  const twister = mersenneTwister(7)
  let [above, outside] = [0, 0]
  for (let i = 0; i < DRAWS; i++) {
    const [low, high] = gap(drawn(truths, twister)) ?? [Number.NaN, Number.NaN]
    if (low > truth) above++
    if (!(low <= truth && truth <= high)) outside++
  }
  return { above: above / DRAWS, outside: outside / DRAWS }
}

const intervalOf = (measured: Measured) => (measured.value === null ? null : (measured.interval ?? null))
const same = (count: number, truth: Truth) => Array.from({ length: count }, () => truth)

describe('of equal groups, an interval that leaves 0 out is one in twenty at most', () => {
  const cases: readonly (readonly [string, readonly Truth[]])[] = [
    ['two of 200 rows', same(2, { positives: 80, negatives: 120, tpr: 0.7, fpr: 0.2 })],
    ['eight of 150 rows', same(8, { positives: 60, negatives: 90, tpr: 0.7, fpr: 0.2 })],
    ['eight of 30 rows with rare errors', same(8, { positives: 15, negatives: 15, tpr: 0.95, fpr: 0.05 })],
  ]
  for (const [name, truths] of cases) {
    test(name, () => {
      for (const gap of ['demographicParityDifference', 'equalOpportunityDifference', 'equalizedOddsDifference']) {
        const { above } = misses(truths, (groups) => intervalOf(GAPS[gap]?.(groups) ?? assert.fail(gap)), 0)
        assert.ok(above <= 0.05 + SLACK, `${gap}: ${above}`)
      }
      const ratio = misses(truths, (groups) => intervalOf(demographicParityRatio(groups)), 1)
      assert.ok(ratio.outside <= 0.05 + SLACK, `ratio: ${ratio.outside}`)
    })
  }

  test('also of the mean absolute difference of odds', () => {
    const truths = same(2, { positives: 80, negatives: 120, tpr: 0.7, fpr: 0.2 })
    const found = misses(truths, (groups) => signedInterval('average_abs_odds_difference', groups, ['0']), 0)
    assert.ok(found.above <= 0.05 + SLACK, `${found.above}`)
  })
})

describe('of unequal groups, the truth is in nineteen of twenty, and the interval is not vacuous', () => {
  const truths: readonly Truth[] = [
    { positives: 300, negatives: 300, tpr: 0.8, fpr: 0.1 },
    { positives: 300, negatives: 300, tpr: 0.7, fpr: 0.2 },
    { positives: 300, negatives: 300, tpr: 0.6, fpr: 0.3 },
    { positives: 300, negatives: 300, tpr: 0.7, fpr: 0.2 },
  ]
  const cases: readonly (readonly [string, (groups: readonly Group[]) => Interval | null, number])[] = [
    ['equal opportunity', (groups) => intervalOf(equalOpportunityDifference(groups)), 0.2],
    ['equalized odds', (groups) => intervalOf(equalizedOddsDifference(groups)), 0.2],
    ['mean odds', (groups) => intervalOf(equalizedOddsDifference(groups, 'mean')), 0.2],
    ['mean odds, signed', (groups) => signedInterval('average_odds_difference', groups, ['0']), 0],
    ['mean odds, absolute', (groups) => signedInterval('average_abs_odds_difference', groups, ['0']), 2 / 15],
  ]
  for (const [name, gap, truth] of cases) {
    test(name, () => {
      const { outside } = misses(truths, gap, truth)
      assert.ok(outside <= 0.05 + SLACK, `${outside}`)
      const [low, high] = gap(drawn(truths, mersenneTwister(7))) ?? [0, 1]
      assert.ok(high - low < 0.3, `${low}…${high}`)
    })
  }
})

test('a limit of 0.10 fails hardly ever of eight equal groups of 150, whose gap is above it in most draws', () => {
  const eight = same(8, { positives: 75, negatives: 75, tpr: 0.7, fpr: 0.3 })
  const failing = misses(eight, (groups) => intervalOf(equalizedOddsDifference(groups)), 0.1)
  assert.ok(failing.above <= 0.05, `${failing.above} of the draws would fail`)
})
