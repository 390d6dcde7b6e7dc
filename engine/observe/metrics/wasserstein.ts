// The Wasserstein distance of first order, ∫ |F − G|, divided by the reference's standard deviation.
// Source: Evidently 0.7 (wasserstein_distance_norm): W₁ ÷ max(σ, 0.001), σ of the population; W₁ as scipy.stats.wasserstein_distance.
import { known, type Measured, unknown } from './measured.ts'
import { compareValueRows, type ValueCount } from './quantiles.ts'

/** Evidently's least σ: a constant reference is divided by it. */
export const LEAST_DEVIATION = 0.001

/** Digits that do not depend on the order in which an engine's threads added up. */
const SURE_DIGITS = 12

/** `area`: ∫ |F − G| in the column's units; `n`: current rows. */
export function wassersteinNormed(area: number, deviation: number | null, n: number): Measured {
  if (deviation === null || !Number.isFinite(area)) return unknown('non_finite', n)
  return known(Number((area / Math.max(deviation, LEAST_DEVIATION)).toPrecision(SURE_DIGITS)), n)
}

/** W₁ of two lists of counted values, ascending. */
export function wasserstein(reference: readonly ValueCount[], current: readonly ValueCount[]): number {
  const [n, m] = [rows(reference), rows(current)]
  const steps = [
    ...reference.map(({ value, n: r }) => ({ value, step: r / n })),
    ...current.map(({ value, n: c }) => ({ value, step: -c / m })),
  ]
  steps.sort(compareValueRows)
  let [area, gap] = [0, 0]
  for (const [i, { value, step }] of steps.entries()) {
    gap += step
    area += Math.abs(gap) * ((steps[i + 1]?.value ?? value) - value)
  }
  return area
}

function rows(values: readonly ValueCount[]): number {
  return values.reduce((sum, { n }) => sum + n, 0)
}
