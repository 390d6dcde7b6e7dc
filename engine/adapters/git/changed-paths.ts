// Which files differ between two trees; equal subtrees are not read.
import type { ObjectId } from '../../world.ts'
import { folderId } from './commit-tree.ts'
import type { ObjectStore } from './object-store.ts'
import { requireListable } from './tree-limits.ts'
import { isFolder, readTree, type TreeEntry } from './tree-object.ts'

/** A path whose entry differs between two trees. */
export interface ChangedEntry {
  readonly path: string
  readonly from: TreeEntry | null
  readonly to: TreeEntry | null
}

/** Paths of files, unsorted; null stands for an empty tree. Faults `git/too-large`. */
export function changedPaths(objects: ObjectStore, from: ObjectId | null, to: ObjectId | null): string[] {
  return [...new Set(changedEntries(objects, from, to).map(({ path }) => path))]
}

/** Those below some folders alone, so that no other tree is read. */
export function changedWithin(
  objects: ObjectStore,
  { from, to }: { readonly from: ObjectId | null; readonly to: ObjectId | null },
  folders: readonly string[],
): string[] {
  const below = (tree: ObjectId | null, folder: string) => (tree === null ? null : folderId(objects, tree, folder))
  return folders.flatMap((folder) =>
    changedPaths(objects, below(from, folder), below(to, folder)).map((path) => `${folder}/${path}`),
  )
}

/** A path that was a file and is a folder yields one change for the file and one for each file in the folder. */
export function changedEntries(objects: ObjectStore, from: ObjectId | null, to: ObjectId | null): ChangedEntry[] {
  const changes: ChangedEntry[] = []
  let folders = 0
  const compare = (a: ObjectId | null, b: ObjectId | null, prefix: string, depth: number): void => {
    if (a === b) return
    requireListable(prefix, { depth, entries: changes.length + ++folders })
    const left = entriesOf(objects, a, prefix)
    const right = entriesOf(objects, b, prefix)
    for (const name of new Set([...left.keys(), ...right.keys()])) {
      const l = left.get(name) ?? null
      const r = right.get(name) ?? null
      if (l !== null && r !== null && l.id === r.id && l.mode === r.mode) continue
      const path = prefix + name
      compare(folderOf(l), folderOf(r), `${path}/`, depth + 1)
      const change = { path, from: fileOf(l), to: fileOf(r) }
      if (change.from !== null || change.to !== null) changes.push(change)
    }
  }
  compare(from, to, '', 1)
  return changes
}

function entriesOf(objects: ObjectStore, tree: ObjectId | null, prefix: string): Map<string, TreeEntry> {
  return new Map(tree === null ? [] : readTree(objects, tree, prefix).map((entry) => [entry.name, entry]))
}

function folderOf(entry: TreeEntry | null): ObjectId | null {
  return entry !== null && isFolder(entry) ? entry.id : null
}

function fileOf(entry: TreeEntry | null): TreeEntry | null {
  return entry !== null && !isFolder(entry) ? entry : null
}
