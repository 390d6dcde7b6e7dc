// The bins of the native PSI, made from the reference alone, and the counting of values into them.
// SQL may count instead, from the same bins: {v} is (the next double below v, v] where bins are right-closed.
import { compareText } from '../../base/order.ts'
import type { EdgeCount } from './edge-counts.ts'
import { deciles, type ValueCount } from './quantiles.ts'

/** Each bin starts where the one before it ends; `upTo` is right-closed, `below` is open, `rest` has no upper end. */
export type Bin =
  | { readonly kind: 'upTo' | 'below'; readonly edge: number }
  | { readonly kind: 'point'; readonly value: number }
  | { readonly kind: 'rest' }
  | { readonly kind: 'category'; readonly value: string }
  | { readonly kind: 'other' }
  | { readonly kind: 'missing' }

/** Rows a bin, in the order of the bins. */
export type BinCounts = readonly number[]

/** A column of numbers, counted; `values` are the finite ones in ascending order, each once, with −0 as 0. */
export interface NumberCounts {
  readonly values: readonly ValueCount[]
  readonly infinite: number
  readonly missing: number
}

/** A column of categories, counted; each value once, in any order. */
export interface CategoryCounts {
  readonly values: readonly { readonly value: string; readonly n: number }[]
  readonly missing: number
}

/** Values that fit in a bin each: with more, the bins are deciles. */
export const MOST_POINTS = 10

const TAIL: readonly Bin[] = [{ kind: 'other' }, { kind: 'missing' }]

/**
 * A bin a value where the reference has few, else by its deciles; then one for all else and one for what is missing.
 */
export function numberBins(reference: NumberCounts): readonly Bin[] {
  return binsOfReference(reference.values, deciles(reference.values))
}

/** `values`: all of the reference, or null where they are more than `MOST_POINTS` in any case. */
export function binsOfReference(values: readonly ValueCount[] | null, positions: readonly number[]): readonly Bin[] {
  if (values !== null && values.length <= MOST_POINTS) {
    return [...values.map(({ value }): Bin => ({ kind: 'point', value })), ...TAIL]
  }
  return [...decileBins(positions), { kind: 'rest' }, ...TAIL]
}

/** A value that fills two or more of the nine positions is a point mass with a bin of its own. */
export function decileBins(positions: readonly number[]): Bin[] {
  const edges = [...new Set(positions)].sort((a, b) => a - b)
  return edges.flatMap((edge): Bin[] => {
    const isPointMass = positions.filter((position) => position === edge).length > 1
    if (!isPointMass) return [{ kind: 'upTo', edge }]
    return [
      { kind: 'below', edge },
      { kind: 'point', value: edge },
    ]
  })
}

/** A bin a category, in code-point order. */
export function categoryBins(reference: CategoryCounts): readonly Bin[] {
  const values = reference.values.map(({ value }) => value).sort(compareText)
  return [...values.map((value): Bin => ({ kind: 'category', value })), ...TAIL]
}

/** `other` takes infinities, and unseen values where every bin is a point. */
export function countNumbers(bins: readonly Bin[], column: NumberCounts): BinCounts {
  const own = bins.slice(0, -TAIL.length)
  const counts = own.map(() => 0)
  let other = column.infinite
  for (const { value, n } of column.values) {
    const at = own.findIndex((bin) => holds(bin, value))
    if (at === -1) other += n
    else counts[at] = (counts[at] ?? 0) + n
  }
  return [...counts, other, column.missing]
}

/** The values at which a column must be counted to fill the bins: see `countByEdges`. */
export function edgesOfBins(bins: readonly Bin[]): readonly number[] {
  return bins.flatMap((bin) => {
    if (bin.kind === 'point') return [bin.value]
    return bin.kind === 'upTo' || bin.kind === 'below' ? [bin.edge] : []
  })
}

/** As `countNumbers`, of a column that is known by its counts at the edges alone. */
export function countByEdges(
  bins: readonly Bin[],
  column: { readonly finite: number; readonly infinite: number; readonly missing: number },
  countAt: (edge: number) => EdgeCount,
): BinCounts {
  const own = bins.slice(0, -TAIL.length)
  const areAllPoints = own.every(({ kind }) => kind === 'point')
  let start = 0
  const counts = own.map((bin) => {
    if (bin.kind === 'rest') return column.finite - start
    if (bin.kind !== 'upTo' && bin.kind !== 'below' && bin.kind !== 'point') return 0
    const { below, at } = countAt(bin.kind === 'point' ? bin.value : bin.edge)
    if (bin.kind === 'point' && areAllPoints) return at
    const end = bin.kind === 'below' ? below : below + at
    const n = end - start
    start = end
    return n
  })
  const unseen = areAllPoints ? column.finite - counts.reduce((sum, n) => sum + n, 0) : 0
  return [...counts, column.infinite + unseen, column.missing]
}

/** `other` takes all categories that the reference lacks. */
export function countCategories(bins: readonly Bin[], column: CategoryCounts): BinCounts {
  const place = new Map(bins.map((bin, i) => [bin.kind === 'category' ? bin.value : null, i]))
  const counts = bins.slice(0, -TAIL.length).map(() => 0)
  let other = 0
  for (const { value, n } of column.values) {
    const at = place.get(value)
    if (at === undefined) other += n
    else counts[at] = (counts[at] ?? 0) + n
  }
  return [...counts, other, column.missing]
}

/** Whether the first bin that is not wholly below `value` takes it; bins are asked in ascending order. */
function holds(bin: Bin, value: number): boolean {
  if (bin.kind === 'upTo') return value <= bin.edge
  if (bin.kind === 'below') return value < bin.edge
  if (bin.kind === 'point') return value === bin.value
  return bin.kind === 'rest'
}
