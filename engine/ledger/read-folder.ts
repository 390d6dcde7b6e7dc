// The files of a log in a folder, for the verifier and the folder writer. Reads ordinary files only: a link, a pipe or a
// file larger than any of a log's is there by name and has no bytes, so it is a problem and never a trap.
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode, isAbsent } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'
import { compareText } from '../base/order.ts'
import { MAX_ENTRY_BYTES } from './entry-bundle.ts'
import { TILE_WIDTH } from './tile-path.ts'
import type { LogFiles } from './verify-log.ts'

/** A bundle of 256 entries of the greatest length. */
const MAX_FILE_BYTES = TILE_WIDTH * (MAX_ENTRY_BYTES + 2)

/** The log in a folder. `list` names `checkpoint` and everything within `tile/`, sorted. */
export function readLogFolder(folder: string): LogFiles {
  return {
    list: () => [...(isThere(join(folder, 'checkpoint')) ? ['checkpoint'] : []), ...listWithin(folder, 'tile')],
    read: (path) => readLogFile(join(folder, path)),
  }
}

/** The bytes of one ordinary file of a log; null where there is none. Faults `ledger/unreadable`. */
export function readLogFile(path: string): Uint8Array | null {
  try {
    // Without O_NONBLOCK a pipe would wait for a writer.
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const state = fstatSync(file)
      return state.isFile() && state.size <= MAX_FILE_BYTES ? readFileSync(file) : null
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (isAbsent(error) || ['ELOOP', 'EISDIR', 'ENXIO'].includes(errorCode(error))) return null
    throw unreadable(path, error)
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

function listWithin(folder: string, path: string): string[] {
  const at = join(folder, path)
  const state = lstatSync(at, { throwIfNoEntry: false })
  if (state === undefined) return []
  if (!state.isDirectory()) return [path]
  try {
    const names = readdirSync(at).sort(compareText)
    return names.flatMap((name) => listWithin(folder, `${path}/${name}`))
  } catch (error) {
    throw unreadable(at, error)
  }
}

function unreadable(path: string, error: unknown): Fault {
  return new Fault('ledger/unreadable', `\`${path}\` cannot be read (${errorCode(error)})`, 'check its permissions', {
    cause: error,
  })
}
