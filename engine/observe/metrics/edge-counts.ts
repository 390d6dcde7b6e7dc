// Counts of a column below and at given values, from its fine bins; where a value falls inside a bin of several values the
// bins cannot tell, and what was read again of that bin can. Bins of any definition are counted from these.
import type { SideBins } from './binned-distances.ts'

export interface EdgeCount {
  /** Rows below the value. */
  readonly below: number
  /** Rows that have the very value. */
  readonly at: number
}

/** Of a value inside a bin: rows of that bin. */
export type ReadAgain = ReadonlyMap<number, EdgeCount>

export interface CountedSide {
  readonly bins: SideBins
  /** Rows below each bin. */
  readonly before: readonly number[]
}

/** With the rows before each bin, summed once. */
export function countedSide(bins: SideBins): CountedSide {
  let sum = 0
  const before = bins.n.map((n) => {
    sum += n
    return sum - n
  })
  return { bins, before }
}

/** `k` of the bin that must be read again to count at `edge`; null where the counts are known. */
export function unsureBinAt(side: CountedSide, edge: number): number | null {
  const i = binAt(side.bins, edge)
  return i !== null && side.bins.low[i] !== side.bins.high[i] ? (side.bins.k[i] ?? null) : null
}

/** Throws an internal error where the value falls inside a bin that was not read again. */
export function countAt(side: CountedSide, edge: number, again: ReadAgain): EdgeCount {
  const i = binAt(side.bins, edge)
  if (i === null) return { below: side.before[firstAbove(side.bins, edge)] ?? total(side), at: 0 }
  const before = side.before[i] ?? 0
  if (side.bins.low[i] === side.bins.high[i]) return { below: before, at: side.bins.n[i] ?? 0 }
  const inside = again.get(edge)
  if (inside === undefined) throw new Error('internal error: a bin was not read again')
  return { below: before + inside.below, at: inside.at }
}

/** Rows in left-closed bins between edges, the last closed: `numpy.histogram`. */
export function histogram(side: CountedSide, edges: readonly number[], again: ReadAgain): readonly number[] {
  const counts = edges.map((edge) => countAt(side, edge, again))
  return counts.slice(1).map(({ below, at }, i) => below - (counts[i]?.below ?? 0) + (i === edges.length - 2 ? at : 0))
}

/** The bin that spans the value, if one does. */
function binAt(bins: SideBins, edge: number): number | null {
  const i = firstAbove(bins, edge) - 1
  return i >= 0 && (bins.high[i] ?? 0) >= edge ? i : null
}

/** The first bin that lies above the value as a whole. */
function firstAbove({ low }: SideBins, edge: number): number {
  let [from, to] = [0, low.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((low[middle] ?? 0) > edge) to = middle
    else from = middle + 1
  }
  return from
}

function total({ bins, before }: CountedSide): number {
  return (before.at(-1) ?? 0) + (bins.n.at(-1) ?? 0)
}
