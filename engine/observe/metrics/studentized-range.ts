// The quantile of the range of independent standard normal numbers (Tukey's, with infinite degrees of freedom): how far apart
// the largest and smallest of many equal things are by chance. SciPy `studentized_range` has the same law.
// Source: J. W. Tukey, The Problem of Multiple Comparisons (1953).
import { twoSidedZ } from './normal-quantile.ts'
import { normalTail } from './normal-tail.ts'

/** A tenth is arbitrary: the trapezoid rule on so smooth a curve is right to 1e-12 with it, of 10,000 numbers. */
const STEP = 0.1
/** Newton's steps double the digits; from where they start, six are enough. */
const STEPS = 10

/** The q that the range of `count` numbers stays below in the share `level` of draws. `count` ≥ 2; `level` within 0.5 and 1. */
export function studentizedRange(count: number, level: number): number {
  const pairs = (count * (count - 1)) / 2
  // Bonferroni's, which is not far above.
  let q = Math.SQRT2 * twoSidedZ(1 - (1 - level) / pairs)
  for (let i = 0; i < STEPS; i++) {
    const { within, density } = rangeLaw(q, count)
    q -= (within - level) / density
  }
  return q
}

/** P(range ≤ q) = count · ∫ φ(z)·(Φ(z) − Φ(z − q))^(count − 1) dz, and its slope. */
function rangeLaw(q: number, count: number): { readonly within: number; readonly density: number } {
  let [within, density] = [0, 0]
  for (let i = -90; i <= 90; i++) {
    const z = i * STEP
    const between = normalTail(z - q) - normalTail(z)
    const power = bell(z) * between ** (count - 2)
    within += power * between
    density += power * bell(z - q)
  }
  return { within: count * STEP * within, density: count * (count - 1) * STEP * density }
}

function bell(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
}
