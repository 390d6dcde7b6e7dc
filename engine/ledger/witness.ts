// A witness: answers `add-checkpoint` by its state. Compare, cosign, persist, answer: in this order and in one go, so that
// no two answers are for different histories. Where nothing could be persisted, nothing is answered.
// Source: https://c2sp.org/tlog-witness
import type { Checkpoint } from './checkpoint.ts'
import { cosign } from './cosignature.ts'
import { checkNote, type Note, signatureLine } from './note.ts'
import type { Signer, VerifierKey } from './note-key.ts'
import { decideOnCheckpoint, type RefusedHead } from './witness-answer.ts'
import type { WitnessState } from './witness-state.ts'

/** Who cosigns, and the logs that it knows. */
export interface Witness {
  /** A key of type `cosignature`. */
  readonly signer: Signer
  readonly logs: readonly VerifierKey[]
  readonly state: WitnessState
}

/** An HTTP answer, and what the witness's own people should be told. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 422
  /** Content type. */
  readonly type: string
  readonly body: string
  /** One line for the witness's log. */
  readonly told: string
  /** The note with the cosignature, where there is one. */
  readonly cosigned?: Uint8Array
}

const PLAIN = 'text/plain; charset=utf-8'

/** Answers one body at a moment in seconds since the epoch. Faults `witness/bad-state`, and whatever the disk says. */
export function answerCheckpoint({ signer, logs, state }: Witness, body: Uint8Array, seconds: number): WitnessAnswer {
  const decision = decideOnCheckpoint(body, logs, (origin) => state.head(origin))
  if (decision.status === 200) {
    const { checkpoint, note, log } = decision
    // A clock that went back must not let a larger log look older than the smaller one.
    const last = state.head(checkpoint.origin)?.seconds ?? 0n
    const now = BigInt(Math.max(0, Math.floor(seconds)))
    const line = cosign(note.text, signer, now > last ? now : last)
    const cosigned = Buffer.from(`${logNote(note, log)}${line}`)
    state.keepHead(checkpoint.origin, cosigned)
    return { status: 200, type: PLAIN, body: line, told: `cosigned ${named(checkpoint)}`, cosigned }
  }
  const kept = 'evidence' in decision && decision.evidence !== undefined ? keep(state, decision.evidence, logs) : ''
  const told = `refused (${decision.status}): ${decision.reason}${kept}`
  if (decision.status === 409) return { status: 409, type: 'text/x.tlog.size', body: `${decision.known}\n`, told }
  return { status: decision.status, type: PLAIN, body: `${decision.reason}\n`, told }
}

/** The note with the signatures of the log alone: those of strangers are not kept. */
function logNote(note: Note, log: readonly VerifierKey[]): string {
  const lines = note.signatures
    .filter((signature) => checkNote({ text: note.text, signatures: [signature] }, log).ok)
    .map(signatureLine)
  return `${note.text}\n${lines.join('')}`
}

function keep(state: WitnessState, { checkpoint, note, isFork }: RefusedHead, logs: readonly VerifierKey[]): string {
  const log = logs.filter(({ name }) => name === checkpoint.origin)
  const path = state.keepRefused(checkpoint, Buffer.from(logNote(note, log)), isFork)
  const what = isFork ? 'PROOF OF A FORK' : 'the checkpoint'
  return `; ${named(checkpoint)}${path === null ? '' : `; ${what} is kept in \`${path}\``}`
}

function named({ origin, size }: Checkpoint): string {
  return `${origin} at ${size}`
}
