// Moves one ref by compare-and-swap under Git's own lock protocol, durably. The rename of the lock is the commit point.
import { appendFileSync, existsSync, lstatSync, rmdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorCode, isAbsent, makeFolder, removeDurably, removeQuietly } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { type FileLock, lockFile } from '../../base/lock-file.ts'
import { compareText } from '../../base/order.ts'
import type { ObjectId, RefUpdate } from '../../world.ts'
import { personLine } from './commit-object.ts'
import type { History } from './history.ts'
import { ZERO_ID } from './object-id.ts'
import type { ObjectStore } from './object-store.ts'
import { cannotWrite } from './object-writer.ts'
import { requireRefName } from './ref-name.ts'
import type { RefStore } from './ref-store.ts'

/** What moving a ref needs to know of its repository. */
export interface RefWriter {
  readonly refs: RefStore
  readonly history: History
  readonly objects: ObjectStore
}

/**
 * False, with nothing changed, when the ref does not hold `expect`. A symbolic ref moves what it points at.
 * Faults: `git/locked`, `git/bad-ref-name`, `git/ref-conflict` (`a` beside `a/b`), `git/lacking-object`, `git/cannot-write`.
 */
export function updateRef(writer: RefWriter, update: RefUpdate): boolean {
  return updateRefs(writer, [update])
}

/** All of them or none: every lock is taken and every value compared before the first one moves. */
export function updateRefs(writer: RefWriter, updates: readonly RefUpdate[]): boolean {
  const { refs } = writer
  const moves = updates.map((update) => prepare(writer, update)).sort((a, b) => compareText(a.ref, b.ref))
  const locks: FileLock[] = []
  try {
    for (const { ref, file } of moves) {
      clearEmptyFolder(file)
      locks.push(lockFile(file, { name: ref, claims: claimsFolder(refs) }))
    }
    if (!moves.every(({ ref, expect }) => heldBy(refs, ref) === expect)) return false
    for (const [i, move] of moves.entries()) carryOut(writer, move, locks[i])
    return true
  } catch (cause) {
    throw cannotWrite(moves[0]?.file ?? '', cause)
  } finally {
    for (const lock of locks) lock.release()
  }
}

interface Move extends RefUpdate {
  /** As the caller named it: `HEAD`, where `ref` is its branch. */
  readonly asked: string
  readonly file: string
}

function prepare({ refs, history, objects }: RefWriter, update: RefUpdate): Move {
  requireRefName(update.ref)
  const ref = refs.follow(update.ref)
  if (update.to !== null && ref.startsWith('refs/heads/')) history.commit(update.to)
  if (update.to !== null && !objects.has(update.to)) throw objects.lackingFault(update.to, 'commit', update.ref)
  if (update.to !== null && refs.read(ref) === null) requireNoConflict(refs, ref)
  return { ...update, asked: update.ref, ref, file: refs.fileOf(ref) }
}

function heldBy(refs: RefStore, ref: string): ObjectId | null {
  const value = refs.read(ref)
  return value !== null && 'id' in value ? value.id : null
}

function carryOut(writer: RefWriter, move: Move, lock: FileLock | undefined): void {
  const { ref, file, expect, to } = move
  if (to === null) removeRef(writer.refs, ref, file)
  if (to === null || to === expect) return
  appendReflogs(writer, move)
  lock?.commit(`${to}\n`)
}

/** Where locks of this process are told from those of others (base/lock-file.ts). */
export function claimsFolder(refs: RefStore): string {
  return join(refs.repository.commonDir, 'tutela/locks')
}

/** First from packed-refs, or the loose file's removal would bring an old value back. */
function removeRef(refs: RefStore, ref: string, file: string): void {
  if (refs.packed().has(ref)) removePacked(refs, ref)
  removeDurably(file)
  removeQuietly(join(refs.repository.commonDir, 'logs', ref))
}

function removePacked(refs: RefStore, ref: string): void {
  const file = join(refs.repository.commonDir, 'packed-refs')
  const lock = lockFile(file, { name: 'packed-refs', claims: claimsFolder(refs) })
  try {
    lock.commit(withoutRef(refs.packedText(), ref))
  } finally {
    lock.release()
  }
}

function withoutRef(text: string, ref: string): string {
  const kept: string[] = []
  let dropped = false
  for (const line of text.split('\n')) {
    dropped = line.startsWith('^') ? dropped : line.endsWith(` ${ref}`)
    if (!dropped) kept.push(line)
  }
  return kept.join('\n')
}

/** Loose refs are files in folders, so `a` and `a/b` cannot both be; packed ones count as well. */
function requireNoConflict(refs: RefStore, ref: string): void {
  const parts = ref.split('/')
  for (let i = 3; i < parts.length; i++) {
    const parent = parts.slice(0, i).join('/')
    if (refs.read(parent) !== null) throw refConflict(ref, parent)
  }
  const child = refs.list(`${ref}/`)[0]
  if (child !== undefined) throw refConflict(ref, child.ref)
}

function refConflict(ref: string, other: string): Fault {
  return new Fault(
    'git/ref-conflict',
    `\`${ref}\` cannot be made beside \`${other}\``,
    'one of them needs another name',
  )
}

/** Deleted refs may leave their folders, which would stand in the way of a ref of that name. */
function clearEmptyFolder(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false })?.isDirectory() !== true) return
  try {
    rmdirSync(file)
  } catch (error) {
    if (errorCode(error) !== 'ENOTEMPTY') throw error
  }
}

/** As Git: an existing log is continued, a new branch's log is begun unless `core.logAllRefUpdates` or a bare repository says no. */
function appendReflogs({ refs, history }: RefWriter, { ref, asked, expect, to }: Move): void {
  const names = ref !== 'HEAD' && (asked === 'HEAD' || refs.follow('HEAD') === ref) ? [ref, 'HEAD'] : [ref]
  const files = names.flatMap((name) => logFile(refs, name) ?? [])
  if (to === null || files.length === 0) return
  const { committer, message, parents } = history.commit(to)
  const verb = parents.length === 0 ? 'commit (initial)' : 'commit'
  const subject = message.split('\n', 1)[0] ?? ''
  for (const file of files) {
    appendToLog(file, `${expect ?? ZERO_ID} ${to} ${personLine(committer)}\t${verb}: ${subject}\n`)
  }
}

/** Null where no log is kept. */
function logFile(refs: RefStore, ref: string): string | null {
  const { commonDir, gitDir, workTree, config } = refs.repository
  const file = join(ref === 'HEAD' ? gitDir : commonDir, 'logs', ref)
  const isNamed = /^(HEAD$|refs\/(heads|remotes|notes)\/)/.test(ref)
  const isWanted = isNamed && (config.isOn('core.logAllRefUpdates') ?? workTree !== null)
  return isWanted || existsSync(file) ? file : null
}

/** The log is a help for people: a ref moves without it, too. A full disk still counts. */
function appendToLog(file: string, line: string): void {
  try {
    makeFolder(dirname(file))
    appendFileSync(file, line)
  } catch (error) {
    if (!isAbsent(error) && !['EACCES', 'EISDIR', 'EEXIST'].includes(errorCode(error))) throw error
  }
}
