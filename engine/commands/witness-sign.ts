// `tutela witness sign LEDGER`: cosigns the checkpoint of a ledger folder without a network, by the same rules and the same
// memory as `serve`. The proof is made from the folder's own tiles.
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Fault } from '../base/fault.ts'
import { visibleText } from '../base/visible-text.ts'
import { formatInstant } from '../domain/instant.ts'
import { parseCheckpoint } from '../ledger/checkpoint.ts'
import { rootOfLog } from '../ledger/log-root.ts'
import { parseNote } from '../ledger/note.ts'
import type { VerifierKey } from '../ledger/note-key.ts'
import { proveConsistency } from '../ledger/prove.ts'
import { readLogFile, readLogFolder } from '../ledger/read-folder.ts'
import { equalBytes } from '../ledger/tree-hash.ts'
import { verifyCheckpoint } from '../ledger/verify-checkpoint.ts'
import type { LogFiles } from '../ledger/verify-log.ts'
import { answerCheckpoint, type WitnessAnswer } from '../ledger/witness.ts'
import { formatWitnessRequest } from '../ledger/witness-request.ts'
import { openWitnessState } from '../ledger/witness-state.ts'
import type { CommandResult, Invocation } from './command.ts'
import { logsToWitness, type OwnWitness } from './witness-serve.ts'

/** Exit 2 where the witness does not cosign. */
export function signAsWitness(invocation: Invocation, { signer, folder }: OwnWitness): CommandResult {
  const { globals, options, world } = invocation
  const { given, files, note } = openFolder(invocation)
  const logs = logsToWitness(invocation)
  const checkpoint = parseCheckpoint(parseNote(note)?.text ?? '')
  if (checkpoint === null || checkpoint.size > BigInt(Number.MAX_SAFE_INTEGER))
    throw new Fault('ledger/no-log', `the checkpoint of \`${given}\` cannot be read`, 'see `tutela verify`')
  const size = Number(checkpoint.size)
  const problem = problemOf(invocation, { files, size, root: checkpoint.root, logs })
  const state = openWitnessState(folder, { key: signer.key, since: formatInstant(globals.now), waitMs: 2000 })
  try {
    const known = Number(state.head(checkpoint.origin)?.size ?? 0n)
    // What the witness is told is the truth: a log that is smaller than it remembers is refused by its own answer.
    const old = Math.min(known, size)
    const proof = old === 0 || old === size ? [] : (proveConsistency(files.read, old, size) ?? [])
    const body = formatWitnessRequest({ old: BigInt(old), proof, checkpoint: note })
    const answer: WitnessAnswer | null =
      problem === null ? answerCheckpoint({ signer, logs, state }, body, globals.now / 1000) : null
    const told = answer?.told ?? `refused: ${problem}`
    const isSigned = answer?.cosigned !== undefined
    if (isSigned && typeof options.out === 'string')
      world.files.write(resolve(globals.cwd, options.out), answer?.cosigned ?? '')
    const line = isSigned ? (answer?.body ?? '') : null
    const { origin } = checkpoint
    const json = { apiVersion: 'tutela/v1', kind: 'WitnessSigned', ok: isSigned, origin, size, known, line, told }
    if (!isSigned || typeof options.out === 'string')
      return { exit: isSigned ? 0 : 2, json, text: () => visibleText(told) }
    invocation.note(visibleText(told))
    return { exit: 0, json, text: () => (line ?? '').trimEnd() }
  } finally {
    state.close()
  }
}

function openFolder({ args, globals }: Invocation): { given: string; files: LogFiles; note: Uint8Array } {
  const given = args[1] ?? 'ledger'
  const path = resolve(globals.cwd, given)
  const note = existsSync(path) && statSync(path).isDirectory() ? readLogFile(join(path, 'checkpoint')) : null
  if (note !== null) return { given, files: readLogFolder(path), note }
  throw new Fault('ledger/no-log', `\`${given}\` is no ledger folder`, 'a ledger folder has `checkpoint` and `tile/`')
}

interface Head {
  readonly files: LogFiles
  readonly size: number
  readonly root: Uint8Array
  readonly logs: readonly VerifierKey[]
}

/** What the folder's tiles say against the checkpoint, and against `--old`; null: nothing. */
function problemOf({ options, globals, world }: Invocation, { files, size, root, logs }: Head): string | null {
  const now = rootOfLog(files.read, size, size)
  if (now === null || !equalBytes(now, root)) return 'the tiles do not have the root that is signed'
  if (typeof options.old !== 'string') return null
  const bytes = world.files.read(resolve(globals.cwd, options.old))
  if (bytes === null) throw new Fault('ledger/unreadable', `there is no \`${options.old}\``, 'name an older checkpoint')
  const trust = { logs, witnesses: [], quorum: { kind: 'none' } } as const
  const { checkpoint: before, problems } = verifyCheckpoint(bytes, trust, 'older checkpoint')
  if (before === null || problems.length > 0) return 'the older checkpoint is not signed by the log'
  if (before.size > BigInt(size)) return 'the log is smaller than the older checkpoint says'
  const then = rootOfLog(files.read, Number(before.size), size)
  return then !== null && equalBytes(then, before.root) ? null : 'the log does not continue the older checkpoint'
}
