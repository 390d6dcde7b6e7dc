// Moves a branch and, where it is checked out, its index and files: as one act, though a crash can come between. What will
// be done is noted in the Git directory before the ref moves and struck out when the files have followed, so that the
// next process finishes it, and nobody's later work is ever taken for files left behind.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { removeDurably, writeDurably } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { lockFile } from '../../base/lock-file.ts'
import { compareText } from '../../base/order.ts'
import type { BranchMove, ObjectId } from '../../world.ts'
import { changedPaths } from './changed-paths.ts'
import { followCheckout, requireClean } from './follow-checkout.ts'
import { cannotWrite } from './object-writer.ts'
import { type Parts, treeOf } from './parts.ts'
import { claimsFolder, updateRef } from './ref-update.ts'

/** Faults where `moveBranch` would: `git/dirty`, `git/locked` (the index), `git/checked-out` (in another worktree). */
export function requireMovable(parts: Parts, { ref, expect, to }: BranchMove): void {
  requireNotElsewhere(parts, ref)
  if (!isHere(parts, ref)) return
  lockFile(join(parts.repository.gitDir, 'index'), { name: 'the index', claims: claimsFolder(parts.refs) }).release()
  requireClean(parts, expect, to, pathsOf(parts, expect, to))
}

/** False, with nothing changed, when the ref does not hold `expect`. */
export function moveBranch(parts: Parts, move: BranchMove): boolean {
  const { ref, expect, to } = move
  requireMovable(parts, move)
  if (!isHere(parts, ref)) return updateRef(parts, move)
  const note = noteFile(parts)
  try {
    writeDurably(note, `${JSON.stringify({ ref, from: expect, to })}\n`)
  } catch (cause) {
    throw cannotWrite(note, cause)
  }
  if (!updateRef(parts, move)) {
    removeDurably(note)
    return false
  }
  finishMove(parts)
  return true
}

/** Does what a crash left undone of a move; nothing where there is none. */
export function finishMove(parts: Parts): void {
  const note = noteFile(parts)
  const left = readNote(note)
  if (left === null) return
  if (left !== 'unreadable' && isHere(parts, left.ref) && parts.refs.idOf(left.ref) === left.to) {
    followCheckout(parts, left.expect, left.to, pathsOf(parts, left.expect, left.to))
  }
  try {
    removeDurably(note)
  } catch (cause) {
    throw cannotWrite(note, cause)
  }
}

function noteFile({ repository }: Parts): string {
  return join(repository.gitDir, 'tutela-move.json')
}

/** A note is written whole or not at all; what is none (a person's hand) says nothing. */
function readNote(file: string): BranchMove | 'unreadable' | null {
  const text = readText(file)
  if (text === null) return null
  try {
    const { ref, from, to } = JSON.parse(text) as Record<string, unknown>
    const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{40}$/.test(value)
    if (typeof ref === 'string' && isId(to) && (from === null || isId(from))) return { ref, expect: from, to }
  } catch {
    // Falls through.
  }
  return 'unreadable'
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function isHere({ repository, refs }: Parts, ref: string): boolean {
  return repository.workTree !== null && refs.follow('HEAD') === ref
}

function pathsOf({ objects, history }: Parts, from: ObjectId | null, to: ObjectId): string[] {
  return changedPaths(objects, treeOf(history, from), treeOf(history, to)).sort(compareText)
}

/** Git's own rule for fetches: the files of another worktree would no longer fit their branch. */
function requireNotElsewhere({ repository }: Parts, ref: string): void {
  const { commonDir, gitDir, config } = repository
  const linked = namesIn(join(commonDir, 'worktrees')).map((name) => join(commonDir, 'worktrees', name))
  if (linked.length === 0) return
  const main = config.isOn('core.bare') === true ? [] : [commonDir]
  for (const place of [...main, ...linked].filter((one) => one !== gitDir)) {
    if (readText(join(place, 'HEAD'))?.trim() !== `ref: ${ref}`) continue
    const tree = place === commonDir ? dirname(commonDir) : dirname(readText(join(place, 'gitdir'))?.trim() ?? place)
    throw new Fault(
      'git/checked-out',
      `\`${ref}\` is checked out in the worktree \`${tree}\``,
      'run there, or check out another branch there',
    )
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort(compareText)
  } catch {
    return []
  }
}
