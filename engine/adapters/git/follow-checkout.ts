// Brings files and index of the checked-out branch up to a commit, for given paths alone. Everything is checked before
// anything is written; each file is replaced by a rename, the index last. After a crash the same call finishes: a path may
// be as in `from` or as in `to`, in the folder and in the index, and anything else counts as somebody's work.
import { mkdirSync, renameSync, rmdirSync, type Stats, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorCode, isAbsent, removeQuietly, syncFolder, writeFlushed } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { lockFile } from '../../base/lock-file.ts'
import { compareText } from '../../base/order.ts'
import type { ObjectId } from '../../world.ts'
import { compareWithIndex, type FileStateContext } from './file-state.ts'
import type { Repository } from './find-repository.ts'
import type { IndexEntries } from './index-entries.ts'
import { type IndexEntry, plainEntry } from './index-entry.ts'
import { serialiseIndex } from './index-file.ts'
import { canonicalMode, IndexView } from './index-view.ts'
import { asBuffer } from './object-id.ts'
import type { ObjectStore } from './object-store.ts'
import { cannotWrite } from './object-writer.ts'
import { type Parts, treeOf } from './parts.ts'
import { claimsFolder } from './ref-update.ts'
import { requireSafePath } from './safe-path.ts'
import { lstatOrNull } from './scan-folder.ts'
import { EXECUTABLE_MODE, entryAt, isFolder, LINK_MODE, SUBMODULE_MODE, type TreeEntry } from './tree-object.ts'
import { WorktreeScans } from './working-tree.ts'

/** Nothing in a bare repository. Faults `git/dirty` (paths named, nothing written), `git/locked`, `git/cannot-write`. */
export function followCheckout(parts: Parts, from: ObjectId | null, to: ObjectId, paths: readonly string[]): void {
  const { workTree } = parts.repository
  if (workTree === null) return
  const moves = movesOf(parts, treeOf(parts.history, from), treeOf(parts.history, to), paths)
  if (moves.length === 0) return
  try {
    followMoves(parts, workTree, moves)
  } catch (cause) {
    throw cannotWrite(workTree, cause)
  }
}

/** Faults `git/dirty` where `followCheckout` would; nothing is written. */
export function requireClean(parts: Parts, from: ObjectId | null, to: ObjectId, paths: readonly string[]): void {
  const { repository, objects, history } = parts
  const { workTree } = repository
  if (workTree === null) return
  const moves = movesOf(parts, treeOf(history, from), treeOf(history, to), paths)
  standingsOf(new WorktreeScans({ repository, root: workTree, objects, head: null }), workTree, moves)
}

function followMoves({ repository, objects, refs }: Parts, workTree: string, moves: readonly Move[]): void {
  const index = join(repository.gitDir, 'index')
  const lock = lockFile(index, { name: 'the index', claims: claimsFolder(refs) })
  try {
    const scans = new WorktreeScans({ repository, root: workTree, objects, head: null })
    const standings = standingsOf(scans, workTree, moves)
    const waiting = moves.filter((move) => standings.get(move) === 'waits')
    writeFiles(repository, objects, workTree, waiting)
    const entries = movedIndex(scans, workTree, moves)
    if (entries !== null) lock.commit(indexBytes(scans, objects, entries, moves))
  } finally {
    lock.release()
  }
}

interface Move {
  readonly path: string
  readonly from: TreeEntry | null
  readonly to: TreeEntry | null
}

function movesOf(parts: Parts, from: ObjectId | null, to: ObjectId | null, paths: readonly string[]): Move[] {
  const fileAt = (tree: ObjectId | null, path: string): TreeEntry | null => {
    const entry = tree === null ? null : entryAt(parts.objects, tree, path)
    return entry === null || isFolder(entry) || entry.mode === SUBMODULE_MODE ? null : entry
  }
  return [...new Set(paths)].sort(compareText).flatMap((path) => {
    requireSafePath(path)
    const move = { path, from: fileAt(from, path), to: fileAt(to, path) }
    return move.from?.id === move.to?.id && move.from?.mode === move.to?.mode ? [] : [move]
  })
}

/** `stands`: the file is as in `to`; `waits`: as in `from`; `sparse`: not on disk on purpose. */
type Standing = 'dirty' | 'stands' | 'waits' | 'sparse'

/** Faults `git/dirty` where one of them is. */
function standingsOf(scans: WorktreeScans, root: string, moves: readonly Move[]): ReadonlyMap<Move, Standing> {
  const standings = new Map(moves.map((move) => [move, standingOf(scans, root, move)]))
  const dirty = moves.filter((move) => standings.get(move) === 'dirty')
  if (dirty.length > 0) throw dirtyFault(dirty.map(({ path }) => path))
  return standings
}

function standingOf(scans: WorktreeScans, root: string, { path, from, to }: Move): Standing {
  const entry = scans.index.entry(path)
  if (entry !== undefined && !isEntry(entry, from) && !isEntry(entry, to)) return 'dirty'
  if (entry === undefined && from !== null && to !== null) return 'dirty'
  if (entry?.skipWorktree === true) return 'sparse'
  if (isBlocked(root, path)) return 'dirty'
  const stat = lstatOrNull(join(root, path), path)
  if (stat === null && to === null) return 'stands'
  if (stat === null) return from === null ? 'waits' : 'dirty'
  if (!stat.isFile() && !stat.isSymbolicLink()) return 'dirty'
  if (isFileAs(scans, to, entry, path, stat)) return 'stands'
  return isFileAs(scans, from, entry, path, stat) ? 'waits' : 'dirty'
}

/** By stat where the index has that very entry, else by content. */
function isFileAs(
  scans: WorktreeScans,
  side: TreeEntry | null,
  entry: IndexEntry | undefined,
  path: string,
  stat: Stats,
): boolean {
  if (side === null) return false
  const isSide = entry !== undefined && isEntry(entry, side)
  return compareWithIndex(scans.state, isSide ? entry : bareEntry(path, side), stat).isClean
}

/** An entry that knows nothing of the file, so that only content can show it clean. */
function bareEntry(path: string, { id, mode }: TreeEntry, skipWorktree = false): IndexEntry {
  const flags = { stage: 0, assumeValid: false, skipWorktree, intentToAdd: false }
  return { path, id, mode, ctimeMs: 0, mtimeMs: 0, dev: 0, ino: 0, uid: 0, gid: 0, size: 0, ...flags }
}

function isEntry(entry: IndexEntry, side: TreeEntry | null): boolean {
  return (
    side !== null && entry.stage === 0 && entry.id === side.id && canonicalMode(entry.mode) === canonicalMode(side.mode)
  )
}

/** Whether a file or a link stands where a folder on the way to the path should be: nothing is written through it. */
function isBlocked(root: string, path: string): boolean {
  const names = path.split('/')
  return names.slice(1).some((_, i) => {
    const parent = names.slice(0, i + 1).join('/')
    return lstatOrNull(join(root, parent), parent)?.isDirectory() === false
  })
}

/** Up to here each file is flushed. Git itself flushes none: what a power loss took comes back by `git checkout`. */
const FLUSHED_FILES = 64

/** Removals first, so that a file can take the place of a folder. */
function writeFiles(repository: Repository, objects: ObjectStore, root: string, moves: readonly Move[]): void {
  const folders = new Set<string>()
  const isFlushed = moves.length <= FLUSHED_FILES
  const temporary = join(repository.gitDir, 'tutela-checkout.tmp')
  removeQuietly(temporary)
  for (const { path, to } of moves) if (to === null) removeFile(root, path)
  for (const { path, to } of moves) {
    if (to === null) continue
    const content = objects.read(to.id, 'blob', path)
    const file = join(root, path)
    if (!folders.has(dirname(file))) mkdirSync(dirname(file), { recursive: true })
    placeFile(temporary, file, { mode: to.mode, content, isFlushed })
    folders.add(dirname(file))
  }
  if (isFlushed) for (const folder of folders) syncFolder(folder)
}

interface Placed {
  readonly mode: number
  readonly content: Uint8Array
  readonly isFlushed: boolean
}

/** The temporary file stands in the Git directory, where a crash leaves nothing for `git status` to show. */
function placeFile(temporary: string, file: string, placed: Placed): void {
  const { mode, content, isFlushed } = placed
  const permissions = mode === EXECUTABLE_MODE ? 0o777 : 0o666
  if (mode === LINK_MODE) symlinkSync(asBuffer(content), temporary)
  else if (isFlushed) writeFlushed(temporary, content, permissions)
  else writeFileSync(temporary, content, { mode: permissions })
  try {
    renameSync(temporary, file)
  } catch (error) {
    removeQuietly(temporary)
    if (errorCode(error) !== 'EXDEV') throw error
    // The worktree is on another file system than its Git directory.
    removeQuietly(`${file}.tutela.tmp`)
    placeFile(`${file}.tutela.tmp`, file, placed)
  }
}

function removeFile(root: string, path: string): void {
  try {
    unlinkSync(join(root, path))
  } catch (error) {
    if (!isAbsent(error)) throw error
  }
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      rmdirSync(join(root, folder))
    } catch {
      return
    }
  }
}

/** With the tree ids that still hold, and those of the folders that moved where the new trees are stored. */
function indexBytes(
  scans: WorktreeScans,
  objects: ObjectStore,
  entries: IndexEntries,
  moves: readonly Move[],
): Buffer[] {
  const moved = new Set<string>()
  for (const { path } of moves) {
    for (let folder = path; folder !== ''; ) {
      folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))
      moved.add(folder)
    }
  }
  const { isSummed, trees } = scans.index
  const view = new IndexView({ entries, mtimeMs: 0, trees: trees.without(moved), isSummed }, objects)
  const extension = view.treeExtension((id) => objects.hasNow(id))
  return serialiseIndex(entries, extension, isSummed)
}

/** The entries with these paths moved; null where they are so already. */
function movedIndex({ index, state }: WorktreeScans, root: string, moves: readonly Move[]): IndexEntries | null {
  const isDone = moves.every(({ path, to }) => {
    const old = index.entry(path)
    if (old === undefined || to === null) return old === undefined && to === null
    const stat = lstatOrNull(join(root, path), path)
    return isEntry(old, to) && (stat === null || (old.mtimeMs === stat.mtimeMs && old.ino === stat.ino % 2 ** 32))
  })
  if (isDone) return null
  const { entries } = index
  const gone = new Set(moves.flatMap(({ path }) => entries.positionsOf(path)))
  const added = moves.flatMap(({ path, to }) => (to === null ? [] : [newEntry(index, root, path, to)]))
  for (const position of entries.positionsSince(index.mtimeMs)) {
    const entry = gone.has(position) ? undefined : entries.at(position)
    if (entry === undefined || !isRacy(state, root, entry)) continue
    gone.add(position)
    added.push({ ...plainEntry(entry), size: 0 })
  }
  return entries.edited(
    gone,
    added.sort((a, b) => compareText(a.path, b.path) || a.stage - b.stage),
  )
}

function newEntry(index: IndexView, root: string, path: string, to: TreeEntry): IndexEntry {
  const stat = lstatOrNull(join(root, path), path)
  const skipWorktree = index.entry(path)?.skipWorktree === true
  if (stat === null || skipWorktree) return bareEntry(path, to, skipWorktree)
  const { ctimeMs, mtimeMs, dev, ino, uid, gid, size } = stat
  return { ...bareEntry(path, to), ctimeMs, mtimeMs, dev, ino, uid, gid, size }
}

/**
 * An entry as new as the old index may have changed without a trace; under the new index's later time that could no longer
 * be seen, so a changed one gets size 0, which makes Git look (https://git-scm.com/docs/racy-git).
 */
function isRacy(state: FileStateContext, root: string, entry: IndexEntry): boolean {
  if (entry.stage !== 0 || entry.skipWorktree || entry.mode === SUBMODULE_MODE) return false
  const stat = lstatOrNull(join(root, entry.path), entry.path)
  return stat?.isFile() === true && !compareWithIndex(state, entry, stat).isClean
}

function dirtyFault(paths: readonly string[]): Fault {
  const shown = paths
    .slice(0, 5)
    .map((path) => `\`${path}\``)
    .join(', ')
  const more = paths.length > 5 ? ` and ${paths.length - 5} more` : ''
  return new Fault(
    'git/dirty',
    `the working tree has changes of its own in ${shown}${more}`,
    'commit them, or put them aside with `git stash`, then run again',
  )
}
