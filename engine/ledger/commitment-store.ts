// Where the openings of commitments are kept: a folder of the Git directory, readable by its owner alone, in no tree, no
// commit and no pin, because all of these keep what they once had. Erasing an opening leaves a tombstone without content, so
// that a crash between erasing and telling the log of it is made good by the next run. Touches the disk.
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { encodeBase64 } from '../base/base64.ts'
import { createExclusiveDurably, errorCode, isAbsent, removeDurably, writeDurably } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'
import { compareText } from '../base/order.ts'
import { type Commitment, commitTo, isCommitment, isOpening, type Opening } from './commitment.ts'

/** A commitment whose opening was destroyed, and when that was asked for (RFC 3339). */
export interface Erased {
  readonly commitment: Commitment
  readonly erased: string
}

/** The folder of the openings of a repository. `gitDir`: the common Git directory. */
export function openingsFolder(gitDir: string): string {
  return join(gitDir, 'tutela', 'openings')
}

/** Commits to a reference under a key of 32 fresh random bytes; the opening is on the disk before this returns. */
export function keepCommitment(folder: string, value: string, key: Uint8Array): Commitment {
  const commitment = commitTo(value, key)
  const opening: Opening = { commitment, key: encodeBase64(key), value }
  if (!createExclusiveDurably(pathOf(folder, commitment), `${JSON.stringify(opening)}\n`, { mode: 0o600 }))
    throw new Error('internal error: a key of a commitment was used before')
  return commitment
}

/** The opening, or when it was erased; null where this folder never had it. Faults `ledger/bad-opening`. */
export function readOpening(folder: string, commitment: Commitment): Opening | Erased | null {
  const path = pathOf(folder, commitment)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isAbsent(error)) return null
    throw unreadable(path, errorCode(error))
  }
  const value = parsed(text)
  if (value?.commitment !== commitment) throw unreadable(path, 'it is of another commitment')
  if (typeof value.erased === 'string') return { commitment, erased: value.erased }
  const opening = { commitment, key: String(value.key), value: String(value.value) }
  if (!isOpening(opening)) throw unreadable(path, 'it does not open its commitment')
  return opening
}

/**
 * Destroys an opening: its bytes are written over, the name goes to a tombstone, and both are on the disk before this
 * returns. False where it was erased before; `at` is then the earlier moment's. Faults `ledger/no-opening`.
 */
export function eraseOpening(folder: string, commitment: Commitment, at: string): { readonly isNew: boolean } {
  const path = pathOf(folder, commitment)
  const isErased = tombstone(path, commitment) !== null
  if (!isErased) {
    if (!overwrite(path)) throw noOpening(commitment)
    writeDurably(path, `${JSON.stringify({ commitment, erased: at })}\n`, { mode: 0o600 })
  }
  // Of a writer that was killed: it may hold the same bytes.
  const hex = commitment.slice(PREFIX.length)
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`.${hex}.`) || !name.endsWith('.tmp')) continue
    overwrite(join(folder, name))
    removeDurably(join(folder, name))
  }
  return { isNew: !isErased }
}

/** Commitments whose openings were erased here, sorted. */
export function erasedIn(folder: string): readonly Erased[] {
  let names: string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    if (isAbsent(error)) return []
    throw unreadable(folder, errorCode(error))
  }
  return names
    .filter((name) => /^[0-9a-f]{64}\.json$/.test(name))
    .sort(compareText)
    .flatMap((name) => {
      const commitment: Commitment = `${PREFIX}${name.slice(0, 64)}`
      const erased = tombstone(join(folder, name), commitment)
      return erased === null ? [] : [{ commitment, erased }]
    })
}

const PREFIX = 'hmac-sha256:'

function pathOf(folder: string, commitment: Commitment): string {
  if (!isCommitment(commitment)) throw new Error('internal error: no commitment')
  return join(folder, `${commitment.slice(PREFIX.length)}.json`)
}

/** When it was erased; null where it was not. Read whatever else is wrong: half overwritten, it is no tombstone yet. */
function tombstone(path: string, commitment: Commitment): string | null {
  try {
    const value = parsed(readFileSync(path, 'utf8'))
    return value?.commitment === commitment && typeof value.erased === 'string' ? value.erased : null
  } catch (error) {
    if (isAbsent(error)) return null
    throw unreadable(path, errorCode(error))
  }
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** Best effort beneath the file system: copies that a disk, a snapshot or a backup made are not reached. */
function overwrite(path: string): boolean {
  try {
    const size = statSync(path).size
    const file = openSync(path, 'r+')
    try {
      const zeros = Buffer.alloc(size)
      for (let at = 0; at < size; ) at += writeSync(file, zeros, at, size - at, at)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    return true
  } catch (error) {
    if (isAbsent(error)) return false
    throw error
  }
}

function noOpening(commitment: Commitment): Fault {
  return new Fault(
    'ledger/no-opening',
    `this clone has no opening of \`${commitment}\``,
    'an opening is kept where the commitment was made: erase it there, and in every copy of its Git directory',
  )
}

function unreadable(path: string, why: string): Fault {
  return new Fault('ledger/bad-opening', `\`${path}\` cannot be read: ${why}`, 'put it back from a copy, or erase it')
}
