// The law of the one-sample KS statistic for large samples: Kolmogorov's limit and three terms in 1/√n.
// Source: W. Pelz, I. J. Good, Journal of the Royal Statistical Society B 38 (1976) 152–156, in the series for small z.

const PI2 = Math.PI ** 2

/** P(D < d) for n values: about seven digits from n = 140 on. */
export function pelzGoodCdf(d: number, n: number): number {
  const z = Math.sqrt(n) * d
  const [z2, z4, z6] = [z ** 2, z ** 4, z ** 6]
  const sums: [number, number, number, number] = [0, 0, 0, 0]
  const last = Math.ceil((16 * z) / Math.PI)
  for (let k = last; k >= 1; k--) {
    const m2 = (2 * k - 1) ** 2
    const q = Math.exp((-PI2 * m2) / (8 * z2))
    const [p1, p2, p3] = [PI2 * m2, (PI2 * m2) ** 2, (PI2 * m2) ** 3]
    sums[0] += q
    sums[1] += q * (p1 / 4 - z2)
    sums[2] += q * (6 * z6 + 2 * z4 + ((2 * z4 - 5 * z2) * p1) / 4 + ((1 - 2 * z2) * p2) / 16)
    sums[3] +=
      q *
      (-30 * z6 -
        90 * z ** 8 +
        ((135 * z4 - 96 * z6) * p1) / 4 +
        ((212 * z4 - 60 * z2) * p2) / 16 +
        ((5 - 30 * z2) * p3) / 64)
  }
  let [extra2, extra3] = [0, 0]
  for (let k = last; k >= 1; k--) {
    const p = PI2 * k * k
    const q = Math.exp(-p / (2 * z2))
    extra2 += p * q
    extra3 += (3 * z2 - p) * p * q
  }
  const root = Math.sqrt(2 * Math.PI)
  const k0 = (root * sums[0]) / z
  const k1 = (root * sums[1]) / (6 * z4)
  const k2 = root * (sums[2] / (72 * z ** 7) - extra2 / (36 * z ** 3))
  const k3 = root * (sums[3] / (6480 * z ** 10) + extra3 / (216 * z6))
  return k0 + k1 / Math.sqrt(n) + k2 / n + k3 / n ** 1.5
}
