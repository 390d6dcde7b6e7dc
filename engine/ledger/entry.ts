// One ledger entry: exactly {"v":1,"kind","at","run","commit","body"} as RFC 8785 canonical JSON, hashed as stored.
// What a body holds is entry-bodies.ts; reading is read-entry.ts; entries stand in bundles (entry-bundle.ts).
import { canonicalJson } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import type { EntryBodies } from './entry-bodies.ts'
import { MAX_ENTRY_BYTES } from './entry-bundle.ts'
import { findPersonalData } from './personal-data.ts'
import { isWholeSecondUtc } from './read-entry.ts'

export { decodeEntry, type ReadEntry } from './read-entry.ts'

/** The closed list. Readers keep and show kinds that are not on it. */
export const ENTRY_KINDS = [
  'run',
  'evaluation',
  'proposal-opened',
  'proposal-updated',
  'proposal-approved',
  'proposal-merged',
  'proposal-closed',
  'trigger-sent',
  'candidate-judged',
  'promoted',
  'rolled-back',
  'notice-sent',
  'waiver-granted',
  'waiver-expired',
  'policy-changed',
  'card-changed',
  'report-published',
  'review-request',
  'incident',
  'anchor',
  'key-rotated',
  'erasure',
] as const

/** A kind on the closed list. */
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** An entry as it is made; `encodeEntry` turns it into the bytes that are hashed. */
export interface NewEntry<K extends EntryKind = EntryKind> {
  readonly kind: K
  /** The run's `now`: RFC 3339, UTC, whole seconds. An event of another moment has its own `body.at`. */
  readonly at: string
  /** The run's id: 16 hex digits. */
  readonly run: string
  /** The judged commit: 40 hex digits. */
  readonly commit: string
  readonly body: EntryBodies[K]
}

/**
 * The bytes of an entry. Faults `ledger/personal-data` when a field could identify a person (LEDGER.md, People) and
 * `ledger/entry-too-long` above 65,535 bytes: both before anything is written.
 */
export function encodeEntry({ kind, at, run, commit, body }: NewEntry): Uint8Array {
  if (!ENTRY_KINDS.includes(kind)) throw new Error(`internal error: no entry kind \`${kind}\``)
  if (!isWholeSecondUtc(at) || !/^[0-9a-f]{16}$/.test(run) || !/^[0-9a-f]{40}$/.test(commit)) {
    throw new Error(`internal error: an entry of run ${run} at ${at} for commit ${commit}`)
  }
  refusePersonalData(kind, body)
  const bytes = Buffer.from(entryText({ kind, at, run, commit, body }))
  if (bytes.length <= MAX_ENTRY_BYTES) return bytes
  throw new Fault(
    'ledger/entry-too-long',
    `a \`${kind}\` entry of ${bytes.length} bytes is longer than ${MAX_ENTRY_BYTES}`,
    'the ledger takes digests and verdicts, not contents',
  )
}

/** The text of an entry, whatever its length; `encodeEntry` checks it. */
export function entryText({ kind, at, run, commit, body }: NewEntry): string {
  return canonicalJson({ v: 1, kind, at, run, commit, body })
}

function refusePersonalData(kind: EntryKind, body: object): void {
  const [found] = findPersonalData(body)
  if (found === undefined) return
  throw new Fault(
    'ledger/personal-data',
    `a \`${kind}\` entry would hold ${found.what} in \`body${found.path}\``,
    'nothing that could identify a person may enter the ledger: name a role (`team:…`) or an opaque reference',
  )
}
