// Confidence intervals from counts: Wilson for a share, Newcombe for a difference of two, the log method for their ratio.
// Sources: E. B. Wilson (1927); R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, method 10; Katz et al., Biometrics 34 (1978).
import type { Interval } from './measured.ts'
import { twoSidedZ } from './normal-quantile.ts'

/** The level of every interval that a snapshot does not label otherwise (RESOURCES.md). */
export const LEVEL = 0.95

/** `part` of `whole` rows; `whole` is above 0 wherever an interval is asked for. */
export interface Share {
  readonly part: number
  readonly whole: number
}

/** Within 0 and 1. `whole` must be above 0. */
export function wilson({ part, whole }: Share, level: number = LEVEL): Interval {
  const z = twoSidedZ(level)
  const centre = (part + (z * z) / 2) / (whole + z * z)
  const half = (z * Math.sqrt((part * (whole - part)) / whole + (z * z) / 4)) / (whole + z * z)
  return [Math.max(0, centre - half), Math.min(1, centre + half)]
}

/** Of a − b, by the Wilson limits of both. */
export function newcombe(a: Share, b: Share, level: number = LEVEL): Interval {
  const [p, q] = [a.part / a.whole, b.part / b.whole]
  const [lowA, highA] = wilson(a, level)
  const [lowB, highB] = wilson(b, level)
  const difference = p - q
  return [difference - Math.hypot(p - lowA, highB - q), difference + Math.hypot(highA - p, q - lowB)]
}

/** Of a ÷ b on the scale of logarithms; null where a count is 0, which has no logarithm. */
export function logRatio(a: Share, b: Share, level: number = LEVEL): Interval | null {
  if (a.part === 0 || b.part === 0) return null
  const ratio = a.part / a.whole / (b.part / b.whole)
  const error = Math.sqrt(1 / a.part - 1 / a.whole + 1 / b.part - 1 / b.whole)
  const factor = Math.exp(twoSidedZ(level) * error)
  return [ratio / factor, ratio * factor]
}
