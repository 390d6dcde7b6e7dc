// What is kept about a reference between runs: its summary, under the digest of its data. The file is encrypted with that
// digest, so that only who has the data can read it; whatever cannot be read is computed again.
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { canonicalJson } from '../base/canonical-json.ts'
import type { CacheFolder } from '../world.ts'

export interface KeptUnder {
  /** `sha256:…` of the reference's data. */
  readonly digest: string
  /** All else that the summary depends on. */
  readonly of: unknown
}

const CIPHER = 'aes-256-gcm'
const TAG = 16
const NONCE = 12

/** Null where there is none, or none that is whole and of this engine. */
export function readKept(cache: CacheFolder, under: KeptUnder): unknown {
  const bytes = cache.read(nameOf(cache, under))
  if (bytes === null || bytes.length < NONCE + TAG) return null
  try {
    const decipher = createDecipheriv(CIPHER, keyOf(cache, under, 'key'), bytes.subarray(0, NONCE))
    decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG))
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()])
    return JSON.parse(text.toString('utf8')) as unknown
  } catch {
    return null
  }
}

/** Where it cannot be written, nothing fails. */
export function writeKept(cache: CacheFolder, under: KeptUnder, value: unknown): void {
  const text = Buffer.from(JSON.stringify(value))
  // The same text under the same key has the same nonce, another text another one.
  const nonce = createHash('sha256').update(text).digest().subarray(0, NONCE)
  const cipher = createCipheriv(CIPHER, keyOf(cache, under, 'key'), nonce)
  const body = Buffer.concat([cipher.update(text), cipher.final()])
  cache.write(nameOf(cache, under), [nonce, cipher.getAuthTag(), body])
}

function nameOf(cache: CacheFolder, under: KeptUnder): string {
  return `reference-${keyOf(cache, under, 'name').toString('hex').slice(0, 32)}`
}

function keyOf({ engine }: CacheFolder, { digest, of }: KeptUnder, use: 'key' | 'name'): Buffer {
  const text = canonicalJson({ use, engine, digest, of: of as Parameters<typeof canonicalJson>[0] })
  return createHash('sha256').update(text).digest()
}
