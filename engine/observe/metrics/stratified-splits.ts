// Which rows a trial leaves out, drawn class by class: the very rows that scikit-learn's StratifiedShuffleSplit draws, since
// the answer of a trial depends on them.
// Source: scikit-learn `StratifiedShuffleSplit` and `_approximate_mode`.
import { mersenneTwister, permutation, skipPermutation, type Twister } from './mersenne-twister.ts'

export interface SplitRequest {
  readonly splits: number
  /** Share of the rows that a split leaves out. */
  readonly left: number
  readonly seed: number
}

/** The rows (places in `labels`, of 0 and 1) that each split leaves out; null with too few rows of a class. */
export function stratifiedSplits(
  labels: Uint8Array,
  { splits, left, seed }: SplitRequest,
): readonly Int32Array[] | null {
  const rowsOf = [placesOf(labels, 0), placesOf(labels, 1)]
  const counts = rowsOf.map((rows) => rows.length)
  const tested = Math.ceil(left * labels.length)
  if (Math.min(...counts) < 2 || tested < 2 || labels.length - tested < 2) return null
  const twister = mersenneTwister(seed)
  return Array.from({ length: splits }, () => {
    const kept = drawnCounts(counts, labels.length - tested, twister)
    const out = drawnCounts(
      counts.map((n, i) => n - (kept[i] ?? 0)),
      tested,
      twister,
    )
    const chosen = new Int32Array(out.reduce((sum, n) => sum + n, 0))
    let size = 0
    for (const [i, rows] of rowsOf.entries()) {
      const order = permutation(rows.length, twister)
      const from = kept[i] ?? 0
      for (const place of order.subarray(from, from + (out[i] ?? 0))) chosen[size++] = rows[place] ?? 0
    }
    // Both sides are shuffled once more: their order means nothing here, but it has drawn.
    skipPermutation(labels.length - tested, twister)
    skipPermutation(tested, twister)
    return chosen
  })
}

function placesOf(labels: Uint8Array, label: number): Int32Array {
  const places = new Int32Array(labels.length)
  let size = 0
  for (let place = 0; place < labels.length; place++) if (labels[place] === label) places[size++] = place
  return places.subarray(0, size)
}

/** `draws` shared out in proportion; what rounding leaves over goes to the largest remainders, ties by lot. */
function drawnCounts(counts: readonly number[], draws: number, twister: Twister): number[] {
  const total = counts.reduce((sum, n) => sum + n, 0)
  const exact = counts.map((n) => (n / total) * draws)
  const found = exact.map(Math.floor)
  let over = Math.trunc(draws - found.reduce((sum, n) => sum + n, 0))
  const remainders = exact.map((n) => n - Math.floor(n))
  for (const remainder of [...new Set(remainders)].sort((a, b) => b - a)) {
    if (over <= 0) break
    const places = remainders.flatMap((one, i) => (one === remainder ? [i] : []))
    const lots = permutation(places.length, twister)
    for (const lot of lots.subarray(0, Math.min(places.length, over))) {
      const place = places[lot] ?? 0
      found[place] = (found[place] ?? 0) + 1
    }
    over -= Math.min(places.length, over)
  }
  return found
}
