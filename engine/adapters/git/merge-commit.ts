// Three-way merge of whole files: a file that one side changed is taken from that side, one that both changed differently
// conflicts. No lines are merged: what is approved is a file as a person saw it.
import { Fault } from '../../base/fault.ts'
import { compareText } from '../../base/order.ts'
import type { GitStore, ObjectId } from '../../world.ts'
import { type ChangedEntry, changedEntries } from './changed-paths.ts'
import { serialiseCommit } from './commit-object.ts'
import { filesOf } from './commit-tree.ts'
import { type GitObject, objectId } from './object-id.ts'
import type { ObjectStore } from './object-store.ts'
import { writeObjects } from './object-writer.ts'
import type { Parts } from './parts.ts'
import { type EntryChange, editTreeEntries } from './tree-edit.ts'
import { entryAt, isFolder, type TreeEntry } from './tree-object.ts'

type MergeOptions = Parameters<GitStore['mergeCommit']>[0]
type MergeResult = ReturnType<GitStore['mergeCommit']>

/**
 * A commit with the parents `ours`, `theirs`, or the paths that conflict, sorted. `theirs` within `ours` already: `ours`.
 * Faults `git/unrelated` without a common ancestor, `git/several-merge-bases` after criss-cross merges.
 */
export function mergeCommit({ objects, history, packMarks }: Parts, options: MergeOptions): MergeResult {
  const { ours, theirs, message, author, committer } = options
  const [base, ...others] = history.mergeBases(ours, theirs)
  if (base === undefined) throw unrelated(ours, theirs)
  if (others.length > 0) throw severalBases(ours, theirs)
  if (base === theirs) return { commit: ours }
  const treeOf = (id: ObjectId): ObjectId => history.commit(id).tree
  const ourTree = treeOf(ours)
  const merged = mergeChanges(
    changedEntries(objects, treeOf(base), ourTree),
    changedEntries(objects, treeOf(base), treeOf(theirs)),
  )
  const conflicts = [...merged.conflicts, ...folderConflicts(objects, ourTree, merged.changes)]
  if (conflicts.length > 0) return { conflicts: [...new Set(conflicts)].sort(compareText) }
  const made = new Map<ObjectId, GitObject>()
  const tree = editTreeEntries(objects, made, ourTree, merged.changes)
  const content = serialiseCommit(tree, {
    base: ours,
    parents: [ours, theirs],
    changes: new Map(),
    message,
    author,
    committer,
  })
  const commit = objectId('commit', content)
  made.set(commit, { kind: 'commit', content })
  writeObjects(objects, made, packMarks)
  return { commit }
}

interface Merged {
  /** What `theirs` adds to `ours`. */
  readonly changes: Map<string, EntryChange>
  readonly conflicts: string[]
}

/** Both lists are changes from the common ancestor. */
function mergeChanges(ours: readonly ChangedEntry[], theirs: readonly ChangedEntry[]): Merged {
  const ourChanges = new Map(ours.map((change) => [change.path, change]))
  const changes = new Map<string, EntryChange>()
  const conflicts: string[] = []
  for (const { path, to } of theirs) {
    const our = ourChanges.get(path)
    if (our === undefined) changes.set(path, to)
    else if (!isSame(our.to, to)) conflicts.push(path)
  }
  return { changes, conflicts }
}

/** A file of theirs where ours has a folder that stays, or a file on the way to it. */
function folderConflicts(objects: ObjectStore, ourTree: ObjectId, changes: ReadonlyMap<string, EntryChange>): string[] {
  const isRemoved = (path: string): boolean => changes.get(path) === null
  return [...changes].flatMap(([path, change]) => {
    if (change === null) return []
    const there = entryAt(objects, ourTree, path)
    if (there !== null && isFolder(there) && !filesOf(objects, there.id, path).every((f) => isRemoved(f.path))) {
      return [path]
    }
    const parents = path.split('/').map((_, i, names) => names.slice(0, i).join('/'))
    const inTheWay = parents.slice(1).find((parent) => {
      const entry = entryAt(objects, ourTree, parent)
      return entry !== null && !isFolder(entry) && !isRemoved(parent)
    })
    return inTheWay === undefined ? [] : [path]
  })
}

function isSame(a: TreeEntry | null, b: TreeEntry | null): boolean {
  return a === null || b === null ? a === b : a.id === b.id && a.mode === b.mode
}

function unrelated(ours: ObjectId, theirs: ObjectId): Fault {
  return new Fault(
    'git/unrelated',
    `\`${ours}\` and \`${theirs}\` have no common ancestor`,
    'make the branch again from the base branch',
  )
}

/** Git merges the bases first, line by line; from any one of them alone another tree may come out. */
function severalBases(ours: ObjectId, theirs: ObjectId): Fault {
  return new Fault(
    'git/several-merge-bases',
    `\`${ours}\` and \`${theirs}\` have several merge bases`,
    'merge the base into the branch, or rebase it, then merge again',
  )
}
