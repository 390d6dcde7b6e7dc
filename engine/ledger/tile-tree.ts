// The tree inside one tile, built by merkletreejs with the hashes of RFC 6962. merkletreejs promotes a lonely node
// unhashed, which is the RFC's split at the largest power of two below n. Proofs are not taken from it: they are checked
// by our own walks (merkle-proof.ts), and a verifier hashes by itself (tree-root.ts).
import { MerkleTree } from 'merkletreejs/MerkleTree'
import { internalError } from '../base/fault.ts'
import { sha256Into } from '../base/sha256.ts'
import { EMPTY_ROOT, HASH_BYTES, type TreeHash } from './tree-hash.ts'

/** The most hashes of a tile: the last one may stand for what lies below. */
const MOST = 257

const memory = Buffer.alloc(MOST * HASH_BYTES)
const leaves = viewsOf(memory)
const nodes = viewsOf(Buffer.alloc(MOST * HASH_BYTES))

/** The prefix of a node and its two children; merkletreejs hashes it before it asks for the next. */
const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 0x01)

/**
 * The RFC 6962 root over 1 to 257 hashes that lie one after the other. The tree is made in memory that the next one uses
 * again: of five hundred small buffers a tile the collector lets tens of megabytes pile up.
 */
export function rootOfTile(tile: Uint8Array): TreeHash {
  memory.set(tile)
  let made = 0
  const hashNode = (bytes: Buffer): Buffer => {
    const node = nodes[made++] ?? internalError('a tile of more than 257 hashes')
    sha256Into(node, 0, bytes)
    return node
  }
  const concatenator = (children: Buffer[]): Buffer => {
    pair.set(children[0] ?? EMPTY_ROOT, 1)
    pair.set(children[1] ?? EMPTY_ROOT, 1 + HASH_BYTES)
    return pair
  }
  return new Uint8Array(new MerkleTree(leaves.slice(0, tile.length / HASH_BYTES), hashNode, { concatenator }).getRoot())
}

function viewsOf(all: Buffer): Buffer[] {
  return Array.from({ length: MOST }, (_, i) => all.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES))
}
