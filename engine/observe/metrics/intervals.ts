// Confidence intervals from counts: Wilson for a share, Newcombe for a difference of two, the log method for their ratio, and
// for sums and differences of any estimates with limits of their own. Those of gaps over many groups are in gap-intervals.ts.
// Sources: E. B. Wilson (1927); R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, method 10; Katz et al., Biometrics 34
// (1978); G. Y. Zou and A. Donner, Statistics in Medicine 27 (2008) 1693–1702 (limits of a difference from limits of its parts).
import type { Interval } from './measured.ts'
import { twoSidedZ } from './normal-quantile.ts'

/** The level of every interval that a snapshot does not label otherwise (RESOURCES.md). */
export const LEVEL = 0.95

/** `part` of `whole` rows; `whole` is above 0 wherever an interval is asked for. */
export interface Share {
  readonly part: number
  readonly whole: number
}

/** A value and its limits, `low` ≤ `value` ≤ `high`, all by the same z. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Within 0 and 1. `whole` must be above 0. */
export function wilson(share: Share, level: number = LEVEL): Interval {
  const { low, high } = shareEstimate(share, twoSidedZ(level))
  return [low, high]
}

/** A share with its Wilson limits. */
export function shareEstimate({ part, whole }: Share, z: number): Estimate {
  const centre = (part + (z * z) / 2) / (whole + z * z)
  const half = (z * Math.sqrt((part * (whole - part)) / whole + (z * z) / 4)) / (whole + z * z)
  return { value: part / whole, low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}

/** Of a − b, by the Wilson limits of both. */
export function newcombe(a: Share, b: Share, level: number = LEVEL): Interval {
  const z = twoSidedZ(level)
  const { low, high } = minus(shareEstimate(a, z), shareEstimate(b, z))
  return [low, high]
}

/** a − b of independent estimates: Newcombe's where both are shares. */
export function minus(a: Estimate, b: Estimate): Estimate {
  const value = a.value - b.value
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
  }
}

/** a + b of independent estimates. */
export function plus(a: Estimate, b: Estimate): Estimate {
  return minus(a, { value: -b.value, low: -b.high, high: -b.low })
}

/**
 * The logarithm of a share by the log method. A count of 0, which has none, counts half a row (S. D. Walter, Biometrika 62
 * (1975) 371–374), and has no lower limit.
 */
export function logShareEstimate({ part, whole }: Share, z: number): Estimate {
  const added = part === 0 ? 0.5 : 0
  const value = Math.log((part + added) / (whole + added))
  const half = z * Math.sqrt(1 / (part + added) - 1 / (whole + added))
  return { value, low: part === 0 ? Number.NEGATIVE_INFINITY : value - half, high: value + half }
}

/** Of a ÷ b on the scale of logarithms; 0 is within it where `a` counts nobody. */
export function ratioInterval(a: Share, b: Share, level: number = LEVEL): Interval {
  const z = twoSidedZ(level)
  const { low, high } = minus(logShareEstimate(a, z), logShareEstimate(b, z))
  return [Math.exp(low), Math.exp(high)]
}

/** The same by the letter of Katz et al.: null where a count is 0, which has no logarithm. */
export function logRatio(a: Share, b: Share, level: number = LEVEL): Interval | null {
  return a.part === 0 || b.part === 0 ? null : ratioInterval(a, b, level)
}
