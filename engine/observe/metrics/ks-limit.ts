// Kolmogorov's limit distribution, for the p-values of tools that use it; not ks_2samp's (ks-one-sample.ts).
// Source: A. Kolmogorov (1933); below z = 1 by the theta function's other series (W. Feller, 1948).

/** Q(z) = 2·Σ (−1)^(k−1)·exp(−2k²z²): the upper tail. */
export function kolmogorovTail(z: number): number {
  if (!(z > 0)) return z <= 0 ? 1 : Number.NaN
  return z < 1 ? 1 - smallSeries(z) : largeSeries(z)
}

function smallSeries(z: number): number {
  let sum = 0
  for (let k = 1; k < 40; k += 2) sum += Math.exp((-k * k * Math.PI * Math.PI) / (8 * z * z))
  return (Math.sqrt(2 * Math.PI) / z) * sum
}

function largeSeries(z: number): number {
  let sum = 0
  for (let k = 20; k >= 1; k--) sum = Math.exp(-2 * k * k * z * z) - sum
  return 2 * sum
}
