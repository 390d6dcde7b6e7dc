// The tree inside one tile, built by merkletreejs with the hashes of RFC 6962. merkletreejs promotes a lonely node
// unhashed, which is the RFC's split at the largest power of two below n. Proofs are not taken from it: they are checked
// by our own walks (merkle-proof.ts), and a verifier hashes by itself (tree-root.ts).
import { MerkleTree } from 'merkletreejs/MerkleTree'
import { HASH_BYTES, sha256, type TreeHash } from './tree-hash.ts'

/** The prefix of a node and its two children; merkletreejs hashes it before it asks for the next. */
const node = Buffer.alloc(1 + 2 * HASH_BYTES, 0x01)

/** The RFC 6962 root over 1 to 257 hashes that lie one after the other. */
export function rootOfTile(tile: Uint8Array): TreeHash {
  const leaves: Buffer[] = []
  for (let at = 0; at < tile.length; at += HASH_BYTES) {
    leaves.push(Buffer.from(tile.buffer, tile.byteOffset + at, HASH_BYTES))
  }
  const tree = new MerkleTree(leaves, sha256, {
    concatenator: (children: Buffer[]) => {
      for (const [i, child] of children.entries()) node.set(child, 1 + i * HASH_BYTES)
      return node
    },
  })
  return new Uint8Array(tree.getRoot())
}
