// Moves one ref by compare-and-swap under Git's own lock protocol, durably. The rename of the lock is the commit point.
import { appendFileSync, existsSync, lstatSync, rmdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorCode, isAbsent, makeFolder, removeDurably, removeQuietly } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { lockFile } from '../../base/lock-file.ts'
import type { ObjectId, RefUpdate } from '../../world.ts'
import { personLine } from './commit-object.ts'
import type { History } from './history.ts'
import { ZERO_ID } from './object-id.ts'
import { cannotWrite } from './object-writer.ts'
import { requireRefName } from './ref-name.ts'
import type { RefStore } from './ref-store.ts'

export interface RefWriter {
  readonly refs: RefStore
  readonly history: History
}

/**
 * False, with nothing changed, when the ref does not hold `expect`. A symbolic ref moves what it points at.
 * Faults: `git/locked`, `git/bad-ref-name`, `git/ref-conflict` (`a` beside `a/b`), `git/lacking-object`, `git/cannot-write`.
 */
export function updateRef({ refs, history }: RefWriter, update: RefUpdate): boolean {
  requireRefName(update.ref)
  if (update.to !== null) history.commit(update.to)
  const ref = refs.follow(update.ref)
  if (update.to !== null && refs.read(ref) === null) requireNoConflict(refs, ref)
  const file = refs.fileOf(ref)
  try {
    return swap({ refs, history }, { ...update, ref }, file, update.ref)
  } catch (cause) {
    throw cannotWrite(file, cause)
  }
}

function swap(writer: RefWriter, { ref, expect, to }: RefUpdate, file: string, asked: string): boolean {
  const { refs } = writer
  clearEmptyFolder(file)
  const lock = lockFile(file, { name: ref, claims: claimsFolder(refs) })
  try {
    const value = refs.read(ref)
    const now = value !== null && 'id' in value ? value.id : null
    if (now !== expect) return false
    if (to === null) {
      removeRef(refs, ref, file)
      return true
    }
    if (now === to) return true
    appendReflogs(writer, ref, asked, now, to)
    lock.commit(`${to}\n`)
    return true
  } finally {
    lock.release()
  }
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
function appendReflogs(
  { refs, history }: RefWriter,
  ref: string,
  asked: string,
  from: ObjectId | null,
  to: ObjectId,
): void {
  const { committer, message, parents } = history.commit(to)
  const verb = parents.length === 0 ? 'commit (initial)' : 'commit'
  const line = `${from ?? ZERO_ID} ${to} ${personLine(committer)}\t${verb}: ${message.split('\n', 1)[0] ?? ''}\n`
  appendLog(refs, ref, line)
  if (ref !== 'HEAD' && (asked === 'HEAD' || refs.follow('HEAD') === ref)) appendLog(refs, 'HEAD', line)
}

function appendLog(refs: RefStore, ref: string, line: string): void {
  const { commonDir, gitDir, workTree, config } = refs.repository
  const file = join(ref === 'HEAD' ? gitDir : commonDir, 'logs', ref)
  const isKept =
    /^(HEAD$|refs\/(heads|remotes|notes)\/)/.test(ref) && (config.isOn('core.logAllRefUpdates') ?? workTree !== null)
  if (!existsSync(file) && !isKept) return
  try {
    appendToLog(file, line)
  } catch (error) {
    // The log is a help for people; a ref must move without it. A full disk still counts.
    if (!isAbsent(error) && !['EACCES', 'EISDIR', 'EEXIST'].includes(errorCode(error))) throw error
  }
}

function appendToLog(file: string, line: string): void {
  makeFolder(dirname(file))
  appendFileSync(file, line)
}
