// A commitment stands in the log where a reference to a person cannot be avoided: HMAC-SHA-256 of the reference under a
// fresh key of 32 bytes. Whoever has the opening (key and reference) can show what was meant; without it the commitment says
// nothing, and no list of all CPF numbers helps. Where openings are kept is commitment-store.ts.
import { createHmac, timingSafeEqual } from 'node:crypto'
import { decodeBase64 } from '../base/base64.ts'

/** `hmac-sha256:` and 64 hex digits. */
export type Commitment = `hmac-sha256:${string}`

/** What a commitment was made of. */
export interface Opening {
  readonly commitment: Commitment
  /** 32 bytes, base64. */
  readonly key: string
  readonly value: string
}

/** Of a commitment's key. */
export const COMMITMENT_KEY_BYTES = 32

/** Whether a text has the form of a commitment. */
export function isCommitment(text: string): text is Commitment {
  return /^hmac-sha256:[0-9a-f]{64}$/.test(text)
}

/** The commitment to a reference (UTF-8) under a fresh key of 32 random bytes: a key is never used twice. */
export function commitTo(value: string, key: Uint8Array): Commitment {
  if (key.length !== COMMITMENT_KEY_BYTES) throw new Error(`internal error: a key of ${key.length} bytes`)
  return `hmac-sha256:${createHmac('sha256', key).update(value, 'utf8').digest('hex')}`
}

/** Whether an opening is the one of its commitment. */
export function isOpening({ commitment, key, value }: Opening): boolean {
  const bytes = decodeBase64(key)
  if (bytes?.length !== COMMITMENT_KEY_BYTES || !isCommitment(commitment)) return false
  return timingSafeEqual(Buffer.from(commitTo(value, bytes)), Buffer.from(commitment))
}
