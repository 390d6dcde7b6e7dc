// Ids of files by what their stat was when they were hashed: for files that the index does not know, or knows by another
// stat (a copied clone). A stat is trusted only if the file was at rest for a while when it was hashed, since a write
// within one tick of the clock leaves no trace in it: https://git-scm.com/docs/racy-git
import type { Stats } from 'node:fs'
import { sha256Hex } from '../../base/canonical-json.ts'
import { parseChecked, serialiseChecked } from '../../base/checked-file.ts'
import type { ObjectId } from '../../world.ts'
import { openCacheFolder } from '../cache-folder.ts'

/** Arbitrary; longer than the coarsest clock of a file system (FAT: 2 s). */
const AT_REST_MS = 3000
const WRITER = 'stat table 1'

type Entry = readonly [size: number, mtimeMs: number, ctimeMs: number, ino: number, id: ObjectId]

/** Ids of working-tree files by their stat, kept between runs. Losing it costs time alone. */
export class StatTable {
  readonly #file: { read(): Uint8Array | null; write(pieces: readonly Uint8Array[]): void }
  #entries: Map<string, Entry> | null = null
  #hasChanged = false

  /** Of one working folder: linked worktrees share the Git directory. */
  constructor(commonDir: string, root: string) {
    const folder = openCacheFolder(commonDir)
    const name = `stats-${sha256Hex(root).slice(0, 16)}`
    this.#file = { read: () => folder.read(name), write: (pieces) => void folder.write(name, pieces) }
  }

  /** Null where the file was not seen, or not as it is now. */
  idOf(path: string, stat: Stats): ObjectId | null {
    const entry = this.#read().get(path)
    if (entry === undefined) return null
    const [size, mtimeMs, ctimeMs, ino, id] = entry
    const isSame = stat.size === size && stat.mtimeMs === mtimeMs && stat.ctimeMs === ctimeMs && stat.ino === ino
    return isSame ? id : null
  }

  /** `stat` was taken before the content was read, and the file had the same stat after. */
  learn(path: string, stat: Stats, id: ObjectId): void {
    if (Date.now() - Math.max(stat.mtimeMs, stat.ctimeMs) < AT_REST_MS) return
    this.#read().set(path, [stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino, id])
    this.#hasChanged = true
  }

  /** Writes what was learnt of paths that are still there. Never faults. */
  save(isThere: (path: string) => boolean): void {
    if (!this.#hasChanged) return
    const entries = [...this.#read()].filter(([path]) => isThere(path))
    this.#file.write(serialiseChecked(WRITER, entries))
    this.#hasChanged = false
  }

  #read(): Map<string, Entry> {
    if (this.#entries === null) {
      const bytes = this.#file.read()
      const file = bytes === null ? null : parseChecked(bytes, WRITER)
      this.#entries = new Map(file === null ? [] : (file.header as [string, Entry][]))
    }
    return this.#entries
  }
}
