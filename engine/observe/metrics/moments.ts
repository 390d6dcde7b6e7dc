// Mean and standard deviation without cancellation: two passes over values, or parts merged that have their own moments.
// Source: T. F. Chan, G. H. Golub, R. J. LeVeque, The American Statistician 37 (1983) 242–247. Checked against NIST StRD.

/** Of a part: its rows, mean, and sum of squared deviations from that mean. */
export interface Moments {
  readonly n: number
  readonly mean: number
  readonly squares: number
}

/** Of values, in two passes, with the correction of the second by the residual of the first. */
export function moments(values: readonly number[]): Moments {
  const n = values.length
  const first = n === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / n
  const rest = n === 0 ? 0 : values.reduce((sum, value) => sum + (value - first), 0) / n
  const squares = values.reduce((sum, value) => sum + (value - first) ** 2, 0) - n * rest * rest
  return { n, mean: first + rest, squares: Math.max(0, squares) }
}

/** The sample's (n − 1); null below two values. */
export function sampleDeviation({ n, squares }: Moments): number | null {
  return n < 2 ? null : Math.sqrt(squares / (n - 1))
}

/** The parts as one. */
export function mergeMoments(parts: readonly Moments[]): Moments {
  const n = parts.reduce((sum, part) => sum + part.n, 0)
  if (n === 0) return { n, mean: 0, squares: 0 }
  const start = parts[0]?.mean ?? 0
  const mean = start + parts.reduce((sum, part) => sum + (part.n / n) * (part.mean - start), 0)
  const squares = parts.reduce((sum, part) => sum + part.squares + part.n * (part.mean - mean) ** 2, 0)
  return { n, mean, squares }
}

/** Of the population; null without a value, or where it is no finite number. */
export function mergedDeviation(parts: readonly Moments[]): number | null {
  const { n, squares } = mergeMoments(parts)
  const deviation = Math.sqrt(squares / n)
  return Number.isFinite(deviation) ? deviation : null
}
