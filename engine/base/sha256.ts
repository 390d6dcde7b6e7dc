// SHA-256 at once, which is most of what a log costs. The page for regulators has its own (kit/browser/sha256.ts).
// By way of text: a `Buffer` of its own for each of a million hashes takes longer than hashing, and piles up.
import { hash } from 'node:crypto'

/** 32 bytes. One-shot hashing takes half the time of `createHash`. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return Buffer.from(hash('sha256', bytes, 'binary'), 'latin1')
}

/** The same 32 bytes where the caller has room for them. */
export function sha256Into(target: Buffer, at: number, bytes: Uint8Array): void {
  target.write(hash('sha256', bytes, 'binary'), at, 'latin1')
}
