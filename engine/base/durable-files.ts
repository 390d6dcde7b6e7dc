// Files that survive a power loss: temporary file, fsync, rename (or link), fsync of the folder.
// Source: https://www.usenix.org/conference/osdi14/technical-sessions/presentation/pillai
// Every call is synchronous and in a fixed order, so that a test can stop the process before any one of them.
// A hole that remains: folders made on the way are flushed through their parents, but never the mount point itself.
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Bytes, text (written as UTF-8), or pieces that are written one after the other as they come. */
export type FileBytes = Uint8Array | string | Iterable<Uint8Array>

/** Replaces or creates a file: a reader, or a crash, sees the old bytes or the new ones. Makes missing folders. */
export function writeDurably(path: string, bytes: Uint8Array | string, options: { readonly mode?: number } = {}): void {
  renameDurably(writeTemporary(path, bytes, options.mode), path)
}

/** Puts a flushed temporary file in place of `path`, where a reader sees the old bytes or the new ones. */
export function renameDurably(temporary: string, path: string): void {
  undoOnFailure(temporary, () => renameSync(temporary, path))
  syncFolder(dirname(path))
}

/** Creates a file that must not exist; false, with nothing changed, where it does. Makes missing folders. */
export function createExclusiveDurably(
  path: string,
  bytes: Uint8Array | string,
  options: { readonly mode?: number } = {},
): boolean {
  const temporary = writeTemporary(path, bytes, options.mode)
  try {
    linkSync(temporary, path)
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    removeQuietly(temporary)
  }
  syncFolder(dirname(path))
  return true
}

/** Appends in one write and flushes it; a crash can leave a prefix of `bytes` at the end of the file. */
export function appendDurably(path: string, bytes: Uint8Array | string): void {
  const isNew = makeFolder(dirname(path)) || !readdirSync(dirname(path)).includes(basename(path))
  const file = openSync(path, 'a', 0o666)
  try {
    writeWhole(file, bytes)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  if (isNew) syncFolder(dirname(path))
}

/** Removes a file and flushes the folder; true where there was one. */
export function removeDurably(path: string): boolean {
  try {
    unlinkSync(path)
  } catch (error) {
    if (isAbsent(error)) return false
    throw error
  }
  syncFolder(dirname(path))
  return true
}

let made = 0

/** A flushed file with these bytes beside `path`, for a rename or link to come; its path. Makes missing folders. */
export function writeTemporary(path: string, bytes: FileBytes, mode = 0o666): string {
  makeFolder(dirname(path))
  const temporary = join(dirname(path), `.${basename(path).slice(0, 64)}.${process.pid}-${made++}.tmp`)
  writeFlushed(temporary, bytes, mode)
  return temporary
}

/**
 * Creates `path` (replacing what a crashed process of the same id left there) with flushed bytes, or pieces of them in
 * order; the folder is not flushed.
 */
export function writeFlushed(path: string, bytes: FileBytes, mode = 0o666): void {
  const file = openSync(path, 'w', mode)
  undoOnFailure(path, () => {
    try {
      const pieces = typeof bytes === 'string' || bytes instanceof Uint8Array ? [bytes] : bytes
      for (const piece of pieces) writeWhole(file, piece)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  })
}

/** Makes a folder with its parents, durably; true where it was missing. */
export function makeFolder(folder: string): boolean {
  const first = mkdirSync(folder, { recursive: true })
  if (first === undefined) return false
  for (let at = folder; at.length >= first.length; at = dirname(at)) syncFolder(dirname(at))
  return true
}

/** Flushes the names in a folder. File systems that cannot flush folders are taken as they are. */
export function syncFolder(folder: string): void {
  let descriptor: number
  try {
    descriptor = openSync(folder, 'r')
  } catch (error) {
    if (process.platform === 'win32') return
    throw error
  }
  try {
    fsyncSync(descriptor)
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR'].includes(errorCode(error))) throw error
  } finally {
    closeSync(descriptor)
  }
}

/** `ENOENT` and its like; '' for what is no system error. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}

/** Whether a system call failed because the file, or a folder on the way to it, is not there. */
export function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error))
}

/** Removes a file whose removal nothing depends on. */
export function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // A temporary file that stays behind is harmless.
  }
}

function undoOnFailure(temporary: string, act: () => void): void {
  try {
    act()
  } catch (error) {
    removeQuietly(temporary)
    throw error
  }
}

function writeWhole(file: number, bytes: Uint8Array | string): void {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  for (let at = 0; at < buffer.length; ) at += writeSync(file, buffer, at)
}
