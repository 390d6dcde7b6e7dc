// Stands in for `base/sha256.ts` in the page, where bytes that go by way of text cost more and not less.
import { hash } from './node-crypto.ts'

/** 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}

/** The same 32 bytes where the caller has room for them. */
export function sha256Into(target: Uint8Array, at: number, bytes: Uint8Array): void {
  target.set(sha256(bytes), at)
}
