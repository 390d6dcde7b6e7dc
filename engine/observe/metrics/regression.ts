// Performance of a regression from sums over the labelled rows. Source: scikit-learn, but null where it says NaN or 4e15.
import { known, type Measured, unknown } from './measured.ts'

/** Sums over rows with a target; the squared deviations are around the mean of the targets. Units (default 1) keep squares in range. */
export interface RegressionSums {
  readonly n: number
  readonly absoluteErrors: number
  /** In squares of `errorUnit`. */
  readonly squaredErrors: number
  readonly errorUnit?: number
  /** In squares of `targetUnit`. */
  readonly squaredTargetDeviations: number
  readonly targetUnit?: number
  readonly zeroTargets: number
  /** Σ |error ÷ target| over rows whose target is not 0. */
  readonly relativeErrors: number
}

/** In the unit of the target. Null without labelled rows (`empty_window`). */
export function mae({ n, absoluteErrors }: RegressionSums): Measured {
  return n === 0 ? unknown('empty_window', 0) : known(absoluteErrors / n, n)
}

/** In the unit of the target. Null without labelled rows (`empty_window`). */
export function rmse({ n, squaredErrors, errorUnit = 1 }: RegressionSums): Measured {
  return n === 0 ? unknown('empty_window', 0) : known(errorUnit * Math.sqrt(squaredErrors / n), n)
}

/** 1 − Σ error² ÷ Σ (target − mean)². */
export function r2(sums: RegressionSums): Measured {
  const { n, squaredErrors, squaredTargetDeviations, errorUnit = 1, targetUnit = 1 } = sums
  if (n === 0) return unknown('empty_window', 0)
  if (n < 2 || squaredTargetDeviations === 0) return unknown('constant_target', n)
  return known(1 - (squaredErrors / squaredTargetDeviations) * (errorUnit / targetUnit) ** 2, n)
}

/** A share, not a percentage; null as soon as one target is 0. */
export function mape({ n, zeroTargets, relativeErrors }: RegressionSums): Measured {
  if (n === 0) return unknown('empty_window', 0)
  return zeroTargets > 0 ? unknown('zero_target', n) : known(relativeErrors / n, n)
}
