// Makes inclusion and consistency proofs from the tiles of a log (RFC 6962, 2.1.1 and 2.1.2). Checking them is
// merkle-proof.ts, which shares nothing with this file but the hashes.
import type { ReadLogFile } from './plan-append.ts'
import { edgeWidths, TILE_WIDTH, tilePath } from './tile-path.ts'
import { HASH_BYTES, nodeHash, type TreeHash } from './tree-hash.ts'
import { rootOfUnits } from './tree-root.ts'

/** The proof that entry `index` is in the first `size` entries, leaf's sibling first; null where a tile is missing. */
export function proveInclusion(read: ReadLogFile, index: number, size: number): TreeHash[] | null {
  if (index < 0 || index >= size) return null
  const hash = rangeHasher(read, size)
  const path: (TreeHash | null)[] = []
  let low = 0
  let high = size
  while (high - low > 1) {
    const middle = low + largestPowerBelow(high - low)
    const isLeft = index < middle
    path.unshift(isLeft ? hash(middle, high) : hash(low, middle))
    if (isLeft) high = middle
    else low = middle
  }
  return allOf(path)
}

/** The proof that the tree of `second` entries appends to the one of `first` (above 0); null where a tile is missing. */
export function proveConsistency(read: ReadLogFile, first: number, second: number): TreeHash[] | null {
  if (first < 1 || first > second) return null
  const hash = rangeHasher(read, second)
  const path: (TreeHash | null)[] = []
  let low = 0
  let high = second
  // Invariant: first is within (low, high], and everything left of low is in the path.
  while (first !== high) {
    const middle = low + largestPowerBelow(high - low)
    if (first <= middle) {
      path.unshift(hash(middle, high))
      high = middle
    } else {
      path.unshift(hash(low, middle))
      low = middle
    }
  }
  if (low > 0) path.unshift(hash(low, high))
  return allOf(path)
}

function allOf(path: readonly (TreeHash | null)[]): TreeHash[] | null {
  const hashes = path.filter((hash) => hash !== null)
  return hashes.length === path.length ? hashes : null
}

/** The hash over entries `low` (included) to `high` of a log of `size`, each tile read once. */
function rangeHasher(read: ReadLogFile, size: number): (low: number, high: number) => TreeHash | null {
  const edge = edgeWidths(size)
  const tiles = new Map<string, Uint8Array | null>()
  const tileAt = (level: number, index: number): Uint8Array | null => {
    const last = edge[level]
    if (last === undefined || index > last.index) return null
    const path = tilePath({ row: level, index, width: index < last.index ? TILE_WIDTH : last.width })
    const tile = tiles.get(path) ?? read(path)
    tiles.set(path, tile)
    return tile
  }
  const subtree = (height: number, index: number): TreeHash | null => {
    const level = Math.floor(height / 8)
    const count = 2 ** (height % 8)
    const start = index * count
    const tile = tileAt(level, Math.floor(start / TILE_WIDTH))
    const from = (start % TILE_WIDTH) * HASH_BYTES
    const units = tile?.subarray(from, from + count * HASH_BYTES)
    return units?.length === count * HASH_BYTES ? rootOfUnits(units) : null
  }
  const range = (low: number, high: number): TreeHash | null => {
    const count = high - low
    if (Number.isInteger(Math.log2(count))) return subtree(Math.log2(count), low / count)
    const middle = low + largestPowerBelow(count)
    const left = range(low, middle)
    const right = range(middle, high)
    return left === null || right === null ? null : nodeHash(left, right)
  }
  return range
}

/** The largest power of two below `n` (at least 2): where RFC 6962 splits. */
function largestPowerBelow(n: number): number {
  let power = 1
  while (power * 2 < n) power *= 2
  return power
}
