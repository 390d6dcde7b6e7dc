// The index as the working tree asks for it: entries by path, the entries below a folder, and how it differs from a tree.
import { compareText } from '../../base/order.ts'
import type { ObjectId } from '../../world.ts'
import { filesOf } from './commit-tree.ts'
import { IndexEntries } from './index-entries.ts'
import { type IndexEntry, plainEntry } from './index-entry.ts'
import type { IndexFile } from './index-file.ts'
import { objectId } from './object-id.ts'
import type { ObjectStore } from './object-store.ts'
import type { StoredTrees } from './stored-trees.ts'
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

/**
 * One reading of an index file; folders of a sparse index are expanded. Faults `git/…` where their trees are lacking.
 */
export class IndexView {
  readonly entries: IndexEntries
  readonly mtimeMs: number
  /** As the file had them. */
  readonly trees: StoredTrees
  readonly isSummed: boolean
  readonly #objects: ObjectStore
  readonly #trees: Map<string, ObjectId>
  #found: { readonly path: string; readonly entry: IndexEntry | undefined } | null = null

  constructor(file: IndexFile, objects: ObjectStore) {
    this.entries = file.entries.hasFolders ? expandFolders(file.entries, objects) : file.entries
    this.mtimeMs = file.mtimeMs
    this.trees = file.trees
    this.isSummed = file.isSummed
    this.#objects = objects
    this.#trees = new Map()
  }

  /** Of a conflict, one of its sides. */
  entry(path: string): IndexEntry | undefined {
    // A scan asks twice of each file: whether it is tracked, and as what.
    if (this.#found?.path === path) return this.#found.entry
    const position = this.entries.lowerBound(path)
    const entry = this.entries.path(position) === path ? this.entries.at(position) : undefined
    this.#found = { path, entry }
    return entry
  }

  /** Entries below a folder (`''` for all), sorted. */
  below(folder: string): readonly IndexEntry[] {
    const { from, to } = this.#rangeOf(folder)
    return this.entries.slice(from, to)
  }

  /** Paths below a folder whose entry differs from that folder's tree (null: there is none), unsorted. */
  differencesFrom(folder: string, tree: ObjectId | null): string[] {
    const paths: string[] = []
    this.#compare(folder, this.#rangeOf(folder), tree, paths)
    return paths
  }

  /**
   * The extension TREE for these entries: what `git commit` and the next `dirty` need not compute again.
   * Invariant: only trees that are stored are named, since Git commits them unseen.
   */
  treeExtension(isStored: (id: ObjectId) => boolean): Buffer {
    const pieces: Buffer[] = []
    const write = (name: string, folder: string, range: Range): void => {
      const span = this.trees.spanOf(folder)
      if (span !== null) {
        pieces.push(Buffer.from(name), span)
        return
      }
      const id = this.#treeId(folder, range)
      const isKnown = id !== null && isStored(id)
      const subfolders = this.#children(folder, range).filter((child) => child.isFolder)
      pieces.push(Buffer.from(`${name}\0${isKnown ? range.to - range.from : -1} ${subfolders.length}\n`))
      if (isKnown) pieces.push(Buffer.from(id, 'hex'))
      const sorted = subfolders.sort((a, b) => a.name.length - b.name.length || compareText(a.name, b.name))
      for (const child of sorted) write(child.name, join(folder, child.name), child)
    }
    write('', '', this.#rangeOf(''))
    return Buffer.concat(pieces)
  }

  #compare(folder: string, range: Range, tree: ObjectId | null, paths: string[]): void {
    if (range.to > range.from && tree !== null && this.#treeId(folder, range) === tree) return
    const there = new Map((tree === null ? [] : readTree(this.#objects, tree, folder)).map((e) => [e.name, e]))
    for (const child of this.#children(folder, range)) {
      const path = join(folder, child.name)
      const other = there.get(child.name)
      there.delete(child.name)
      if (child.isFolder) {
        if (other !== undefined && !isFolder(other)) paths.push(path)
        this.#compare(path, child, other !== undefined && isFolder(other) ? other.id : null, paths)
      } else if (!this.entries.slice(child.from, child.to).every((entry) => isSame(entry, other))) {
        paths.push(path)
        if (other !== undefined && isFolder(other)) this.#pushAll(other, path, paths)
      }
    }
    for (const [name, other] of there) this.#pushAll(other, join(folder, name), paths)
  }

  #pushAll(entry: TreeEntry, path: string, paths: string[]): void {
    if (!isFolder(entry)) paths.push(path)
    else for (const file of filesOf(this.#objects, entry.id, path)) paths.push(file.path)
  }

  /** The id of the tree that these entries would make; from the index's own extension where that still holds. */
  #treeId(folder: string, range: Range): ObjectId | null {
    const known = this.#trees.get(folder) ?? this.trees.idOf(folder)
    if (known !== null) return known
    const children: TreeEntry[] = []
    for (const child of this.#children(folder, range)) {
      const first = this.entries.at(child.from)
      if (first === undefined) return null
      if (!child.isFolder) {
        if (first.stage !== 0 || first.intentToAdd) return null
        children.push({ name: child.name, mode: canonicalMode(first.mode), id: first.id })
        continue
      }
      const id = this.#treeId(join(folder, child.name), child)
      if (id === null) return null
      children.push({ name: child.name, mode: FOLDER_MODE, id })
    }
    const id = objectId('tree', serialiseTree(children))
    this.#trees.set(folder, id)
    return id
  }

  /** What stands right below a folder: one file, the sides of its conflict, or all below a folder, which is skipped. */
  #children(folder: string, { from, to }: Range): Child[] {
    const start = folder === '' ? 0 : folder.length + 1
    const children: Child[] = []
    for (let at = from; at < to; ) {
      const path = this.entries.path(at)
      const slash = path.indexOf('/', start)
      let end = at + 1
      if (slash < 0) while (end < to && this.entries.path(end) === path) end++
      else end = this.#endOf(path.slice(0, slash), at, to)
      children.push({ name: path.slice(start, slash < 0 ? undefined : slash), isFolder: slash >= 0, from: at, to: end })
      at = end
    }
    return children
  }

  /** Past all below a folder that begins at `from`: its tree tells how many they are, where it is known. */
  #endOf(folder: string, from: number, to: number): number {
    const guess = from + (this.trees.countOf(folder) ?? 0)
    const isBelow = (position: number) => this.entries.path(position).startsWith(`${folder}/`)
    if (guess > from && guess <= to && isBelow(guess - 1) && (guess === to || !isBelow(guess))) return guess
    return this.entries.lowerBound(`${folder}0`, from, to)
  }

  #rangeOf(folder: string, within: Range = { from: 0, to: this.entries.length }): Range {
    if (folder === '') return within
    const from = this.entries.lowerBound(`${folder}/`, within.from, within.to)
    return { from, to: this.entries.lowerBound(`${folder}0`, from, within.to) }
  }
}

/** Positions of entries: the first, and the one after the last. */
interface Range {
  readonly from: number
  readonly to: number
}

interface Child extends Range {
  readonly name: string
  readonly isFolder: boolean
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

/** A sparse index has entries for folders outside the checkout: `models/`, mode 40000, a tree's id. */
function expandFolders(entries: IndexEntries, objects: ObjectStore): IndexEntries {
  const expanded = entries.slice().flatMap((entry) => {
    if (!isFolder(entry)) return [entry]
    return filesOf(objects, entry.id, entry.path.replace(/\/$/, '')).map((file) => ({
      ...plainEntry(entry),
      path: file.path,
      id: file.id ?? entry.id,
      mode: MODES[file.mode],
      skipWorktree: true,
    }))
  })
  return IndexEntries.of(expanded.sort((a, b) => compareText(a.path, b.path) || a.stage - b.stage))
}

const MODES = { file: FILE_MODE, executable: EXECUTABLE_MODE, link: LINK_MODE, submodule: SUBMODULE_MODE } as const

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
