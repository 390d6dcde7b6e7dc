// Cosignatures: what a witness says of a checkpoint, and how a log takes it over into its own signed note.
// Source: https://c2sp.org/tlog-cosignature
import { checkNote, cosignedText, type NoteSignature, parseNote, signatureLine } from './note.ts'
import type { Signer, VerifierKey } from './note-key.ts'

const TIME_BYTES = 8

/** The witness's signature line on a note's text, at a moment in seconds since the epoch. */
export function cosign(text: string, { key, sign }: Signer, seconds: bigint): string {
  if (key.type !== 'cosignature') throw new Error('internal error: the key of a log does not cosign')
  const time = Buffer.alloc(TIME_BYTES)
  time.writeBigUInt64BE(seconds)
  const signature = sign(Buffer.from(cosignedText(text, seconds)))
  return signatureLine({ name: key.name, id: key.id, bytes: Buffer.concat([time, signature]) })
}

/** A note with what it gained. */
export interface Cosigned {
  readonly note: Uint8Array
  /** Whose signatures were added: not those that stood there. */
  readonly added: readonly VerifierKey[]
  /** Whether a line of a known witness did not hold: it was left out. */
  readonly hasBadOne: boolean
}

/**
 * The note with those signature lines that are of these witnesses and hold; all others are left out, as the protocol
 * asks. A witness that signed already is not added again. Null where note or lines cannot be read.
 */
export function addCosignatures(
  note: Uint8Array,
  lines: Uint8Array,
  witnesses: readonly VerifierKey[],
): Cosigned | null {
  const before = parseNote(note)
  const after = parseNote(Buffer.concat([note, lines]))
  if (before === null || after === null || after.text !== before.text) return null
  const signed = new Set(checkNote(before, witnesses).verified)
  const added: VerifierKey[] = []
  const kept: NoteSignature[] = []
  let hasBadOne = false
  for (const signature of after.signatures.slice(before.signatures.length)) {
    const { signatures, verified } = checkNote({ text: after.text, signatures: [signature] }, witnesses)
    const [key] = verified
    if (key === undefined) {
      hasBadOne ||= signatures.some(({ known }) => known)
    } else if (!signed.has(key)) {
      signed.add(key)
      added.push(key)
      kept.push(signature)
    }
  }
  return { note: Buffer.concat([note, Buffer.from(kept.map(signatureLine).join(''))]), added, hasBadOne }
}

/** The signature lines of a note, as they stand behind its empty line. */
export function signatureLines(note: Uint8Array): Uint8Array {
  const parsed = parseNote(note)
  return Buffer.from((parsed?.signatures ?? []).map(signatureLine).join(''))
}
