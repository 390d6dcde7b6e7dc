// Ed25519 (RFC 8032) over raw 32-byte keys: signing, checking, and the public half of a seed.
// Source: https://www.rfc-editor.org/rfc/rfc8032
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** Of a private key (RFC 8032, 5.1.5). */
export const SEED_BYTES = 32
/** Of a public key. */
export const PUBLIC_KEY_BYTES = 32
/** Of a signature. */
export const SIGNATURE_BYTES = 64

// DER around a raw key (RFC 8410): PKCS#8 for a seed, SubjectPublicKeyInfo for a public key.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** A seed of 32 bytes as a key that signs. Throws when it has another length. */
export function privateKeyOfSeed(seed: Uint8Array): KeyObject {
  if (seed.length !== SEED_BYTES) throw new Error(`internal error: an Ed25519 seed of ${seed.length} bytes`)
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
}

/** The 32 bytes of the public key that belongs to a private one. */
export function publicKeyOf(privateKey: KeyObject): Uint8Array {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return new Uint8Array(spki.subarray(SPKI_PREFIX.length))
}

/** 64 bytes; equal keys and messages give equal signatures. */
export function signEd25519(privateKey: KeyObject, message: Uint8Array): Uint8Array {
  return new Uint8Array(sign(null, message, privateKey))
}

/** False for a wrong signature, a signature of another length and a public key that is none. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false
  try {
    const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' })
    return verify(null, message, key, signature)
  } catch {
    return false
  }
}
