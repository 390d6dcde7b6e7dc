// The upper tail of the standard normal distribution, computed directly: 1 − CDF is 0 from z = 8.3 on, this is right to 1e-308.
// By the scaled complementary error function of W. J. Cody, Mathematics of Computation 23 (1969) 631–637: rational
// approximations on three ranges (netlib specfun `erfc`). Relative error about 1e-15.

/** P(Z > z). NaN gives NaN. */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const tail = x <= 0.46875 ? 0.5 - erfNearZero(x) / 2 : (gauss(z) * scaledErfc(x)) / 2
  return z < 0 ? 1 - tail : tail
}

/** 2·P(Z > |z|), never above 1. */
export function twoSidedNormalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  return x <= 0.46875 ? 1 - erfNearZero(x) : gauss(z) * scaledErfc(x)
}

/** exp(−z²/2) without the rounding of z² being blown up by the exponential: z is split at 1/16. */
function gauss(z: number): number {
  if (Math.abs(z) > 40) return 0
  const near = Math.trunc(z * 16) / 16
  return Math.exp((-near * near) / 2) * Math.exp((-(z - near) * (z + near)) / 2)
}

function erfNearZero(x: number): number {
  const y = x * x
  return x * quotient(y, NEAR_P, NEAR_Q)
}

/** erfc(x)·exp(x²) from 0.46875 on. */
function scaledErfc(x: number): number {
  if (x <= 4) return quotient(x, MIDDLE_P, MIDDLE_Q)
  const y = 1 / (x * x)
  return (ONE_BY_ROOT_PI - y * quotient(y, FAR_P, FAR_Q)) / x
}

/** Coefficients from the highest power down. */
function quotient(x: number, above: readonly number[], below: readonly number[]): number {
  return above.reduce((sum, c) => sum * x + c, 0) / below.reduce((sum, c) => sum * x + c, 0)
}

const ONE_BY_ROOT_PI = 0.5641895835477563

const NEAR_P = [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694]
const NEAR_Q = [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171]

const MIDDLE_P = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769,
  1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
]
const MIDDLE_Q = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
  4362.619090143247, 3439.3676741437216, 1230.3393548037495,
]

const FAR_P = [
  0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
  0.0006587491615298378,
]
const FAR_Q = [1, 2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918]
