// Content identifiers: CIDv1 over SHA-256, of raw bytes or dag-pb nodes, and CIDv0 (dag-pb alone). Every other hash, the
// identity "hash" above all, is refused: it would be a name that anybody can make for any bytes, or carry them itself.
// Source: https://github.com/multiformats/cid
import { sha256 } from '../../base/sha256.ts'
import { equalBytes } from '../tree-hash.ts'

/** `raw`: the bytes of a file or of a part of one. `dag-pb`: a node with links. */
export type Codec = 'raw' | 'dag-pb'

/** Version 0 is dag-pb in base58, as IPFS wrote before 2018. */
export interface Cid {
  readonly version: 0 | 1
  readonly codec: Codec
  /** 32 bytes: SHA-256 of the block. */
  readonly digest: Uint8Array
}

const CODES: Readonly<Record<Codec, number>> = { raw: 0x55, 'dag-pb': 0x70 }
const SHA2_256 = 0x12
const DIGEST_BYTES = 32

/** The name of a block. */
export function cidOf(codec: Codec, block: Uint8Array, version: Cid['version'] = 1): Cid {
  return { version, codec, digest: sha256(block) }
}

/** Whether the bytes are those that the CID names. */
export function isBlockOf(cid: Cid, block: Uint8Array): boolean {
  return equalBytes(cid.digest, sha256(block))
}

/** Equal CIDs have equal text. `bafy…` or `bafk…`; version 0: `Qm…`. */
export function cidText(cid: Cid): string {
  return cid.version === 0 ? base58(cidBytes(cid)) : `b${base32(cidBytes(cid))}`
}

/** 36 bytes; version 0: 34. */
export function cidBytes({ version, codec, digest }: Cid): Uint8Array {
  const head = version === 0 ? [SHA2_256, DIGEST_BYTES] : [1, CODES[codec], SHA2_256, DIGEST_BYTES]
  const bytes = new Uint8Array(head.length + DIGEST_BYTES)
  bytes.set(head)
  bytes.set(digest, head.length)
  return bytes
}

/** A CID that stands at the beginning of `bytes`, and how long it is; null for every one that is not read here. */
export function readCid(bytes: Uint8Array): { readonly cid: Cid; readonly length: number } | null {
  const [a, b, c, d] = bytes
  if (a === SHA2_256 && b === DIGEST_BYTES) return cidAt(bytes, 2, 0, 'dag-pb')
  if (a !== 1 || c !== SHA2_256 || d !== DIGEST_BYTES) return null
  if (b === CODES.raw) return cidAt(bytes, 4, 1, 'raw')
  return b === CODES['dag-pb'] ? cidAt(bytes, 4, 1, 'dag-pb') : null
}

function cidAt(bytes: Uint8Array, at: number, version: Cid['version'], codec: Codec) {
  const length = at + DIGEST_BYTES
  return bytes.length < length
    ? null
    : { cid: { version, codec, digest: new Uint8Array(bytes.subarray(at, length)) }, length }
}

/** A CID that is nothing but these bytes; null as for `readCid`. */
export function decodeCid(bytes: Uint8Array): Cid | null {
  const read = readCid(bytes)
  return read === null || read.length !== bytes.length ? null : read.cid
}

/** CIDv1 in lower-case base32, the one text that Tutela writes; null for every other. */
export function parseCid(text: string): Cid | null {
  if (!/^b[a-z2-7]{58}$/.test(text)) return null
  const cid = decodeCid(fromBase32(text.slice(1)))
  return cid !== null && cidText(cid) === text ? cid : null
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    for (; bits >= 5; bits -= 5) text += BASE32[(held >> (bits - 5)) & 31]
    held &= 31
  }
  return bits === 0 ? text : text + BASE32[(held << (5 - bits)) & 31]
}

function fromBase32(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8))
  let bits = 0
  let held = 0
  let at = 0
  for (const letter of text) {
    held = ((held << 5) | BASE32.indexOf(letter)) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes[at++] = (held >> bits) & 255
  }
  return bytes
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Without leading zero bytes, which no CID has. */
function base58(bytes: Uint8Array): string {
  let text = ''
  for (let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`); rest > 0n; rest /= 58n) {
    text = `${BASE58[Number(rest % 58n)]}${text}`
  }
  return text
}
