// Two columns of categories as pairs of counts: how many values occur r times in the reference and c times in the current
// window. Every distance between the two is a sum over values, so names are not needed, and many values stay small.
import { compareText } from '../../base/order.ts'

export interface PairOfCounts {
  readonly reference: number
  readonly current: number
  /** How many values have these counts. */
  readonly values: number
}

interface ValueRows {
  readonly value: string | number
  readonly n: number
}

/** One pair a value of either side, numbers ascending and texts in code-point order. */
export function pairCounts(reference: readonly ValueRows[], current: readonly ValueRows[]): readonly PairOfCounts[] {
  const [before, now] = [reference, current].map((side) => new Map(side.map(({ value, n }) => [value, n])))
  const values = [...new Set([...(before?.keys() ?? []), ...(now?.keys() ?? [])])].sort(compareValues)
  return values.map((value) => ({ reference: before?.get(value) ?? 0, current: now?.get(value) ?? 0, values: 1 }))
}

function compareValues(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b))
}

/** Rows of each window, missing ones left out. */
export function pairTotals(pairs: readonly PairOfCounts[]): { readonly reference: number; readonly current: number } {
  return {
    reference: pairs.reduce((sum, pair) => sum + pair.values * pair.reference, 0),
    current: pairs.reduce((sum, pair) => sum + pair.values * pair.current, 0),
  }
}

/** Distinct values over both windows. */
export function distinctValues(pairs: readonly PairOfCounts[]): number {
  return pairs.reduce((sum, { values }) => sum + values, 0)
}

/** Σ over values of `term`, of the counts of each. */
export function sumOverValues(
  pairs: readonly PairOfCounts[],
  term: (reference: number, current: number) => number,
): number {
  return pairs.reduce((sum, { reference, current, values }) => sum + values * term(reference, current), 0)
}
