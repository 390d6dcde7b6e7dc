// A log changes its key: both keys sign for a while, and the first checkpoint that the new one signs covers a
// `key-rotated` entry, which the old one signs too. Where the keys are kept is rotate-key.ts.
import { checkNote, parseNote } from './note.ts'
import { formatVerifierKey, type Signer } from './note-key.ts'
import type { ReadLogFile } from './plan-append.ts'
import type { LedgerEvent } from './run-entries.ts'

/** The entries that the next checkpoint owes: one where a second signer has not signed the last checkpoint. */
export function rotationEvents(read: ReadLogFile, signers: readonly Signer[]): LedgerEvent[] {
  const [from, to] = signers
  if (from === undefined || to === undefined || !hasSigned(read, from) || hasSigned(read, to)) return []
  const body = { from: formatVerifierKey(from.key), to: formatVerifierKey(to.key) }
  return [{ kind: 'key-rotated', at: null, key: body.to, body }]
}

/** Whether the last checkpoint of a log holds under this key alone. */
export function hasSigned(read: ReadLogFile, { key }: Signer): boolean {
  const bytes = read('checkpoint')
  const note = bytes === null ? null : parseNote(bytes)
  return note !== null && checkNote(note, [key]).ok
}
