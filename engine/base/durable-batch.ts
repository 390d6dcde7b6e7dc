// Many new files made durable together. A disk takes flushes that wait at the same time in one go, so these are asked for
// at once; all else is synchronous and in order. Nothing here is atomic: some of the files may be there after a failure.
import { closeSync, fsync, linkSync, openSync, renameSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errorCode, makeFolder, removeQuietly, syncFolder } from './durable-files.ts'

/** A file that is written and not yet under its name. */
interface Written {
  readonly path: string
  readonly temporary: string
  readonly file: number
}

/** So many are open at a time: arbitrary, and far below what a process may open. */
const AT_ONCE = 64

let made = 0

/**
 * Creates files that must not exist, in missing folders too; a file is under its name only when its bytes are on the disk.
 * `present`: paths that existed and were left alone. The names are on the disk once `folders` are flushed.
 */
export async function createAllFlushed(
  files: ReadonlyMap<string, Uint8Array>,
): Promise<{ readonly present: readonly string[]; readonly folders: readonly string[] }> {
  const present: string[] = []
  const folders = new Set([...files.keys()].map(dirname))
  for (const folder of folders) makeFolder(folder)
  const all = [...files]
  for (let at = 0; at < all.length; at += AT_ONCE) present.push(...(await createSome(all.slice(at, at + AT_ONCE))))
  return { present, folders: [...folders] }
}

/**
 * Replaces or creates a file once the names in these folders, and its own bytes, are on the disk: all of that in one wait.
 * A reader, or a crash, sees the old bytes or the new ones. When it returns, the new ones are on the disk.
 */
export async function replaceAfter(folders: readonly string[], path: string, bytes: Uint8Array): Promise<void> {
  const temporary = temporaryFor(path)
  try {
    const file = openSync(temporary, 'w')
    try {
      writeWhole(file, bytes)
      const waits = await Promise.allSettled([flushAll([file]), syncFolders(folders)])
      for (const wait of waits) if (wait.status === 'rejected') throw wait.reason
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    removeQuietly(temporary)
    throw error
  }
  syncFolder(dirname(path))
}

function temporaryFor(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 64)}.${process.pid}-a${made++}.tmp`)
}

async function createSome(files: readonly (readonly [string, Uint8Array])[]): Promise<string[]> {
  const written: Written[] = []
  try {
    for (const [path, bytes] of files) {
      const temporary = temporaryFor(path)
      written.push({ path, temporary, file: openSync(temporary, 'w') })
      writeWhole(written.at(-1)?.file ?? -1, bytes)
    }
    await flushAll(written.map(({ file }) => file))
    return written.filter(({ path, temporary }) => !linkExclusive(temporary, path)).map(({ path }) => path)
  } finally {
    for (const { file, temporary } of written) {
      closeSync(file)
      removeQuietly(temporary)
    }
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}

function linkExclusive(temporary: string, path: string): boolean {
  try {
    linkSync(temporary, path)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** Flushes the names in folders, all at once. File systems that cannot flush folders are taken as they are. */
async function syncFolders(folders: readonly string[]): Promise<void> {
  if (process.platform === 'win32') return
  for (let at = 0; at < folders.length; at += AT_ONCE) {
    const files: number[] = []
    try {
      for (const folder of folders.slice(at, at + AT_ONCE)) files.push(openSync(folder, 'r'))
      await flushAll(files, ['EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR'])
    } finally {
      for (const file of files) closeSync(file)
    }
  }
}

/** Waits for all, so that none is closed while it is flushed; then the first failure is thrown. */
async function flushAll(files: readonly number[], unless: readonly string[] = []): Promise<void> {
  const failures = await Promise.all(
    files.map(
      (file) =>
        new Promise<Error | null>((done) => {
          fsync(file, (error) => done(error))
        }),
    ),
  )
  const failure = failures.find((error) => error !== null && !unless.includes(errorCode(error)))
  if (failure !== undefined && failure !== null) throw failure
}
