// Whether a file of the working folder is what the index says: by its stat where that suffices, by its hash otherwise.
// https://git-scm.com/docs/racy-git
import { readlinkSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import type { ObjectId, TreeFile } from '../../world.ts'
import type { IndexEntry } from './index-entry.ts'
import { canonicalMode } from './index-view.ts'
import { EMPTY_BLOB, objectId } from './object-id.ts'
import { readPlainFile } from './plain-file.ts'
import type { StatTable } from './stat-table.ts'
import { EXECUTABLE_MODE, FILE_MODE, LINK_MODE, SUBMODULE_MODE } from './tree-object.ts'
import type { WorktreeRules } from './worktree-rules.ts'

/** How far a stat is believed. */
export interface StatPolicy {
  /** `core.fileMode`: whether the executable bit counts. */
  readonly fileMode: boolean
  /** `core.symlinks`: whether links are links and not files that hold the target. */
  readonly symlinks: boolean
  readonly trustCtime: boolean
  /** `core.checkStat=minimal` */
  readonly minimal: boolean
  /** `mtimeMs` of the index. */
  readonly indexMtimeMs: number
}

/** What is known of a file without reading it. */
export interface FileState {
  readonly isClean: boolean
  /** The blob's id where it is known without more work, or was computed here. */
  readonly id: ObjectId | null
  readonly mode: TreeFile['mode']
}

/** What a file's state is told by. */
export interface FileStateContext {
  readonly root: string
  readonly rules: WorktreeRules
  readonly policy: StatPolicy
  /** Ids of files whose stat the index does not know. */
  readonly stats: StatTable
  /** Content of a stored blob; null where the repository lacks it. */
  readonly stored: (id: ObjectId) => Buffer | null
}

/** `stat` is the lstat of the file. */
export function compareWithIndex(context: FileStateContext, entry: IndexEntry, stat: Stats): FileState {
  const { policy } = context
  const wanted = canonicalMode(entry.mode)
  if (wanted === SUBMODULE_MODE) return { isClean: true, id: entry.id, mode: 'submodule' }
  const mode = modeOf(stat, wanted, policy)
  const word = mode === LINK_MODE ? 'link' : mode === EXECUTABLE_MODE ? 'executable' : 'file'
  if (entry.stage !== 0 || entry.intentToAdd) return { isClean: false, id: null, mode: word }
  if (mode === wanted && (entry.assumeValid || isStatEqual(entry, stat, policy))) {
    return { isClean: true, id: entry.id, mode: word }
  }
  const id = hashChanged(context, entry, stat, mode)
  return { isClean: mode === wanted && id === entry.id, id, mode: word }
}

/** A file without carriage returns has its id whatever the rules are, so that it can be remembered. */
function hashChanged(context: FileStateContext, entry: IndexEntry, stat: Stats, mode: number): ObjectId {
  if (stat.isSymbolicLink()) return hashFile(context, entry.path, mode === LINK_MODE, entry.id)
  const known = context.stats.idOf(entry.path, stat)
  if (known !== null) return known
  const bytes = readPlainFile(join(context.root, entry.path), entry.path, stat)
  const id = objectId(
    'blob',
    context.rules.normalise(entry.path, bytes, () => context.stored(entry.id)),
  )
  if (!bytes.includes(13)) context.stats.learn(entry.path, stat, id)
  return id
}

/** The id that Git would give the file's content. `storedId` names what it stores now, if anything. */
export function hashFile(
  context: FileStateContext,
  path: string,
  isLink: boolean,
  storedId: ObjectId | null,
): ObjectId {
  const file = join(context.root, path)
  if (isLink) return objectId('blob', readlinkSync(file, 'buffer'))
  const stored = (): Buffer | null => (storedId === null ? null : context.stored(storedId))
  return objectId('blob', context.rules.normalise(path, readPlainFile(file, path), stored))
}

function modeOf(stat: Stats, wanted: number, policy: StatPolicy): number {
  if (stat.isSymbolicLink()) return LINK_MODE
  if (!policy.symlinks && wanted === LINK_MODE) return LINK_MODE
  if (!policy.fileMode) return wanted === EXECUTABLE_MODE ? EXECUTABLE_MODE : FILE_MODE
  return (stat.mode & 0o100) === 0 ? FILE_MODE : EXECUTABLE_MODE
}

function isStatEqual(entry: IndexEntry, stat: Stats, policy: StatPolicy): boolean {
  if (entry.size !== stat.size % 2 ** 32) return false
  // Git writes size 0 for an entry that it knows to be racy.
  if (entry.size === 0 && entry.id !== EMPTY_BLOB) return false
  if (entry.mtimeMs >= policy.indexMtimeMs) return false
  if (policy.minimal) return Math.floor(entry.mtimeMs / 1000) === Math.floor(stat.mtimeMs / 1000)
  if (entry.mtimeMs !== stat.mtimeMs || (policy.trustCtime && entry.ctimeMs !== stat.ctimeMs)) return false
  return entry.ino === stat.ino % 2 ** 32
}
