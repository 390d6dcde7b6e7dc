// Quantiles of counted values by linear interpolation (type 7), rounded as NumPy rounds them. Source: numpy.quantile, method `linear`.

export interface ValueCount {
  readonly value: number
  readonly n: number
}

/** Ascending by value. */
export function compareValueRows(a: { readonly value: number }, b: { readonly value: number }): number {
  return a.value - b.value
}

/** Where a decile lies: between the values of two rows, counted from 0 in ascending order. */
export interface DecilePosition {
  readonly below: number
  readonly above: number
  /** The fraction of the way. */
  readonly t: number
}

/** Of 1/10 … 9/10 of so many rows; none without a row. */
export function decilePositions(rows: number): readonly DecilePosition[] {
  if (rows === 0) return []
  return [1, 2, 3, 4, 5, 6, 7, 8, 9].map((k) => {
    const position = (rows - 1) * (k / 10)
    const below = Math.floor(position)
    return { below, above: Math.min(below + 1, rows - 1), t: position - below }
  })
}

/** The values at 1/10 … 9/10 of finite values counted in ascending order; empty without values. */
export function deciles(values: readonly ValueCount[]): number[] {
  const rows = values.reduce((sum, { n }) => sum + n, 0)
  return decilePositions(rows).map(({ below, above, t }) => lerp(valueAt(values, below), valueAt(values, above), t))
}

/** From a to b at t, by the end that is nearer: NumPy's `_lerp`. */
export function lerp(a: number, b: number, t: number): number {
  return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t)
}

/** The value of row `index`, counted from 0 in ascending order. */
function valueAt(values: readonly ValueCount[], index: number): number {
  let seen = 0
  for (const { value, n } of values) {
    seen += n
    if (index < seen) return value
  }
  return Number.NaN
}
