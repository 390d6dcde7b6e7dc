// Benjamini–Hochberg: one rule's p-values over its subjects, adjusted for their number.

/**
 * Adjusted p-values in the order given: the least of p·m/rank over this and all larger ones, at most 1.
 * Source: Benjamini & Hochberg 1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x; as R's `p.adjust(p, "BH")`.
 */
export function adjustPValues(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
  const adjusted = new Array<number>(values.length).fill(1)
  let least = 1
  order.forEach((index, fromLargest) => {
    const rank = values.length - fromLargest
    least = Math.min(least, ((values[index] ?? 0) * values.length) / rank)
    adjusted[index] = least
  })
  return adjusted
}
