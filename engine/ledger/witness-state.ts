// What a witness remembers, in a folder of its own: of each log the head that it cosigned last, and checkpoints that it
// refused. One process holds the folder at a time. A state that cannot be read is a fault, never "no state": a witness
// that forgets would cosign a fork. For the same reason the folder must not be put back from an older copy.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sha256Hex } from '../base/canonical-json.ts'
import { createExclusiveDurably, isAbsent, makeFolder, writeDurably } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'
import { takeRunLock } from '../base/run-lock.ts'
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { checkNote, cosignatureTime, parseNote } from './note.ts'
import type { VerifierKey } from './note-key.ts'
import { readLogFile } from './read-folder.ts'

/** The head of a log as the witness cosigned it last. */
export interface CosignedHead extends Pick<Checkpoint, 'size' | 'root'> {
  /** When, in seconds since the epoch. */
  readonly seconds: bigint
  /** The note, with the signatures of the log and the witness. */
  readonly note: Uint8Array
}

/** The memory of a witness, open for one process. */
export interface WitnessState {
  /** Null: never cosigned. Faults `witness/bad-state`. */
  head(origin: string): CosignedHead | null
  /** Durable when it returns. */
  keepHead(origin: string, note: Uint8Array): void
  /** Keeps a refused checkpoint for people, a bounded number a log; where, or null where there are enough. */
  keepRefused(checkpoint: Checkpoint, note: Uint8Array, isFork: boolean): string | null
  close(): void
}

/** Refused heads kept of a log, of each kind: one fork is proof, the rest is for people to look at. */
const MOST_REFUSED = 64

/** Opens, or begins, the folder. Faults `lock/held`. */
export function openWitnessState(
  folder: string,
  { key, since, waitMs = 0 }: { readonly key: VerifierKey; readonly since: string; readonly waitMs?: number },
): WitnessState {
  makeFolder(folder)
  const lock = takeRunLock({ path: join(folder, '.lock'), command: `the witness ${key.name}`, since, waitMs })
  const placeOf = (origin: string): string => join(folder, sha256Hex(Buffer.from(origin)).slice(0, 32))
  return {
    head: (origin) => readHead(join(placeOf(origin), 'checkpoint'), origin, key),
    keepHead: (origin, note) => writeDurably(join(placeOf(origin), 'checkpoint'), note),
    keepRefused: (checkpoint, note, isFork) =>
      keepRefused(join(placeOf(checkpoint.origin), 'refused'), checkpoint, note, isFork),
    close: () => lock.release(),
  }
}

function readHead(path: string, origin: string, key: VerifierKey): CosignedHead | null {
  const bytes = readLogFile(path)
  if (bytes === null) return null
  const note = parseNote(bytes)
  const checkpoint = note === null ? null : parseCheckpoint(note.text)
  const own = note?.signatures.find(({ name, id }) => name === key.name && id === key.id)
  const seconds = own === undefined ? null : cosignatureTime(own.bytes)
  if (note === null || checkpoint?.origin !== origin || seconds === null || !checkNote(note, [key]).ok) {
    throw new Fault(
      'witness/bad-state',
      `\`${path}\` is not as this witness wrote it`,
      'nothing is cosigned for this log: find out what happened before you put it right by hand',
    )
  }
  return { size: checkpoint.size, root: checkpoint.root, seconds, note: bytes }
}

function keepRefused(folder: string, { size, root }: Checkpoint, note: Uint8Array, isFork: boolean): string | null {
  const names = namesIn(folder)
  const hex = Buffer.from(root).toString('hex', 0, 8)
  // Counted by themselves: anybody can send a signed checkpoint with a bad proof, and must not crowd out a fork.
  const kind = isFork ? 'fork-' : 'unproven-'
  const name = `${kind}${size}-${hex}`
  const path = join(folder, name)
  if (names.includes(name)) return path
  if (names.filter((other) => other.startsWith(kind)).length >= MOST_REFUSED) return null
  createExclusiveDurably(path, note)
  return path
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}
