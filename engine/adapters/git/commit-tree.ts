// The files of one commit as a SourceTree.
import { Fault } from '../../base/fault.ts'
import { compareText } from '../../base/order.ts'
import type { ObjectId, SourceTree, TreeFile } from '../../world.ts'
import type { ObjectStore } from './object-store.ts'
import { requireListable } from './tree-limits.ts'
import { entryAt, fileMode, isFolder, readTree, type TreeEntry } from './tree-object.ts'

/** `tree` is the commit's tree. Listings are kept for the life of the value. */
export function commitTree(objects: ObjectStore, commit: ObjectId, tree: ObjectId): SourceTree {
  const listed = new Map<string, readonly TreeFile[]>()
  const ids = new Map<string, ObjectId>()
  const listOne = (folder: string): readonly TreeFile[] => {
    const known = listed.get(folder)
    if (known !== undefined) return known
    const entry = entryAt(objects, tree, folder)
    const files = entry === null ? [] : filesAt(objects, entry, folder)
    listed.set(folder, files)
    for (const file of files) if (file.id !== null) ids.set(file.path, file.id)
    return files
  }
  const find = (path: string): ObjectId | null => {
    const known = ids.get(path)
    if (known !== undefined) return known
    const entry = entryAt(objects, tree, path)
    return entry === null || isFolder(entry) ? null : entry.id
  }
  return {
    label: `commit ${commit.slice(0, 12)}`,
    commit,
    dirty: [],
    list: (folders) => mergeFolders(folders, listOne),
    has: (path) => find(path) !== null,
    read: (path) => {
      const id = find(path)
      if (id === null) throw noSuchFile(path, `commit \`${commit}\``)
      return objects.read(id, 'blob', path)
    },
    treeId: (folder) => folderId(objects, tree, folder),
  }
}

/** The tree id of a folder below a tree; null where there is no such folder. */
export function folderId(objects: ObjectStore, tree: ObjectId, folder: string): ObjectId | null {
  const entry = entryAt(objects, tree, folder)
  return entry !== null && isFolder(entry) ? entry.id : null
}

/** What stands where a folder is asked for may be a file, a link or a submodule: then it is listed by itself. */
function filesAt(objects: ObjectStore, entry: TreeEntry, path: string): TreeFile[] {
  return isFolder(entry) ? filesOf(objects, entry.id, path) : [{ path, id: entry.id, mode: fileMode(entry.mode) }]
}

/** Every file below a tree, sorted by path; `folder` stands before each (`''` for none). Faults `git/too-large`. */
export function filesOf(objects: ObjectStore, tree: ObjectId, folder: string): TreeFile[] {
  const files: TreeFile[] = []
  let folders = 0
  const visit = (id: ObjectId, prefix: string, depth: number): void => {
    requireListable(prefix, { depth, entries: files.length + ++folders })
    for (const entry of readTree(objects, id, prefix)) {
      const path = prefix + entry.name
      if (isFolder(entry)) visit(entry.id, `${path}/`, depth + 1)
      else files.push({ path, id: entry.id, mode: fileMode(entry.mode) })
    }
  }
  visit(tree, folder === '' ? '' : `${folder}/`, 1)
  return files.sort((a, b) => compareText(a.path, b.path))
}

/** One list of several folders, sorted, each file once also where folders lie within each other. */
export function mergeFolders(
  folders: readonly string[],
  listOne: (folder: string) => readonly TreeFile[],
): readonly TreeFile[] {
  const names = [...new Set(folders.map((folder) => folder.replace(/\/+$/, '')))]
  const outer = names.filter(
    (name) => !names.some((other) => other !== name && (other === '' || name.startsWith(`${other}/`))),
  )
  const files = outer.flatMap(listOne)
  return outer.length === 1 ? files : files.sort((a, b) => compareText(a.path, b.path))
}

/** The fault for a path that a commit or working tree does not have. */
export function noSuchFile(path: string, where: string): Fault {
  return new Fault('git/no-such-file', `${where} has no file \`${path}\``)
}
