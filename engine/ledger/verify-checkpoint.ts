// Whether a checkpoint is by whom it should be: origin, signatures of the log's keys, quorum of its witnesses.
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { checkNote, parseNote } from './note.ts'
import { formatVerifierKey } from './note-key.ts'
import { isQuorum, type Trust } from './trust-policy.ts'
import type { VerifyProblem } from './verify-problem.ts'

/** One signature line, for people: whose it is, and whether it holds. */
export interface SeenSignature {
  readonly name: string
  readonly known: boolean
  readonly ok: boolean
}

/** A checkpoint with all that is wrong with it; without a problem it is by whom it should be. */
export interface CheckedCheckpoint {
  /** Null when the note or its text cannot be read. */
  readonly checkpoint: Checkpoint | null
  readonly signatures: readonly SeenSignature[]
  readonly problems: readonly VerifyProblem[]
}

/** Checks the bytes of a signed checkpoint against whom one trusts. `where` names them in problems. */
export function verifyCheckpoint(bytes: Uint8Array, trust: Trust, where: string): CheckedCheckpoint {
  const note = parseNote(bytes)
  if (note === null) return unreadable({ code: 'ledger/bad-note', where })
  const checkpoint = parseCheckpoint(note.text)
  if (checkpoint === null) return unreadable({ code: 'ledger/bad-checkpoint', where })
  const logs = trust.logs.filter(({ name }) => name === checkpoint.origin)
  const { signatures, verified } = checkNote(note, [...logs, ...trust.witnesses])
  const problems: VerifyProblem[] = []
  if (logs.length === 0) {
    const expected = [...new Set(trust.logs.map(({ name }) => name))].join(', ')
    problems.push({ code: 'ledger/other-origin', where, expected, actual: checkpoint.origin })
  } else if (!logs.some((key) => verified.includes(key))) {
    const expected = logs.map(formatVerifierKey).join(', ')
    problems.push({ code: 'ledger/not-signed', where, expected })
  }
  for (const { name, known, ok } of signatures) {
    if (known && !ok) problems.push({ code: 'ledger/bad-signature', where, actual: name })
  }
  if (!isQuorum(trust.quorum, new Set(verified))) problems.push({ code: 'ledger/no-quorum', where })
  return { checkpoint, signatures: signatures.map(({ name, known, ok }) => ({ name, known, ok })), problems }
}

function unreadable(problem: VerifyProblem): CheckedCheckpoint {
  return { checkpoint: null, signatures: [], problems: [problem] }
}
