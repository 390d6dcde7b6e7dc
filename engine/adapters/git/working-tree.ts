// The working folder as a SourceTree: ids of clean files from the index, content from disk, and what differs from HEAD.
// Each folder is scanned once, when it is first asked for; a file that changes after that is a fault when it is read.
import { readlinkSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { compareText } from '../../base/order.ts'
import type { ObjectId, SourceTree, TreeFile } from '../../world.ts'
import { folderId, mergeFolders, noSuchFile } from './commit-tree.ts'
import { compareWithIndex, type FileStateContext } from './file-state.ts'
import type { Repository } from './find-repository.ts'
import { readIndex } from './index-file.ts'
import { IndexView } from './index-view.ts'
import type { ObjectStore } from './object-store.ts'
import { readPlainFile } from './plain-file.ts'
import { requireSafePath } from './safe-path.ts'
import { lstatOrNull, scanFolder } from './scan-folder.ts'
import { StatTable } from './stat-table.ts'
import { fileMode } from './tree-object.ts'
import { WorktreeRules } from './worktree-rules.ts'

/** The folders whose changes are named in `dirty`. */
export const GOVERNED_FOLDERS = ['ledger', 'models', 'policies', 'reports'] as const

/** What a working tree is compared with, and by which rules. */
export interface WorkingTreeOptions {
  readonly repository: Repository
  readonly root: string
  readonly objects: ObjectStore
  /** The commit that HEAD is, and its tree; null in a repository without commits. */
  readonly head: { readonly commit: ObjectId; readonly tree: ObjectId } | null
}

/** The files as they lie on disk, less what is ignored; each is read once it is asked for. */
export function workingTree(options: WorkingTreeOptions): SourceTree {
  const scans = new WorktreeScans(options)
  let dirty: readonly string[] | null = null
  return {
    label: 'working tree',
    commit: options.head?.commit ?? null,
    get dirty() {
      dirty ??= dirtyIn(scans, GOVERNED_FOLDERS)
      return dirty
    },
    list: (folders) => mergeFolders(folders, (folder) => scans.scan(folder).files),
    has: (path) => scans.find(path) !== null,
    read: (path) => scans.read(path),
    learnIds: (ids) => scans.learn(ids),
    treeId: (folder) => (options.head === null ? null : folderId(options.objects, options.head.tree, folder)),
  }
}

/** Paths below these folders that differ from HEAD, sorted; no other folder is looked into. */
export function dirtyIn(scans: WorktreeScans, folders: readonly string[]): string[] {
  return [...new Set(folders.flatMap((folder) => scans.dirtyIn(folder)))].sort(compareText)
}

/** Where the content of a file is: on disk with this stat, or (sparse checkout) in the object store alone. */
type Place = { readonly stat: Stats } | { readonly stored: ObjectId }

interface Scan {
  readonly files: readonly TreeFile[]
  /** Differ from the index. */
  readonly changed: readonly string[]
}

/** Folders looked at once and kept, so that `list`, `dirty` and `read` agree. */
export class WorktreeScans {
  readonly #options: WorkingTreeOptions
  readonly index: IndexView
  readonly state: FileStateContext
  readonly #scans = new Map<string, Scan>()
  readonly #places = new Map<string, Place>()
  /** Read files with carriage returns: what Git would store of them depends on attributes, not on their stat alone. */
  readonly #depends = new Set<string>()

  constructor(options: WorkingTreeOptions) {
    const { repository, root, objects } = options
    this.#options = options
    this.index = new IndexView(readIndex(join(repository.gitDir, 'index')), objects)
    this.state = {
      root,
      rules: new WorktreeRules(repository, root),
      stats: new StatTable(repository.commonDir, root),
      stored: (id) => objects.find(id)?.content ?? null,
      policy: {
        fileMode: repository.config.isOn('core.fileMode') ?? true,
        symlinks: repository.config.isOn('core.symlinks') ?? true,
        trustCtime: repository.config.isOn('core.trustCtime') ?? true,
        minimal: repository.config.get('core.checkStat') === 'minimal',
        indexMtimeMs: this.index.mtimeMs,
      },
    }
  }

  scan(folder: string): Scan {
    const known = this.#scans.get(folder)
    if (known !== undefined) return known
    // A folder below another is a part of its scan, so that no file is looked at twice.
    const [top = ''] = folder.split('/', 1)
    const scan = top === folder ? this.#scan(folder) : partOf(this.scan(top), folder)
    this.#scans.set(folder, scan)
    return scan
  }

  dirtyIn(folder: string): string[] {
    const { head, objects } = this.#options
    const tree = head === null ? null : folderId(objects, head.tree, folder)
    return [...this.scan(folder).changed, ...this.index.differencesFrom(folder, tree)]
  }

  find(path: string): Place | null {
    const known = this.#places.get(path)
    if (known !== undefined) return known
    requireSafePath(path)
    const stat = this.#statBelow(path)
    if (stat !== null && (stat.isFile() || stat.isSymbolicLink())) return { stat }
    const entry = this.index.entry(path)
    return stat === null && entry?.skipWorktree === true ? { stored: entry.id } : null
  }

  read(path: string): Uint8Array {
    const place = this.find(path)
    if (place === null) throw noSuchFile(path, 'the working tree')
    if ('stored' in place) return this.#options.objects.read(place.stored, 'blob', path)
    // What was found has a normal path, and `join` would look at each of its characters.
    const file = `${this.#options.root}/${path}`
    if (place.stat.isSymbolicLink()) return readlinkSync(file, 'buffer')
    const bytes = readPlainFile(file, path, place.stat)
    if (bytes.includes(13)) this.#depends.add(path)
    return this.state.rules.normalise(path, bytes, () => {
      const entry = this.index.entry(path)
      return entry === undefined ? null : this.state.stored(entry.id)
    })
  }

  /** Ids of files that were read since they were scanned; a change in between was a fault of the reading. */
  learn(ids: ReadonlyMap<string, ObjectId>): void {
    for (const [path, id] of ids) {
      const place = this.#places.get(path)
      const isPlain = place !== undefined && 'stat' in place && place.stat.isFile() && !this.#depends.has(path)
      if (isPlain) this.state.stats.learn(path, place.stat, id)
    }
    this.state.stats.save((path) => this.#places.has(path))
  }

  #scan(folder: string): Scan {
    const files: TreeFile[] = []
    const changed: string[] = []
    const seen = new Set<string>()
    const isTracked = (path: string): boolean => this.index.entry(path) !== undefined
    scanFolder({ root: this.#options.root, rules: this.state.rules, isTracked }, folder, (path, stat) => {
      const entry = this.index.entry(path)
      seen.add(path)
      this.#places.set(path, { stat })
      if (entry === undefined) {
        files.push({ path, id: stat.isFile() ? this.state.stats.idOf(path, stat) : null, mode: untrackedMode(stat) })
        changed.push(path)
        return
      }
      const { isClean, id, mode } = compareWithIndex(this.state, entry, stat)
      files.push({ path, id, mode })
      if (!isClean) changed.push(path)
    })
    for (const entry of this.index.below(folder)) {
      if (seen.has(entry.path)) continue
      const mode = fileMode(entry.mode)
      if (entry.skipWorktree) this.#places.set(entry.path, { stored: entry.id })
      if (entry.skipWorktree || mode === 'submodule') files.push({ path: entry.path, id: entry.id, mode })
      else changed.push(entry.path)
    }
    return { files: files.sort((a, b) => compareText(a.path, b.path)), changed }
  }

  /** The lstat of a path whose folders are folders and not links. */
  #statBelow(path: string): Stats | null {
    const names = path.split('/')
    for (let i = 1; i < names.length; i++) {
      const parent = names.slice(0, i).join('/')
      if (lstatOrNull(join(this.#options.root, parent), parent)?.isDirectory() !== true) return null
    }
    return lstatOrNull(join(this.#options.root, path), path)
  }
}

function partOf({ files, changed }: Scan, folder: string): Scan {
  const isWithin = (path: string) => path === folder || path.startsWith(`${folder}/`)
  return { files: files.filter(({ path }) => isWithin(path)), changed: changed.filter(isWithin) }
}

function untrackedMode(stat: Stats): TreeFile['mode'] {
  if (stat.isSymbolicLink()) return 'link'
  return (stat.mode & 0o100) === 0 ? 'file' : 'executable'
}
