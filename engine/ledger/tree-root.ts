// Roots by our own hand, level by level: what a verifier uses, so that the tiles that merkletreejs built are checked by
// other code than made them (tile-tree.ts). Source: https://www.rfc-editor.org/rfc/rfc6962#section-2.1
import { EMPTY_ROOT, HASH_BYTES, hashPairInto, type TreeHash } from './tree-hash.ts'

/** The root over 32-byte hashes that lie one after the other (at least one). A lonely node moves up unhashed. */
export function rootOfUnits(units: Uint8Array): TreeHash {
  const row = Buffer.from(units)
  let width = row.length / HASH_BYTES
  if (width < 1 || !Number.isInteger(width)) throw new Error(`internal error: ${units.length} bytes are no tree hashes`)
  while (width > 1) {
    const pairs = width >> 1
    for (let i = 0; i < pairs; i++) hashPairInto(row, i * HASH_BYTES, 2 * i * HASH_BYTES)
    if (width % 2 === 1) row.copyWithin(pairs * HASH_BYTES, (width - 1) * HASH_BYTES, width * HASH_BYTES)
    width = pairs + (width % 2)
  }
  return new Uint8Array(row.subarray(0, HASH_BYTES))
}

/** The `i`th hash of a tile, as a view. */
export function unitAt(tile: Uint8Array, i: number): TreeHash {
  return tile.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)
}

/**
 * The root of a whole log from its right-edge tiles, level 0 first (an empty one where a level ends on a full tile).
 * What lies below a level hangs at its right as one more, incomplete, unit.
 */
export function foldEdge(edge: readonly Uint8Array[], rootOf: (units: Uint8Array) => TreeHash): TreeHash {
  let below: TreeHash | null = null
  for (const tile of edge) {
    const units: Uint8Array = below === null ? tile : Buffer.concat([tile, below])
    if (units.length > 0) below = rootOf(units)
  }
  return below ?? EMPTY_ROOT
}
