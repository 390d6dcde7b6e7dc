// Signed notes: a text, an empty line, and signature lines. Signatures by unknown keys are ignored, a bad one by a
// known key rejects the note, and so does a note without any good one. Source: https://c2sp.org/signed-note
import { decodeBase64, encodeBase64 } from '../base/base64.ts'
import { SIGNATURE_BYTES, verifyEd25519 } from '../base/ed25519.ts'
import { isKeyName, type Signer, type VerifierKey } from './note-key.ts'

/** Go's reference stops at 100 too; the specification asks for at least 16. */
const MAX_SIGNATURES = 100
const MAX_NOTE_BYTES = 1_000_000
const KEY_ID_BYTES = 4
const TIME_BYTES = 8

/** One signature line, not verified. `bytes` are without the id. */
export interface NoteSignature {
  readonly name: string
  /** 8 hex digits. */
  readonly id: string
  readonly bytes: Uint8Array
}

/** A note taken apart. */
export interface Note {
  /** With its final newline: exactly what is signed. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** The parts of a note, nothing verified; `null` when it is malformed. */
export function parseNote(bytes: Uint8Array): Note | null {
  const note = decodeUtf8(bytes)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the specification bars them
  if (note === null || /[\u0000-\u0009\u000b-\u001f]/.test(note)) return null
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return null
  const lines = note.slice(split + 2, -1).split('\n')
  if (lines.length > MAX_SIGNATURES) return null
  const signatures: NoteSignature[] = []
  for (const line of lines) {
    const signature = parseSignature(line)
    if (signature === null) return null
    signatures.push(signature)
  }
  return { text: note.slice(0, split + 1), signatures }
}

function decodeUtf8(bytes: Uint8Array): string | null {
  if (bytes.length > MAX_NOTE_BYTES) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

function parseSignature(line: string): NoteSignature | null {
  const match = /^— ([^ ]+) ([^ ]+)$/u.exec(line)
  if (match === null) return null
  const [, name = '', base64 = ''] = match
  const bytes = decodeBase64(base64)
  if (!isKeyName(name) || bytes === null || bytes.length <= KEY_ID_BYTES) return null
  return { name, id: Buffer.from(bytes).toString('hex', 0, KEY_ID_BYTES), bytes: bytes.subarray(KEY_ID_BYTES) }
}

/** What became of one line: `known` where a trusted key has its name and id, `ok` where such a key signed. */
export interface CheckedSignature {
  readonly name: string
  readonly id: string
  readonly known: boolean
  readonly ok: boolean
}

/** What the signatures of a note say under some keys. */
export interface NoteCheck {
  /** At least one known key signed, and none of the known ones badly. */
  readonly ok: boolean
  /** In the order of the note. */
  readonly signatures: readonly CheckedSignature[]
  /** The known keys whose signatures hold, each once. */
  readonly verified: readonly VerifierKey[]
}

/** Checks a note's signatures against the keys that are trusted. */
export function checkNote(note: Note, keys: readonly VerifierKey[]): NoteCheck {
  const verified = new Set<VerifierKey>()
  const signatures = note.signatures.map((signature) => {
    // An id has four bytes, so two keys may share it: any of them may have signed.
    const known = keys.filter(({ name, id }) => name === signature.name && id === signature.id)
    const key = known.find((one) => isSignedBy(note.text, signature, one))
    if (key !== undefined) verified.add(key)
    return { name: signature.name, id: signature.id, known: known.length > 0, ok: key !== undefined }
  })
  const noBadOne = signatures.every(({ known, ok }) => ok || !known)
  return { ok: verified.size > 0 && noBadOne, signatures, verified: [...verified] }
}

function isSignedBy(text: string, { bytes }: NoteSignature, { type, publicKey }: VerifierKey): boolean {
  if (type === 'ed25519') return verifyEd25519(publicKey, Buffer.from(text), bytes)
  const time = cosignatureTime(bytes)
  if (time === null) return false
  return verifyEd25519(publicKey, Buffer.from(cosignedText(text, time)), bytes.subarray(TIME_BYTES))
}

/** When a witness cosigned, in seconds since the epoch; `null` when the bytes are no cosignature. Source: https://c2sp.org/tlog-cosignature */
export function cosignatureTime(bytes: Uint8Array): bigint | null {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return null
  return Buffer.from(bytes.buffer, bytes.byteOffset, TIME_BYTES).readBigUInt64BE()
}

/** What a witness signs. */
export function cosignedText(text: string, time: bigint): string {
  return `cosignature/v1\ntime ${time}\n${text}`
}

/** The note of a text (that ends in a newline) with one signature line a signer, in their order. */
export function signNote(text: string, signers: readonly Signer[]): Uint8Array {
  if (!text.endsWith('\n') || signers.length === 0) throw new Error('internal error: a note without newline or signer')
  const message = Buffer.from(text)
  return Buffer.from(
    `${text}\n${signers.map(({ key, sign }) => signatureLine({ ...key, bytes: sign(message) })).join('')}`,
  )
}

/** A signature line of a note, with its final newline. */
export function signatureLine({ name, id, bytes }: NoteSignature): string {
  return `— ${name} ${encodeBase64(Buffer.concat([Buffer.from(id, 'hex'), bytes]))}\n`
}
