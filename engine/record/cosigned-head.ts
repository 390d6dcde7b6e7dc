// The newest head of the log that witnesses cosigned, under `refs/tutela/cosigned`: a commit with the signed note as its
// file `checkpoint`. It stands beside the run's commit, because a witness may see a checkpoint only after that is public,
// and a run never commits twice. Losing it loses nothing: witnesses cosign the same head again.
import type { Governance } from '../domain/governance.ts'
import type { Instant } from '../domain/instant.ts'
import { askWitness, type WitnessReply } from '../ledger/ask-witness.ts'
import { parseCheckpoint } from '../ledger/checkpoint.ts'
import { addCosignatures, signatureLines } from '../ledger/cosignature.ts'
import { readWitnesses } from '../ledger/log-policy.ts'
import { checkNote, parseNote } from '../ledger/note.ts'
import type { VerifierKey } from '../ledger/note-key.ts'
import type { ReadLogFile } from '../ledger/plan-append.ts'
import type { GitStore, Witnesses } from '../world.ts'

/** A commit whose file `checkpoint` is the note. */
export const COSIGNED = 'refs/tutela/cosigned'

/** The cosigned note that is kept, not verified; null where there is none. */
export function cosignedNote(store: GitStore): Uint8Array | null {
  const commit = store.resolve(COSIGNED)
  const tree = commit === null ? null : store.commitTree(commit)
  return tree?.has('checkpoint') === true ? tree.read('checkpoint') : null
}

/** The notes that were kept, newest first, as far back as is worth looking. */
export function cosignedNotes(store: GitStore, most = MOST_KEPT_LOOKED_AT): Uint8Array[] {
  const tip = store.resolve(COSIGNED)
  if (tip === null) return []
  return store.firstParents(tip, most).flatMap(({ id }) => {
    const tree = store.commitTree(id)
    return tree.has('checkpoint') ? [tree.read('checkpoint')] : []
  })
}

/** Arbitrary: with more runs than this since the witnesses answered last, there is no receipt that they vouch for. */
const MOST_KEPT_LOOKED_AT = 50

/** The head of a log with the cosignatures that are kept for it. */
export function headWithCosignatures(store: GitStore, head: Uint8Array, witnesses: readonly VerifierKey[]): Uint8Array {
  const kept = cosignedNote(store)
  if (kept === null || parseNote(kept)?.text !== parseNote(head)?.text) return head
  return addCosignatures(head, signatureLines(kept), witnesses)?.note ?? head
}

/** Keeps a note in place of an older one; false where somebody else kept another meanwhile. */
export function keepCosigned(
  store: GitStore,
  note: Uint8Array,
  { governance, now }: { readonly governance: Governance; readonly now: Instant },
): boolean {
  const tip = store.resolve(COSIGNED)
  const person = { ...governance.record.author, at: Math.floor(now / 1000) }
  const size = parseCheckpoint(parseNote(note)?.text ?? '')?.size
  const to = store.writeCommit({
    base: null,
    parents: tip === null ? [] : [tip],
    changes: new Map([['checkpoint', note]]),
    message: `cosigned: ${size} entries\n`,
    author: person,
    committer: person,
  })
  return store.updateRef({ ref: COSIGNED, expect: tip, to })
}

/** What is cosigned, by whom, and where it is kept. */
export interface CosignRequest {
  readonly store: GitStore
  readonly governance: Governance
  readonly now: Instant
  readonly post: Witnesses['post']
  /** The log whose newest checkpoint is public. */
  readonly read: ReadLogFile
}

/** Asks every witness that has an address and did not cosign the head yet, all at once, and keeps what they say. */
export async function cosignHead(request: CosignRequest): Promise<WitnessReply[]> {
  const { store, governance, post, read } = request
  const witnesses = readWitnesses(governance.ledger.raw.witnesses ?? [])
  const head = witnesses.length === 0 ? null : read('checkpoint')
  if (head === null) return []
  const keys = witnesses.map(({ key }) => key)
  const before = headWithCosignatures(store, head, keys)
  const known = cosignedSizes(cosignedNote(store), keys)
  const signed = new Set(verifiedOf(before, keys))
  const asked = witnesses.flatMap(({ url, ...rest }) =>
    url === undefined || signed.has(rest.key) ? [] : [{ ...rest, url }],
  )
  const replies = await Promise.all(
    asked.map((witness) => askWitness(post, witness, { note: before, read, known: known.get(witness.key) ?? 0 })),
  )
  const lines = replies.flatMap((reply) => (reply.state === 'cosigned' ? [reply.lines] : []))
  if (lines.length > 0) keepCosigned(store, Buffer.concat([before, ...lines]), request)
  return replies
}

function verifiedOf(note: Uint8Array, keys: readonly VerifierKey[]): readonly VerifierKey[] {
  const parsed = parseNote(note)
  return parsed === null ? [] : checkNote(parsed, keys).verified
}

/** What each witness is known to have cosigned: a guess that saves a question. */
function cosignedSizes(kept: Uint8Array | null, keys: readonly VerifierKey[]): Map<VerifierKey, number> {
  if (kept === null) return new Map()
  const size = Number(parseCheckpoint(parseNote(kept)?.text ?? '')?.size ?? 0n)
  return new Map(verifiedOf(kept, keys).map((key) => [key, size]))
}
