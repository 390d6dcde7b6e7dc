// Reads one regular file that nobody else should be writing: never through a link, never a pipe or device.
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, type Stats } from 'node:fs'
import { errorCode, isAbsent } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { readAt } from '../../base/read-at.ts'
import { MAX_SIZE } from './delta.ts'

/** `path` names the file in faults. With `expected`, a file that changed since that stat is a fault `git/changed-while-read`. */
export function readPlainFile(file: string, path: string, expected?: Pick<Stats, 'mtimeMs' | 'size'>): Buffer {
  let descriptor: number
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (isAbsent(error) || errorCode(error) === 'ELOOP') throw changedWhileRead(path)
    throw unreadableFile(path, error)
  }
  try {
    const stat = fstatSync(descriptor)
    if (!stat.isFile()) throw new Fault('git/unreadable', `\`${path}\` is no regular file`)
    if (stat.size > MAX_SIZE) throw tooLarge(path, stat.size)
    if (expected !== undefined && (stat.mtimeMs !== expected.mtimeMs || stat.size !== expected.size)) {
      throw changedWhileRead(path)
    }
    const bytes = Buffer.allocUnsafe(stat.size)
    let filled = 0
    while (filled < bytes.length) {
      const got = readSync(descriptor, bytes, filled, bytes.length - filled, filled)
      if (got === 0) throw changedWhileRead(path)
      filled += got
    }
    return bytes
  } catch (error) {
    if (error instanceof Fault) throw error
    throw unreadableFile(path, error)
  } finally {
    closeSync(descriptor)
  }
}

/** As `readFileSync`, through links too; but a pipe or device, which may never end, is refused with the code `NOT_A_FILE`. */
export function readWholeFile(file: string, most = Number.POSITIVE_INFINITY): Buffer {
  const { descriptor, size } = openWholeFile(file)
  try {
    if (size > most) throw tooLarge(file, size, most)
    return readFileSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Opened for reading, as `readWholeFile` does it; the caller closes it. */
export function openWholeFile(file: string): { readonly descriptor: number; readonly size: number } {
  // Without O_NONBLOCK the opening of a pipe waits for a writer.
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  const stat = fstatSync(descriptor)
  if (stat.isFile() || stat.isDirectory()) return { descriptor, size: stat.size }
  closeSync(descriptor)
  throw Object.assign(new Error(`\`${file}\` is a pipe or device`), { code: NOT_A_FILE })
}

/** Up to `most` bytes from the beginning, and the size of the whole. */
export function readStart(file: string, most: number): { readonly bytes: Buffer; readonly size: number } {
  const { descriptor, size } = openWholeFile(file)
  try {
    return { bytes: readAt(descriptor, 0, Math.min(size, most)), size }
  } finally {
    closeSync(descriptor)
  }
}

/** Fewer than `length` bytes only at the end of the file. */
export function readPiece(file: string, at: number, length: number): Buffer {
  const { descriptor, size } = openWholeFile(file)
  try {
    return readAt(descriptor, at, Math.max(0, Math.min(length, size - at)))
  } finally {
    closeSync(descriptor)
  }
}

/** The code of a pipe or device in a file's place. */
export const NOT_A_FILE = 'no regular file'

/** The fault for a file that is there and cannot be read. */
export function unreadableFile(path: string, error: unknown): Fault {
  return new Fault(
    'git/unreadable',
    `cannot read \`${path}\` (${errorCode(error)})`,
    'check its owner and permissions',
    {
      cause: error,
    },
  )
}

/** `path` names a file or an object; `bytes` is what it has, or says that it has. */
export function tooLarge(path: string, bytes: number, most = MAX_SIZE): Fault {
  return new Fault(
    'git/too-large',
    `\`${path}\` has ${bytes} bytes; at most ${most} are read`,
    'keep data of this size outside the repository',
  )
}

function changedWhileRead(path: string): Fault {
  return new Fault(
    'git/changed-while-read',
    `\`${path}\` changed while it was read`,
    'run again when nobody is writing it',
  )
}
