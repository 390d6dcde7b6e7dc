// Ed25519 keys as OpenSSH writes them: the public line (`ssh-ed25519 AAAA… comment`) and the private file without
// passphrase. A key with a passphrase is recognised and refused: it signs outside.
// Source: https://github.com/openssh/openssh-portable/blob/V_9_9_P1/PROTOCOL.key
import type { KeyObject } from 'node:crypto'
import { decodeBase64 } from './base64.ts'
import { privateKeyOfSeed, publicKeyOf } from './ed25519.ts'
import { WireReader, wireNumber, wireString } from './ssh-wire.ts'

const TYPE = 'ssh-ed25519'
const MAGIC = 'openssh-key-v1\0'
const BEGIN = '-----BEGIN OPENSSH PRIVATE KEY-----'
const END = '-----END OPENSSH PRIVATE KEY-----'
const BLOCK = 8

/** An Ed25519 key ready to sign, or why the file is none. */
export type PrivateKeyReading =
  | { readonly key: KeyObject; readonly publicKey: Uint8Array; readonly comment: string }
  | { readonly problem: 'passphrase' | 'not-ed25519' | 'not-a-key' }

/** Reads the text of a private key file. Never throws, and no part of the key is ever in its answer's words. */
export function parseSshPrivateKey(text: string): PrivateKeyReading {
  const lines = text.replaceAll('\r\n', '\n').trim().split('\n')
  if (lines[0] !== BEGIN || lines.at(-1) !== END) return { problem: 'not-a-key' }
  const blob = decodeBase64(lines.slice(1, -1).join(''))
  if (blob === null) return { problem: 'not-a-key' }
  const reader = new WireReader(blob)
  if (reader.take(MAGIC.length)?.toString('latin1') !== MAGIC) return { problem: 'not-a-key' }
  const [cipher, kdf] = [reader.text(), reader.text()]
  reader.string()
  const [count, listed, secret] = [reader.number(), reader.string(), reader.string()]
  if (cipher !== 'none' || kdf !== 'none') return { problem: cipher === null ? 'not-a-key' : 'passphrase' }
  if (count !== 1 || listed === null || secret === null) return { problem: 'not-a-key' }
  return readPrivatePart(secret)
}

function readPrivatePart(secret: Buffer): PrivateKeyReading {
  const reader = new WireReader(secret)
  const [check, again] = [reader.number(), reader.number()]
  if (check !== again) return { problem: 'not-a-key' }
  if (reader.text() !== TYPE) return { problem: 'not-ed25519' }
  const [publicKey, pair, comment] = [reader.string(), reader.string(), reader.text()]
  if (publicKey?.length !== 32 || pair?.length !== 64 || comment === null) return { problem: 'not-a-key' }
  const key = privateKeyOfSeed(pair.subarray(0, 32))
  const own = Buffer.from(publicKeyOf(key))
  if (!own.equals(publicKey) || !own.equals(pair.subarray(32))) return { problem: 'not-a-key' }
  return { key, publicKey: own, comment }
}

/** The text of a private key file without passphrase. `check` is the format's own random number; any will do. */
export function formatSshPrivateKey(seed: Uint8Array, comment: string, check = 0): string {
  const publicKey = publicKeyOf(privateKeyOfSeed(seed))
  const part = Buffer.concat([
    wireNumber(check),
    wireNumber(check),
    wireString(TYPE),
    wireString(publicKey),
    wireString(Buffer.concat([seed, publicKey])),
    wireString(comment),
  ])
  const padding = Buffer.from(Array.from({ length: (BLOCK - (part.length % BLOCK)) % BLOCK }, (_, i) => i + 1))
  const blob = Buffer.concat([
    Buffer.from(MAGIC),
    wireString('none'),
    wireString('none'),
    wireString(''),
    wireNumber(1),
    wireString(publicKeyBlob(publicKey)),
    wireString(Buffer.concat([part, padding])),
  ])
  const lines = blob.toString('base64').match(/.{1,70}/g) ?? []
  return `${[BEGIN, ...lines, END].join('\n')}\n`
}

/** `ssh-ed25519 AAAA…` and the comment, without newline. */
export function formatSshPublicKey(publicKey: Uint8Array, comment = ''): string {
  return `${TYPE} ${publicKeyBlob(publicKey).toString('base64')}${comment === '' ? '' : ` ${comment}`}`
}

/** The 32 bytes of the key in `ssh-ed25519 AAAA… comment`; `null` for another type or form. */
export function parseSshPublicKey(line: string): Uint8Array | null {
  const [type, base64 = ''] = line.trim().split(/[ \t]+/)
  return type === TYPE ? readPublicKeyBlob(decodeBase64(base64)) : null
}

/** The key as SSH writes it: its type and 32 bytes, each with their length (RFC 8709, 4). */
export function publicKeyBlob(publicKey: Uint8Array): Buffer {
  return Buffer.concat([wireString(TYPE), wireString(publicKey)])
}

/** The 32 bytes; null for another type of key, and for bytes before or behind. */
export function readPublicKeyBlob(blob: Uint8Array | null): Uint8Array | null {
  if (blob === null) return null
  const reader = new WireReader(blob)
  if (reader.text() !== TYPE) return null
  const key = reader.string()
  return key?.length === 32 && reader.isAtEnd ? key : null
}
