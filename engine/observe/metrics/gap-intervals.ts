// Intervals of a gap between the groups that turned out to be the extreme ones. The interval of that one pair is too narrow:
// of equal groups the largest and the smallest always differ, and it knows nothing of how they were chosen. So every pair gets
// an interval wide enough to hold for all pairs at once, and the gap reaches from the largest lower end to the largest upper end.
// A bootstrap cannot do it: the gap of a draw is above the gap of the groups that are drawn from.
// Sources: A. Agresti, M. Bini, B. Bertaccini, E. Ryu, Biometrics 64 (2008) 1270–1275 (score limits by the studentized range);
// the limits of a pair are Newcombe's and those of the log method (intervals.ts). Two groups: exactly these, cut at 0 and 1.
import { type Estimate, LEVEL, logShareEstimate, type Share, shareEstimate } from './intervals.ts'
import type { Interval } from './measured.ts'
import { studentizedRange } from './studentized-range.ts'

/** Of the largest share − the smallest. Two shares or more, each `whole` above 0. */
export function widestDifference(shares: readonly Share[], level: number = LEVEL): Interval {
  const z = zForAllPairs(shares.length, level)
  const [low, high] = largestDifference(shares.map((share) => shareEstimate(share, z)))
  return [Math.max(0, low), Math.min(1, high)]
}

/** Of the smallest share ÷ the largest. At least one is above 0. */
export function smallestRatio(shares: readonly Share[], level: number = LEVEL): Interval {
  const z = zForAllPairs(shares.length, level)
  const [low, high] = largestDifference(shares.map((share) => logShareEstimate(share, z)))
  return [Math.exp(-high), Math.min(1, Math.exp(-low))]
}

/** The normal quantile that two standard errors of a difference are multiplied by: 1.96 of two groups, 3.03 of eight. */
function zForAllPairs(count: number, level: number): number {
  return studentizedRange(count, level) / Math.SQRT2
}

/** Over all ordered pairs: the largest lower and the largest upper limit of a − b. Square roots, since hypot is slow. */
function largestDifference(estimates: readonly Estimate[]): Interval {
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  estimates.forEach((a, i) => {
    estimates.forEach((b, j) => {
      if (i === j) return
      const value = a.value - b.value
      low = Math.max(low, value - Math.sqrt((a.value - a.low) ** 2 + (b.high - b.value) ** 2))
      high = Math.max(high, value + Math.sqrt((a.high - a.value) ** 2 + (b.value - b.low) ** 2))
    })
  })
  return [low, high]
}
