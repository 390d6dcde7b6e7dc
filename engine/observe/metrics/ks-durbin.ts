// The exact law of the one-sample KS statistic by powers of Durbin's matrix, for small samples and small statistics.
// Source: G. Marsaglia, W. W. Tsang, J. Wang, Journal of Statistical Software 8:18 (2003).

/** P(D < d) for n values. Time (n·d)³ · log n. */
export function durbinCdf(d: number, n: number): number {
  const k = Math.floor(n * d) + 1
  const size = 2 * k - 1
  const { values, exponent } = power(durbinMatrix(k - n * d, size), size, n)
  let [result, tens] = [values[(k - 1) * size + k - 1] ?? 0, exponent]
  for (let i = 1; i <= n; i++) {
    result *= i / n
    if (result < 1e-140) {
      result *= 1e140
      tens -= 140
    }
  }
  return result * 10 ** tens
}

function durbinMatrix(h: number, size: number): Float64Array {
  const matrix = new Float64Array(size * size)
  const at = (i: number, j: number) => i * size + j
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) matrix[at(i, j)] = i - j + 1 < 0 ? 0 : 1
  for (let i = 0; i < size; i++) {
    matrix[at(i, 0)] = (matrix[at(i, 0)] ?? 0) - h ** (i + 1)
    matrix[at(size - 1, i)] = (matrix[at(size - 1, i)] ?? 0) - h ** (size - i)
  }
  const corner = at(size - 1, 0)
  matrix[corner] = (matrix[corner] ?? 0) + (2 * h - 1 > 0 ? (2 * h - 1) ** size : 0)
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      for (let g = 2; g <= i - j + 1; g++) matrix[at(i, j)] = (matrix[at(i, j)] ?? 0) / g
    }
  }
  return matrix
}

interface Scaled {
  readonly values: Float64Array
  /** Times 10 to this. */
  readonly exponent: number
}

function power(matrix: Float64Array, size: number, n: number): Scaled {
  if (n === 1) return { values: matrix, exponent: 0 }
  const half = power(matrix, size, Math.floor(n / 2))
  const square = { values: product(half.values, half.values, size), exponent: 2 * half.exponent }
  const whole = n % 2 === 0 ? square : { values: product(matrix, square.values, size), exponent: square.exponent }
  const middle = whole.values[((size - 1) / 2) * (size + 1)] ?? 0
  if (middle <= 1e140) return whole
  return { values: whole.values.map((value) => value * 1e-140), exponent: whole.exponent + 140 }
}

function product(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const c = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k] ?? 0
      if (factor === 0) continue
      for (let j = 0; j < size; j++) c[i * size + j] = (c[i * size + j] ?? 0) + factor * (b[k * size + j] ?? 0)
    }
  }
  return c
}
