// The hashes of RFC 6962, section 2.1: leaves and nodes have different prefixes, so neither can pass for the other.
// Source: https://www.rfc-editor.org/rfc/rfc6962#section-2.1
import { sha256, sha256Into } from '../base/sha256.ts'

/** 32 bytes. */
export type TreeHash = Uint8Array

/** Of SHA-256. */
export const HASH_BYTES = 32

/** The root of a tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT: TreeHash = sha256(new Uint8Array(0))

/** SHA-256(0x00 ‖ entry). */
export function leafHash(entry: Uint8Array): TreeHash {
  return sha256(prefixed(entry))
}

/** The leaf hashes of entries, one after the other, as a tile of level 0 has them. */
export function leafHashes(entries: readonly Uint8Array[]): Buffer {
  const hashes = Buffer.allocUnsafe(entries.length * HASH_BYTES)
  let at = 0
  for (const entry of entries) {
    sha256Into(hashes, at, prefixed(entry))
    at += HASH_BYTES
  }
  return hashes
}

/** An entry behind its prefix; valid until the next is asked for. */
function prefixed(entry: Uint8Array): Uint8Array {
  const length = entry.length + 1
  if (length > scratch.length) return Buffer.concat([scratch.subarray(0, 1), entry])
  scratch.set(entry, 1)
  if (length >= views.length) return scratch.subarray(0, length)
  const view = views[length] ?? scratch.subarray(0, length)
  views[length] = view
  return view
}

/** Holds every entry of a log behind its prefix. */
const scratch = Buffer.alloc(65_537)

/** Its beginnings by their length, as long as entries are in practice: a million views cost as much as a million hashes. */
const views = new Array<Uint8Array | undefined>(4096).fill(undefined)

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

/** Puts the hash over the two nodes that lie behind each other at `from` to `at`, which may be where they are. */
export function hashPairInto(row: Buffer, at: number, from: number): void {
  row.copy(pair, 1, from, from + 2 * HASH_BYTES)
  sha256Into(row, at, pair)
}

/** Not in constant time: nothing compared here is secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0
}
