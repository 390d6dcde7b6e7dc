// The hashes of RFC 6962, section 2.1: leaves and nodes have different prefixes, so neither can pass for the other.
// Source: https://www.rfc-editor.org/rfc/rfc6962#section-2.1
import { hash } from 'node:crypto'

/** 32 bytes. */
export type TreeHash = Uint8Array

/** Of SHA-256. */
export const HASH_BYTES = 32

/** The root of a tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT: TreeHash = sha256(new Uint8Array(0))

/** SHA-256(0x00 ‖ entry). */
export function leafHash(entry: Uint8Array): TreeHash {
  if (entry.length >= scratch.length) return sha256(Buffer.concat([scratch.subarray(0, 1), entry]))
  scratch.set(entry, 1)
  return sha256(scratch.subarray(0, entry.length + 1))
}

/** Holds every entry of a log behind its prefix, so that hashing a million leaves no garbage but the hashes. */
const scratch = Buffer.alloc(65_537)

/**
 * The same for an entry that is a view into a bundle, without copying it: the byte before it, the low byte of its length,
 * becomes the prefix while it is hashed.
 */
export function leafHashInPlace(entry: Uint8Array): TreeHash {
  if (entry.byteOffset === 0) return leafHash(entry)
  const prefixed = new Uint8Array(entry.buffer, entry.byteOffset - 1, entry.length + 1)
  const before = prefixed[0] ?? 0
  prefixed[0] = 0x00
  const leaf = sha256(prefixed)
  prefixed[0] = before
  return leaf
}

const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 0x01)

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: TreeHash, right: TreeHash): TreeHash {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) {
    throw new Error('internal error: a tree hash that is not 32 bytes')
  }
  pair.set(left, 1)
  pair.set(right, 1 + HASH_BYTES)
  return sha256(pair)
}

/** One-shot hashing takes half the time of `createHash`: at a million leaves that decides. */
export function sha256(bytes: Uint8Array): TreeHash {
  return hash('sha256', bytes, 'buffer')
}

/** Not in constant time: nothing compared here is secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}
