// Tree objects: entries of mode, name and id, sorted by bytes with folders as if their names ended in `/`.

import { Fault } from '../../base/fault.ts'
import { compareText } from '../../base/order.ts'
import type { ObjectId, TreeFile } from '../../world.ts'
import { damagedObject } from './loose-objects.ts'
import type { ObjectStore } from './object-store.ts'
import { isSafeName } from './safe-path.ts'

/** Modes of entries, as Git writes them in octal. */
export const FOLDER_MODE = 0o40000
/** A plain file. */
export const FILE_MODE = 0o100644
/** A file that may be run. */
export const EXECUTABLE_MODE = 0o100755
/** A symbolic link: its content is the target. */
export const LINK_MODE = 0o120000
/** A commit of another repository. */
export const SUBMODULE_MODE = 0o160000

/** One name in a folder. */
export interface TreeEntry {
  readonly name: string
  readonly mode: number
  readonly id: ObjectId
  /** Only where the name is no UTF-8. */
  readonly rawName?: Buffer
}

/**
 * Entries in stored order. `id` is for faults; names that could leave the repository are a fault `git/unsafe-path`, two
 * of one name a damaged object: what is judged could be another one than what is checked out.
 */
export function parseTree(content: Buffer, id: ObjectId): TreeEntry[] {
  const entries: TreeEntry[] = []
  const names = new Set<string>()
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at)
    const end = content.indexOf(0, space)
    if (space < 0 || end < 0 || end + 21 > content.length) throw damagedObject(id, 'tree')
    const mode = Number.parseInt(content.toString('latin1', at, space), 8)
    const name = content.toString('utf8', space + 1, end)
    if (!isSafeName(name)) throw unsafeEntry(name, id)
    if (names.size === names.add(name).size) throw damagedObject(id, 'tree')
    const entry = { name, mode, id: content.toString('hex', end + 1, end + 21) }
    const isText = !name.includes('\ufffd') || Buffer.byteLength(name) === end - space - 1
    entries.push(isText ? entry : { ...entry, rawName: content.subarray(space + 1, end) })
    at = end + 21
  }
  return entries
}

/** Parsed trees of each store, for the many paths that share their folders; emptied when it grows. */
const parsed = new WeakMap<ObjectStore, { trees: Map<ObjectId, readonly TreeEntry[]>; entries: number }>()
const PARSED_ENTRIES = 50_000

/**
 * The entries of a tree, in Git's order; kept, since neighbours are asked for again. Faults `git/damaged-object`,
 * `git/missing-object`.
 */
export function readTree(objects: ObjectStore, id: ObjectId, what?: string): readonly TreeEntry[] {
  let cache = parsed.get(objects)
  const known = cache?.trees.get(id)
  if (known !== undefined) return known
  const entries = parseTree(objects.read(id, 'tree', what), id)
  if (cache === undefined || cache.entries > PARSED_ENTRIES) cache = { trees: new Map(), entries: 0 }
  cache.trees.set(id, entries)
  cache.entries += entries.length
  parsed.set(objects, cache)
  return entries
}

/** The bytes of a tree; entries in any order. */
export function serialiseTree(entries: readonly TreeEntry[]): Buffer {
  const keyed = entries.map((entry) => ({ entry, key: isFolder(entry) ? `${entry.name}/` : entry.name }))
  keyed.sort((a, b) => compareText(a.key, b.key))
  const pieces: Buffer[] = []
  for (const { entry } of keyed) {
    pieces.push(Buffer.from(`${entry.mode.toString(8)} `), entry.rawName ?? Buffer.from(entry.name))
    pieces.push(Buffer.from(`00${entry.id}`, 'hex'))
  }
  return Buffer.concat(pieces)
}

/** Whether an entry is a folder. */
export function isFolder(entry: { readonly mode: number }): boolean {
  return entry.mode === FOLDER_MODE
}

/** What an entry that is no folder is to a tree of files. */
export function fileMode(mode: number): TreeFile['mode'] {
  if (mode === LINK_MODE) return 'link'
  if (mode === SUBMODULE_MODE) return 'submodule'
  return (mode & 0o100) === 0 ? 'file' : 'executable'
}

/** The entry at a path below a tree; null where there is none. `''` is the tree itself. */
export function entryAt(objects: ObjectStore, tree: ObjectId, path: string): TreeEntry | null {
  let entry: TreeEntry = { name: '', mode: FOLDER_MODE, id: tree }
  if (path === '') return entry
  for (const name of path.split('/')) {
    if (!isFolder(entry)) return null
    const next = readTree(objects, entry.id, path).find((child) => child.name === name)
    if (next === undefined) return null
    entry = next
  }
  return entry
}

function unsafeEntry(name: string, id: ObjectId): Fault {
  return new Fault(
    'git/unsafe-path',
    `tree \`${id}\` has an entry \`${JSON.stringify(name).slice(1, -1)}\`, which is no name of a file`,
    'somebody made this tree by hand: run `git fsck` and do not check it out',
  )
}
