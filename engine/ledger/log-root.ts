// The root that a log had at any size up to its own, from its tiles: O(log n) files, hashed by our own hand.
import type { ReadLogFile } from './plan-append.ts'
import { edgeWidths, TILE_WIDTH, tilePath } from './tile-path.ts'
import { HASH_BYTES, type TreeHash } from './tree-hash.ts'
import { foldEdge, rootOfUnits } from './tree-root.ts'

/** The root over the first `before` entries of a log that has `size`; null where a tile is missing or too short. */
export function rootOfLog(read: ReadLogFile, before: number, size: number): TreeHash | null {
  const now = edgeWidths(size)
  const tiles: Uint8Array[] = []
  for (const { level, index, width } of edgeWidths(before)) {
    const edge = now[level]
    const stored = edge === undefined || index < edge.index ? TILE_WIDTH : edge.width
    const tile = width === 0 ? new Uint8Array(0) : read(tilePath({ row: level, index, width: stored }))
    if (tile === null || tile.length < width * HASH_BYTES) return null
    tiles.push(tile.subarray(0, width * HASH_BYTES))
  }
  return foldEdge(tiles, rootOfUnits)
}
