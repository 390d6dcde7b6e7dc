// The Hellinger distance √(1 − Σ √(p·q)), from 0 to 1. Source: E. Hellinger (1909); as Evidently 0.7, which clips the sum to 0–1.
import { type PairOfCounts, pairTotals } from './category-pairs.ts'
import { known, type Measured, unknown } from './measured.ts'

/**
 * Null, `empty_window`, where a side has nothing. `stretch`: of bins, the mean width ÷ the width of each, which differ by
 * rounding far from 0; Evidently multiplies densities by the mean width.
 */
export function hellinger(pairs: readonly PairOfCounts[], stretch?: readonly number[]): Measured {
  const { reference, current } = pairTotals(pairs)
  if (reference === 0 || current === 0) return unknown('empty_window', current)
  const overlap = pairs.reduce((sum, pair, i) => {
    const common = Math.sqrt((pair.reference / reference) * (pair.current / current))
    return sum + pair.values * common * (stretch?.[i] ?? 1)
  }, 0)
  return known(Math.sqrt(1 - Math.min(1, Math.max(0, overlap))), current)
}
