// The index as the working tree asks for it: entries by path, the entries below a folder, and how it differs from a tree.
import { compareText } from '../../base/order.ts'
import type { ObjectId } from '../../world.ts'
import { filesOf } from './commit-tree.ts'
import type { IndexEntry, IndexFile } from './index-file.ts'
import { objectId } from './object-id.ts'
import type { ObjectStore } from './object-store.ts'
import {
  EXECUTABLE_MODE,
  FILE_MODE,
  FOLDER_MODE,
  isFolder,
  LINK_MODE,
  readTree,
  SUBMODULE_MODE,
  serialiseTree,
  type TreeEntry,
} from './tree-object.ts'

export class IndexView {
  readonly entries: readonly IndexEntry[]
  readonly mtimeMs: number
  /** As the file had them. */
  readonly trees: ReadonlyMap<string, ObjectId>
  readonly #objects: ObjectStore
  readonly #trees: Map<string, ObjectId>
  readonly #byPath: Map<string, IndexEntry>

  constructor(file: IndexFile, objects: ObjectStore) {
    this.entries = file.entries.some(isFolder) ? expandFolders(file.entries, objects) : file.entries
    this.mtimeMs = file.mtimeMs
    this.trees = file.trees
    this.#objects = objects
    this.#trees = new Map(file.trees)
    this.#byPath = new Map(this.entries.map((entry) => [entry.path, entry]))
  }

  /** Of a conflict, one of its sides. */
  entry(path: string): IndexEntry | undefined {
    return this.#byPath.get(path)
  }

  /** Entries below a folder (`''` for all), sorted. */
  below(folder: string): readonly IndexEntry[] {
    if (folder === '') return this.entries
    return this.entries.slice(this.#lowerBound(`${folder}/`), this.#lowerBound(`${folder}0`))
  }

  /** Paths below a folder whose entry differs from that folder's tree (null: there is none), unsorted. */
  differencesFrom(folder: string, tree: ObjectId | null): string[] {
    const paths: string[] = []
    this.#compare(folder, this.below(folder), tree, paths)
    return paths
  }

  /**
   * The extension TREE for these entries: what `git commit` and the next `dirty` need not compute again.
   * Invariant: only trees that are stored are named, since Git commits them unseen.
   */
  treeExtension(isStored: (id: ObjectId) => boolean): Buffer {
    const pieces: Buffer[] = []
    const write = (name: string, folder: string, entries: readonly IndexEntry[]): void => {
      const subfolders = [...groupByName(entries, folder)].filter(
        ([child, [first]]) => first?.path !== join(folder, child),
      )
      const id = this.#treeId(folder, entries)
      const isKnown = id !== null && isStored(id)
      pieces.push(Buffer.from(`${name}\0${isKnown ? entries.length : -1} ${subfolders.length}\n`))
      if (isKnown) pieces.push(Buffer.from(id, 'hex'))
      for (const [child, group] of subfolders.sort(([a], [b]) => a.length - b.length || compareText(a, b))) {
        write(child, join(folder, child), group)
      }
    }
    write('', '', this.entries)
    return Buffer.concat(pieces)
  }

  #compare(folder: string, entries: readonly IndexEntry[], tree: ObjectId | null, paths: string[]): void {
    if (entries.length > 0 && tree !== null && this.#treeId(folder, entries) === tree) return
    const there = new Map((tree === null ? [] : readTree(this.#objects, tree, folder)).map((e) => [e.name, e]))
    for (const [name, group] of groupByName(entries, folder)) {
      const path = join(folder, name)
      const other = there.get(name)
      there.delete(name)
      const [first] = group
      if (first !== undefined && first.path !== path) {
        if (other !== undefined && !isFolder(other)) paths.push(path)
        this.#compare(path, group, other !== undefined && isFolder(other) ? other.id : null, paths)
      } else if (!group.every((entry) => isSame(entry, other))) {
        paths.push(path)
        if (other !== undefined && isFolder(other)) this.#pushAll(other, path, paths)
      }
    }
    for (const [name, other] of there) this.#pushAll(other, join(folder, name), paths)
  }

  #pushAll(entry: TreeEntry, path: string, paths: string[]): void {
    if (isFolder(entry)) paths.push(...filesOf(this.#objects, entry.id, path).map((file) => file.path))
    else paths.push(path)
  }

  /** The id of the tree that these entries would make; from the index's own extension where that still holds. */
  #treeId(folder: string, entries: readonly IndexEntry[]): ObjectId | null {
    const known = this.#trees.get(folder)
    if (known !== undefined) return known
    const children: TreeEntry[] = []
    for (const [name, group] of groupByName(entries, folder)) {
      const path = join(folder, name)
      const [first] = group
      if (first === undefined || first.stage !== 0 || first.intentToAdd) return null
      if (first.path === path) {
        children.push({ name, mode: canonicalMode(first.mode), id: first.id })
        continue
      }
      const id = this.#treeId(path, group)
      if (id === null) return null
      children.push({ name, mode: FOLDER_MODE, id })
    }
    const id = objectId('tree', serialiseTree(children))
    this.#trees.set(folder, id)
    return id
  }

  #lowerBound(path: string): number {
    let low = 0
    let high = this.entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareText(this.entries[middle]?.path ?? '', path) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Trees know two modes of files; an index made elsewhere may hold others. */
export function canonicalMode(mode: number): number {
  const kind = mode & 0o170000
  if (kind === (LINK_MODE & 0o170000)) return LINK_MODE
  if (kind === SUBMODULE_MODE) return SUBMODULE_MODE
  return (mode & 0o100) === 0 ? FILE_MODE : EXECUTABLE_MODE
}

function isSame(entry: IndexEntry, other: TreeEntry | undefined): boolean {
  if (other === undefined || entry.stage !== 0 || entry.intentToAdd) return false
  return entry.id === other.id && canonicalMode(entry.mode) === canonicalMode(other.mode) && !isFolder(other)
}

/** Entries by their next name below a folder: one file, the sides of its conflict, or all below a folder. */
function groupByName(entries: readonly IndexEntry[], folder: string): Map<string, IndexEntry[]> {
  const start = folder === '' ? 0 : folder.length + 1
  const groups = new Map<string, IndexEntry[]>()
  for (const entry of entries) {
    const slash = entry.path.indexOf('/', start)
    const name = entry.path.slice(start, slash < 0 ? undefined : slash)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [entry])
    else group.push(entry)
  }
  return groups
}

/** A sparse index has entries for folders outside the checkout: `models/`, mode 40000, a tree's id. */
function expandFolders(entries: readonly IndexEntry[], objects: ObjectStore): IndexEntry[] {
  return entries
    .flatMap((entry) => {
      if (!isFolder(entry)) return [entry]
      return filesOf(objects, entry.id, entry.path.replace(/\/$/, '')).map((file) => ({
        ...entry,
        path: file.path,
        id: file.id ?? entry.id,
        mode: MODES[file.mode],
        skipWorktree: true,
      }))
    })
    .sort((a, b) => compareText(a.path, b.path) || a.stage - b.stage)
}

const MODES = { file: FILE_MODE, executable: EXECUTABLE_MODE, link: LINK_MODE, submodule: SUBMODULE_MODE } as const

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
