// The keys of signed notes in their two texts: the public `name+id+base64` (vkey) and the private `PRIVATE+KEY+…` of Go's
// note package. A key is known by name and id together, and the id covers the algorithm. Where a private key is kept is
// load-signer.ts. Source: https://c2sp.org/signed-note
import { decodeBase64, encodeBase64 } from '../base/base64.ts'
import { PUBLIC_KEY_BYTES, privateKeyOfSeed, publicKeyOf, SEED_BYTES, signEd25519 } from '../base/ed25519.ts'
import { sha256 } from '../base/sha256.ts'

/** The algorithm byte: a plain signature of the note, or a witness's cosignature with its time. */
export const NOTE_KEY_TYPES = { ed25519: 0x01, cosignature: 0x04 } as const
/** What a key signs: the note itself, or the note with a time. */
export type NoteKeyType = keyof typeof NOTE_KEY_TYPES

/** A public key with the name it signs under. `id` is no proof of identity: four bytes may collide. */
export interface VerifierKey {
  readonly name: string
  /** 8 lower-case hex digits. */
  readonly id: string
  readonly type: NoteKeyType
  /** 32 bytes. */
  readonly publicKey: Uint8Array
}

/** A private key, ready to sign: of a log (notes), or of a witness (cosignature.ts). */
export interface Signer {
  readonly key: VerifierKey
  sign(message: Uint8Array): Uint8Array
}

/** Whether a text may name a key: not empty, without white space and `+`, well formed. */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\p{White_Space}+\p{Cc}]/u.test(name)
}

/** The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key), in hex. */
export function keyId(name: string, type: NoteKeyType, publicKey: Uint8Array): string {
  const covered = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(NOTE_KEY_TYPES[type]), publicKey])
  return Buffer.from(sha256(covered)).toString('hex', 0, 4)
}

/** `name+id+base64(type ‖ public key)`. */
export function formatVerifierKey({ name, id, type, publicKey }: VerifierKey): string {
  return `${name}+${id}+${encodeBase64(Buffer.concat([Buffer.of(NOTE_KEY_TYPES[type]), publicKey]))}`
}

/** The key; `null` where the text is none, its id is not its own, or its algorithm is unknown. */
export function parseVerifierKey(text: string): VerifierKey | null {
  const parts = splitKey(text)
  if (parts === null || parts.payload.length !== 1 + PUBLIC_KEY_BYTES) return null
  const type = keyType(parts.payload[0])
  if (type === null) return null
  const publicKey = parts.payload.subarray(1)
  const key = { name: parts.name, id: parts.id, type, publicKey }
  return keyId(key.name, type, publicKey) === key.id ? key : null
}

const PRIVATE = 'PRIVATE+KEY+'

/** `PRIVATE+KEY+name+id+base64(type ‖ seed)` of a seed of 32 random bytes. */
export function formatSignerKey(name: string, seed: Uint8Array, type: NoteKeyType = 'ed25519'): string {
  const id = signerOfSeed(name, seed, type).key.id
  return `${PRIVATE}${name}+${id}+${encodeBase64(Buffer.concat([Buffer.of(NOTE_KEY_TYPES[type]), seed]))}`
}

/** The signer; `null` where the text is no Ed25519 key of this type, or its id is not its own. */
export function parseSignerKey(text: string, type: NoteKeyType = 'ed25519'): Signer | null {
  const parts = text.startsWith(PRIVATE) ? splitKey(text.slice(PRIVATE.length)) : null
  if (parts === null || parts.payload.length !== 1 + SEED_BYTES || keyType(parts.payload[0]) !== type) return null
  const signer = signerOfSeed(parts.name, parts.payload.subarray(1), type)
  return signer.key.id === parts.id ? signer : null
}

/** The signer of a seed under a key name (for a log: its origin). */
export function signerOfSeed(name: string, seed: Uint8Array, type: NoteKeyType = 'ed25519'): Signer {
  if (!isKeyName(name)) throw new Error('internal error: a key name with white space or a plus')
  const privateKey = privateKeyOfSeed(seed)
  const publicKey = publicKeyOf(privateKey)
  const key: VerifierKey = { name, id: keyId(name, type, publicKey), type, publicKey }
  return { key, sign: (message) => signEd25519(privateKey, message) }
}

/** Splits at the first two pluses only: base64 may hold more. */
function splitKey(text: string): { name: string; id: string; payload: Uint8Array } | null {
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text)
  if (match === null) return null
  const [, name = '', id = '', base64 = ''] = match
  const payload = decodeBase64(base64)
  return payload === null || !isKeyName(name) ? null : { name, id, payload }
}

function keyType(byte: number | undefined): NoteKeyType | null {
  if (byte === NOTE_KEY_TYPES.ed25519) return 'ed25519'
  return byte === NOTE_KEY_TYPES.cosignature ? 'cosignature' : null
}
