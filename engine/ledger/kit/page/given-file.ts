// Files that a reader opens, told apart by what they hold and not by their names.
import { parseCheckpoint } from '../../checkpoint.ts'
import { parseNote } from '../../note.ts'
import { decodeEntry } from '../../read-entry.ts'
import { isReceipt } from '../../receipt.ts'
import { parsePolicy } from '../../trust-policy.ts'

/** A file in memory. */
export interface GivenFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** What a file is; `since`: a signed checkpoint. */
export type FileKind = 'receipt' | 'since' | 'policy' | 'car' | 'entry' | 'unknown'

/** A header of 58 bytes, a CBOR map of two, `roots`. */
const CAR_START = [0x3a, 0xa2, 0x65, 0x72, 0x6f, 0x6f, 0x74, 0x73]
const MOST_POLICY_BYTES = 4_000_000

/** Told by its bytes. */
export function kindOf(bytes: Uint8Array): FileKind {
  if (CAR_START.every((byte, i) => bytes[i] === byte)) return 'car'
  if (isReceipt(bytes)) return 'receipt'
  const note = parseNote(bytes)
  if (note !== null && parseCheckpoint(note.text) !== null) return 'since'
  if (decodeEntry(bytes) !== null) return 'entry'
  return bytes.length < MOST_POLICY_BYTES && parsePolicy(bytes).ok ? 'policy' : 'unknown'
}

/** The entry that came with a receipt: the one of its name, or the only one there is. */
export function entryOf(
  receipt: GivenFile,
  given: readonly GivenFile[],
  kinds: ReadonlyMap<GivenFile, FileKind>,
): GivenFile | null {
  const entries = given.filter((file) => kinds.get(file) === 'entry')
  const named = entries.find(({ name }) => stem(name) === stem(receipt.name))
  if (named !== undefined) return named
  const isAlone = given.filter((file) => kinds.get(file) === 'receipt').length === 1
  return isAlone && entries.length === 1 ? (entries[0] ?? null) : null
}

function stem(name: string): string {
  return name.replace(/\.[^.]*$/, '')
}
