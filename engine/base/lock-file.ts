// Git's lock protocol for one file: whoever makes `<file>.lock` may replace the file, by renaming the lock over it.
// A lock is made as a hard link of a claim file whose name tells the holder, so that what a killed process left behind
// is recognised (same inode, dead holder) and cleared, and a lock of anybody else never is.
import {
  closeSync,
  linkSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import {
  errorCode,
  type FileBytes,
  isAbsent,
  makeFolder,
  removeQuietly,
  syncFolder,
  writeFlushed,
} from './durable-files.ts'
import { Fault } from './fault.ts'
import { isDead, type LockHolder, thisHolder } from './lock-holder.ts'

/** The right to replace one file, held by a `<file>.lock` beside it as Git does it. */
export interface FileLock {
  /** Replaces the file by these bytes (or pieces, in order), durably, and gives the lock up. */
  commit(bytes: FileBytes): void
  /** Gives the lock up; the file stays as it is. Does nothing after `commit`, so it can stand in a `finally`. */
  release(): void
}

/** How a lock is taken, and named where somebody else holds it. */
export interface LockOptions {
  /** What is locked, for the fault: `refs/heads/main`. */
  readonly name: string
  /** Folder for claim files, on the same file system as the file. */
  readonly claims: string
  /** How long to wait for another holder, in milliseconds. */
  readonly waitMs?: number
}

/** Makes `<path>.lock`; faults `git/locked` (who, since when, how to clear) when another holder keeps it. */
export function lockFile(path: string, options: LockOptions): FileLock {
  const lock = `${path}.lock`
  makeFolder(dirname(path))
  sweepClaims(options.claims)
  const claim = makeClaim(options.claims, lock)
  try {
    acquire(lock, claim, options)
  } catch (error) {
    if (claim !== null) removeQuietly(claim)
    throw error
  }
  let held = true
  return {
    commit(bytes) {
      replaceFile(path, bytes, claim === null ? lock : join(options.claims, claimName()))
      held = false
      // Without a claim the lock is gone by now, and one of that name is another's.
      if (claim !== null) removeLock(lock, claim)
    },
    release() {
      if (held) removeLock(lock, claim)
      held = false
    },
  }
}

/** A lock that cannot be removed keeps its claim, so that it is cleared when this process is gone. */
function removeLock(lock: string, claim: string | null): void {
  try {
    unlinkSync(lock)
  } catch (error) {
    if (!isAbsent(error)) return
  }
  if (claim !== null) removeQuietly(claim)
}

/** The lock itself is written only where it has no claim: else it must go on telling its path (see `sweepClaims`). */
function replaceFile(path: string, bytes: FileBytes, temporary: string): void {
  writeFlushed(temporary, bytes)
  try {
    renameSync(temporary, path)
  } catch (error) {
    removeQuietly(temporary)
    throw error
  }
  syncFolder(dirname(path))
}

const STEP_MS = 20
const WAIT_MS = 500

function acquire(lock: string, claim: string | null, options: LockOptions): void {
  for (let waited = 0; ; waited += STEP_MS) {
    if (makeLock(lock, claim)) return
    if (clearDeadLock(lock, options.claims)) continue
    if (waited >= (options.waitMs ?? WAIT_MS)) throw lockedFault(lock, options.name)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STEP_MS)
  }
}

function makeLock(lock: string, claim: string | null): boolean {
  try {
    if (claim === null) closeSync(openSync(lock, 'wx'))
    else linkSync(claim, lock)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

let made = 0

/** Null where no claim can be kept (no right to write there): locks then work, but are not recovered. */
function makeClaim(folder: string, lock: string): string | null {
  const claim = join(folder, claimName())
  try {
    makeFolder(folder)
    writeFileSync(claim, lock)
    return claim
  } catch (error) {
    if (['ENOSPC', 'EDQUOT', 'EIO'].includes(errorCode(error))) throw error
    return null
  }
}

function claimName(): string {
  const { host, pid, began } = thisHolder()
  return `${pid}~${began}~${made++}~${encodeURIComponent(host).replaceAll('~', '%7E')}`
}

function parseClaim(name: string): LockHolder | null {
  const [pid, began, , host] = name.split('~')
  if (pid === undefined || began === undefined || host === undefined) return null
  return { pid: Number(pid), began, host: decodeURIComponent(host) }
}

/** Clears what killed processes left: locks that nobody may ever ask for again, and claims without a lock. */
export function sweepClaims(folder: string): void {
  for (const { claim, state } of deadClaims(folder)) {
    if (state.nlink === 1) removeQuietly(claim)
    else if (lstatOrNull(lockNamedIn(claim))?.ino === state.ino) takeOver(lockNamedIn(claim), claim, folder, state)
  }
}

/** A claim holds the path of its lock, and so does the lock, being the same file. */
function lockNamedIn(claim: string): string {
  try {
    const path = readFileSync(claim, 'utf8')
    return path.startsWith('/') && path.endsWith('.lock') ? path : ''
  } catch {
    return ''
  }
}

/** Removes a lock whose claim belongs to a dead process; true where the lock is worth another try. */
function clearDeadLock(lock: string, folder: string): boolean {
  const found = lstatOrNull(lock)
  if (found === null) return true
  const owned = deadClaims(folder).find(({ state }) => state.ino === found.ino && state.dev === found.dev)
  if (owned === undefined) return false
  takeOver(lock, owned.claim, folder, found)
  return true
}

function deadClaims(folder: string): { readonly claim: string; readonly state: Stats }[] {
  return listFolder(folder).flatMap((name) => {
    const holder = parseClaim(name)
    if (holder === null || !isDead(holder)) return []
    const claim = join(folder, name)
    const state = lstatOrNull(claim)
    return state === null ? [] : [{ claim, state }]
  })
}

/** Invariant: only the process that renamed the claim to its own name may remove the lock, so two never both do. */
function takeOver(lock: string, claim: string, folder: string, state: Stats): void {
  const ours = join(folder, claimName())
  try {
    renameSync(claim, ours)
  } catch (error) {
    if (isAbsent(error)) return
    throw error
  }
  if (lstatOrNull(lock)?.ino === state.ino) unlinkSync(lock)
  removeQuietly(ours)
}

function lockedFault(lock: string, name: string): Fault {
  const state = lstatOrNull(lock)
  const since = state === null ? 'just now' : `since ${state.mtime.toISOString().slice(0, 19)}Z`
  const who = state === null ? '' : ` by user ${state.uid}`
  return new Fault(
    'git/locked',
    `\`${name}\` is locked${who} ${since} (\`${lock}\`)`,
    'another Git or Tutela process is at work: wait for it; if none is running, remove that file',
  )
}

function lstatOrNull(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}
