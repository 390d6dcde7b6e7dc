// The advisory lock of a writer: a file that says who holds it, since when, and for what. It fails closed: only a holder
// that is certainly dead (this host, and no such process or another one of that id) is replaced without asking.
import { readFileSync } from 'node:fs'
import { createExclusiveDurably, isAbsent, removeDurably } from './durable-files.ts'
import { Fault } from './fault.ts'
import { lockFile, sweepClaims } from './lock-file.ts'
import { isDead, type LockHolder, thisHolder } from './lock-holder.ts'

/** One writer a repository or folder; released by its holder, or taken over when that one is gone. */
export interface RunLock {
  /** Does nothing the second time. */
  release(): void
}

/** Where the lock is, and what it tells others of its holder. */
export interface RunLockOptions {
  /** The lock's file. */
  readonly path: string
  /** What is done under it: `tutela run`. */
  readonly command: string
  /** When it began, RFC 3339. */
  readonly since: string
  /** The claims of other locks that are taken under this one: what killed holders left there is cleared with theirs. */
  readonly claims?: string
  /** How long to wait for a living holder, in milliseconds (default: not at all). Blocks the thread. */
  readonly waitMs?: number
}

interface Holding extends LockHolder {
  readonly command: string
  readonly since: string
}

const STEP_MS = 50

/** Faults `lock/held` (who, since when, how to clear), `lock/unreadable`. */
export function takeRunLock(options: RunLockOptions): RunLock {
  const { path, command, since } = options
  const holding: Holding = { ...thisHolder(), command, since }
  for (let waited = 0; ; waited += STEP_MS) {
    if (createExclusiveDurably(path, `${JSON.stringify(holding)}\n`)) {
      return sweptLock(heldLock(path), [`${path}-claims`, options.claims ?? []].flat())
    }
    const holder = readHolder(path)
    if (holder === null || clearDead(path, holder)) continue
    if (waited >= (options.waitMs ?? 0)) throw heldFault(path, holder)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STEP_MS)
  }
}

/** What taking the lock would say now; null where it is free, or its holder is certainly dead. Faults `lock/unreadable`. */
export function heldLockFault(path: string): Fault | null {
  const holder = readHolder(path)
  return holder === null || isDead(holder) ? null : heldFault(path, holder)
}

function sweptLock(lock: RunLock, claims: readonly string[]): RunLock {
  try {
    for (const folder of claims) sweepClaims(folder)
    return lock
  } catch (error) {
    lock.release()
    throw error
  }
}

function heldLock(path: string): RunLock {
  let held = true
  return {
    release() {
      if (held) removeDurably(path)
      held = false
    },
  }
}

/** Under a lock of its own, and after a second look: of two that find a dead holder, one must not remove the other's lock. */
function clearDead(path: string, holder: Holding): boolean {
  if (!isDead(holder)) return false
  const guard = lockFile(path, { name: 'the run lock', claims: `${path}-claims` })
  try {
    const now = readHolder(path)
    if (now !== null && isDead(now)) removeDurably(path)
  } finally {
    guard.release()
  }
  return true
}

/** Null where the lock is gone. */
function readHolder(path: string): Holding | null {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
  const holding = parseHolding(text)
  if (holding !== null) return holding
  throw new Fault(
    'lock/unreadable',
    `\`${path}\` does not say who holds the lock`,
    `if nothing runs, remove \`${path}\``,
  )
}

function parseHolding(text: string): Holding | null {
  try {
    const { host, pid, began, command, since } = JSON.parse(text) as Record<string, unknown>
    if (typeof host !== 'string' || typeof pid !== 'number' || typeof began !== 'string') return null
    return { host, pid, began, command: String(command), since: String(since) }
  } catch {
    return null
  }
}

function heldFault(path: string, { host, pid, command, since }: Holding): Fault {
  return new Fault(
    'lock/held',
    `\`${command}\` (process ${pid} on \`${host}\`) has held the lock since ${since}`,
    `wait for it; if that process is gone, remove \`${path}\``,
  )
}
