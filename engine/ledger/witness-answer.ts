// What a witness answers to `add-checkpoint`: a pure decision from the request, the logs it knows and the head it cosigned
// last. Persisting and cosigning are the caller's, and come before the answer. Source: https://c2sp.org/tlog-witness
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { provesConsistency } from './merkle-proof.ts'
import { checkNote, type Note, parseNote } from './note.ts'
import type { VerifierKey } from './note-key.ts'
import { EMPTY_ROOT, equalBytes } from './tree-hash.ts'
import { parseWitnessRequest } from './witness-request.ts'

/** What a witness remembers of a log. */
export type KnownHead = Pick<Checkpoint, 'size' | 'root'>

/** The answer to one request. */
export type WitnessDecision =
  | { readonly status: 200; readonly checkpoint: Checkpoint; readonly note: Note; readonly log: readonly VerifierKey[] }
  | { readonly status: 400 | 403 | 404; readonly reason: string }
  | (Refused & { readonly status: 409; readonly known: bigint })
  | (Refused & { readonly status: 422 })

/** A checkpoint that the log signed and the witness does not cosign. */
export interface RefusedHead {
  readonly checkpoint: Checkpoint
  readonly note: Note
  /** True: with the head cosigned last it proves two histories. False: the proof did not hold, which anybody can send. */
  readonly isFork: boolean
}

interface Refused {
  readonly reason: string
  /** The signed checkpoint, where it may be proof that the log shows two histories. */
  readonly evidence?: RefusedHead
}

/** Decides on a body. `knownHead` is asked for an origin that is signed by one of `logs`; null: never cosigned. */
export function decideOnCheckpoint(
  body: Uint8Array,
  logs: readonly VerifierKey[],
  knownHead: (origin: string) => KnownHead | null,
): WitnessDecision {
  const request = parseWitnessRequest(body)
  const note = request === null ? null : parseNote(request.checkpoint)
  const checkpoint = note === null ? null : parseCheckpoint(note.text)
  if (request === null || note === null || checkpoint === null)
    return { status: 400, reason: 'the body is no add-checkpoint request' }
  const keys = logs.filter(({ name }) => name === checkpoint.origin)
  if (keys.length === 0) return { status: 404, reason: 'this witness does not know the log' }
  if (!checkNote(note, keys).ok) return { status: 403, reason: 'no key that this witness knows signed the checkpoint' }
  const { old, proof } = request
  const { size, root } = checkpoint
  if (old > size) return { status: 400, reason: 'the old size is above that of the checkpoint' }
  const known = knownHead(checkpoint.origin) ?? { size: 0n, root: EMPTY_ROOT }
  const isFork = size === known.size && !equalBytes(root, known.root)
  const evidence = { checkpoint, note, isFork }
  if (isFork) return { status: 409, known: known.size, reason: 'another root was cosigned for this size', evidence }
  if (old !== known.size) return { status: 409, known: known.size, reason: 'the old size is not the one cosigned last' }
  if (continuesFrom(known, checkpoint, proof)) return { status: 200, checkpoint, note, log: keys }
  return { status: 422, reason: 'the proof does not show that the log only appended', evidence }
}

/** Every log continues the empty one, and that takes no proof. */
function continuesFrom(known: KnownHead, { size, root }: Checkpoint, proof: readonly Uint8Array[]): boolean {
  if (size === 0n) return proof.length === 0 && equalBytes(root, EMPTY_ROOT)
  if (known.size === 0n) return proof.length === 0
  return provesConsistency({ first: known.size, second: size, firstRoot: known.root, secondRoot: root, proof })
}
