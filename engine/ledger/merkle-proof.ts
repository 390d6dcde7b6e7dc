// Checking inclusion and consistency proofs by the walks of RFC 9162: what a verifier needs and nothing else.
// Sizes and indexes are BigInt, because a hostile proof may name any number below 2^64. Making proofs is prove.ts.
// Source: https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3.2 and #section-2.1.4.2
import { equalBytes, HASH_BYTES, nodeHash, type TreeHash } from './tree-hash.ts'

/** That an entry's hash stands at an index of a tree. */
export interface InclusionClaim {
  readonly index: bigint
  readonly size: bigint
  readonly leaf: TreeHash
  readonly root: TreeHash
  /** From the leaf's sibling up to the root's child. */
  readonly proof: readonly TreeHash[]
}

/** Whether `leaf` is the leaf at `index` of the tree of `size` leaves with this `root` (RFC 9162, 2.1.3.2). */
export function provesInclusion({ index, size, leaf, root, proof }: InclusionClaim): boolean {
  if (index < 0n || index >= size || !areHashes([leaf, root, ...proof])) return false
  let node = index
  let last = size - 1n
  let hash = leaf
  for (const sibling of proof) {
    if (last === 0n) return false
    if ((node & 1n) === 1n || node === last) {
      hash = nodeHash(sibling, hash)
      while ((node & 1n) === 0n && node !== 0n) {
        node >>= 1n
        last >>= 1n
      }
    } else {
      hash = nodeHash(hash, sibling)
    }
    node >>= 1n
    last >>= 1n
  }
  return last === 0n && equalBytes(hash, root)
}

/** That one tree is the beginning of another. */
export interface ConsistencyClaim {
  readonly first: bigint
  readonly second: bigint
  readonly firstRoot: TreeHash
  readonly secondRoot: TreeHash
  readonly proof: readonly TreeHash[]
}

/**
 * Whether the tree of `second` leaves only appends to the one of `first` (RFC 9162, 2.1.4.2).
 * False from size 0: every log extends the empty one, so nothing is proven, and the caller decides.
 */
export function provesConsistency({ first, second, firstRoot, secondRoot, proof }: ConsistencyClaim): boolean {
  if (first <= 0n || first > second) return false
  if (first === second) return proof.length === 0 && equalBytes(firstRoot, secondRoot)
  if (!areHashes([firstRoot, secondRoot, ...proof])) return false
  const isWholeSubtree = (first & (first - 1n)) === 0n
  const path = isWholeSubtree ? [firstRoot, ...proof] : proof
  let node = first - 1n
  let last = second - 1n
  while ((node & 1n) === 1n) {
    node >>= 1n
    last >>= 1n
  }
  const [start, ...rest] = path
  if (start === undefined) return false
  let firstHash = start
  let secondHash = start
  for (const sibling of rest) {
    if (last === 0n) return false
    if ((node & 1n) === 1n || node === last) {
      firstHash = nodeHash(sibling, firstHash)
      secondHash = nodeHash(sibling, secondHash)
      while ((node & 1n) === 0n && node !== 0n) {
        node >>= 1n
        last >>= 1n
      }
    } else {
      secondHash = nodeHash(secondHash, sibling)
    }
    node >>= 1n
    last >>= 1n
  }
  return last === 0n && equalBytes(firstHash, firstRoot) && equalBytes(secondHash, secondRoot)
}

function areHashes(list: readonly Uint8Array[]): boolean {
  return list.every((hash) => hash.length === HASH_BYTES)
}
