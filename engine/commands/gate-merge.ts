// What a merge of a head into its base would hold, as a tree in memory: the gate judges that, since a branch that is behind
// lacks what the base has learnt since. Whole files, three-way by path, as `pr merge` merges. Writes nothing.
import { compareText } from '../base/order.ts'
import type { GitStore, ObjectId, SourceTree, TreeFile } from '../world.ts'

/** A merge that was not made. */
export interface MergedTree {
  /** Of a path that conflicts, the base's file. */
  readonly tree: SourceTree
  /** Paths that both sides changed since they parted, and not alike; sorted. */
  readonly conflicts: readonly string[]
}

/** The merge from the best common ancestor; where there is none, the head. Of several the gate lets none pass (gate-refs.ts). */
export function mergedTree(store: GitStore, base: ObjectId, head: ObjectId): MergedTree {
  const [ours, theirs] = [store.commitTree(base), store.commitTree(head)]
  const fork = store.mergeBase(base, head)
  if (fork === null || fork === base) return { tree: theirs, conflicts: [] }
  const ourChanges = new Set(store.changedPaths(fork, base))
  const taken = new Map<string, TreeFile | null>()
  const conflicts = new Set<string>()
  for (const path of store.changedPaths(fork, head)) {
    const file = fileAt(theirs, path)
    if (!ourChanges.has(path)) taken.set(path, file)
    else if (!isSame(fileAt(ours, path), file)) conflicts.add(path)
  }
  for (const [path, file] of taken) if (file !== null && isInTheWay(ours, path, taken)) conflicts.add(path)
  for (const path of conflicts) taken.delete(path)
  return { tree: laidOver(ours, theirs, taken), conflicts: [...conflicts].sort(compareText) }
}

/** The entry of a path: a file, a link or a submodule; null for a folder, and where there is nothing. */
export function fileAt(tree: SourceTree, path: string): TreeFile | null {
  return tree.list([path]).find((file) => file.path === path) ?? null
}

function isSame(a: TreeFile | null, b: TreeFile | null): boolean {
  return a === null || b === null ? a === b : a.id === b.id && a.mode === b.mode
}

/** A file of theirs where ours has a folder that stays, or a file on the way to it. */
function isInTheWay(ours: SourceTree, path: string, taken: ReadonlyMap<string, TreeFile | null>): boolean {
  const stays = (file: TreeFile) => taken.get(file.path) !== null
  if (ours.list([path]).some((file) => file.path !== path && stays(file))) return true
  const parents = path.split('/').map((_, i, names) => names.slice(0, i).join('/'))
  return parents.slice(1).some((parent) => {
    const file = fileAt(ours, parent)
    return file !== null && stays(file)
  })
}

function laidOver(ours: SourceTree, theirs: SourceTree, taken: ReadonlyMap<string, TreeFile | null>): SourceTree {
  return {
    label: `${ours.label} with ${theirs.label}`,
    commit: ours.commit,
    dirty: [],
    list: (folders) =>
      [
        ...ours.list(folders).filter(({ path }) => !taken.has(path)),
        ...theirs.list(folders).filter(({ path }) => taken.has(path)),
      ].sort((a, b) => compareText(a.path, b.path)),
    has: (path) => (taken.has(path) ? theirs : ours).has(path),
    read: (path) => (taken.has(path) ? theirs : ours).read(path),
    treeId: () => null,
  }
}
