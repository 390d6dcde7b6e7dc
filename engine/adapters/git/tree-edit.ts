// Applies changed paths to a tree and yields the objects that the new tree needs. Reads only the trees on the way.
import { Fault } from '../../base/fault.ts'
import type { ObjectId, TreeChanges } from '../../world.ts'
import { asBuffer, type GitObject, objectId } from './object-id.ts'
import type { ObjectStore } from './object-store.ts'
import { requireSafePath } from './safe-path.ts'
import { FILE_MODE, FOLDER_MODE, isFolder, readTree, serialiseTree, type TreeEntry } from './tree-object.ts'

/** What becomes of one path: an entry of the new tree, or null: it goes. */
export type EntryChange = { readonly mode: number; readonly id: ObjectId } | null

/** The new tree's id and every object made for it, of which some may exist already. A changed file keeps its mode. */
export function editTree(
  store: ObjectStore,
  base: ObjectId | null,
  changes: TreeChanges,
): { readonly tree: ObjectId; readonly objects: Map<ObjectId, GitObject> } {
  const objects = new Map<ObjectId, GitObject>()
  const edits = new Map<string, Edit>()
  for (const [path, bytes] of changes) {
    requireSafePath(path)
    edits.set(path, bytes === null ? null : { mode: null, id: keep(objects, 'blob', asBuffer(bytes)) })
  }
  return { tree: applyEdits(store, objects, base, edits), objects }
}

/** The same with entries whose blobs exist already. New trees are added to `objects`. */
export function editTreeEntries(
  store: ObjectStore,
  objects: Map<ObjectId, GitObject>,
  base: ObjectId | null,
  changes: ReadonlyMap<string, EntryChange>,
): ObjectId {
  return applyEdits(store, objects, base, changes)
}

type Edit = { readonly mode: number | null; readonly id: ObjectId } | null
type Branch = { readonly children: Map<string, Branch>; edit?: Edit }

function applyEdits(
  store: ObjectStore,
  objects: Map<ObjectId, GitObject>,
  base: ObjectId | null,
  edits: ReadonlyMap<string, Edit>,
): ObjectId {
  const root = branchesOf(edits)
  const entries = editEntries(store, objects, base === null ? [] : readTree(store, base), root)
  return keep(objects, 'tree', serialiseTree(entries))
}

function branchesOf(edits: ReadonlyMap<string, Edit>): Branch {
  const root: Branch = { children: new Map() }
  for (const [path, edit] of edits) {
    let at = root
    for (const name of path.split('/')) {
      let next = at.children.get(name)
      if (next === undefined) {
        next = { children: new Map() }
        at.children.set(name, next)
      }
      at = next
    }
    at.edit = edit
  }
  return root
}

function editEntries(
  store: ObjectStore,
  objects: Map<ObjectId, GitObject>,
  entries: readonly TreeEntry[],
  { children }: Branch,
): TreeEntry[] {
  const result = new Map(entries.map((entry) => [entry.rawName?.toString('latin1') ?? entry.name, entry]))
  for (const [name, branch] of children) {
    const next = editEntry(store, objects, result.get(name), name, branch)
    if (next === null) result.delete(name)
    else result.set(name, next)
  }
  return [...result.values()]
}

function editEntry(
  store: ObjectStore,
  objects: Map<ObjectId, GitObject>,
  old: TreeEntry | undefined,
  name: string,
  branch: Branch,
): TreeEntry | null {
  const { edit, children } = branch
  if (edit !== null && edit !== undefined) {
    if (holdsFile(branch)) throw bothFileAndFolder(name)
    const kept = old === undefined || isFolder(old) ? FILE_MODE : old.mode
    return { name, mode: edit.mode ?? kept, id: edit.id }
  }
  if (children.size === 0) return old !== undefined && isFolder(old) ? old : null
  const isOldFolder = old !== undefined && isFolder(old)
  const entries = editEntries(store, objects, isOldFolder ? readTree(store, old.id) : [], branch)
  // Git keeps no empty folders; a removal below a file that stays changes nothing.
  if (entries.length === 0) return isOldFolder || old === undefined || edit === null ? null : old
  return { name, mode: FOLDER_MODE, id: keep(objects, 'tree', serialiseTree(entries)) }
}

/** Whether a file is to be written below; removals there go well with a file in the folder's place. */
function holdsFile({ children }: Branch): boolean {
  return [...children.values()].some((child) => (child.edit ?? null) !== null || holdsFile(child))
}

function keep(objects: Map<ObjectId, GitObject>, kind: GitObject['kind'], content: Buffer): ObjectId {
  const id = objectId(kind, content)
  objects.set(id, { kind, content })
  return id
}

function bothFileAndFolder(name: string): Fault {
  return new Fault('git/path-conflict', `\`${name}\` would be a file and a folder at once`)
}
