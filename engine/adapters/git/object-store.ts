// All objects of a repository: packs, loose objects, and the same of its alternates. Reading only (object-writer.ts writes).
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { errorCode, isAbsent } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import type { ObjectId } from '../../world.ts'
import { BaseCache } from './base-cache.ts'
import { damagedObject, listNames, looseFile, looseIdsWith, readLoose } from './loose-objects.ts'
import { EMPTY_TREE, type GitObject, type ObjectKind, objectId } from './object-id.ts'
import { PackFile } from './pack-file.ts'
import { readPackIndex } from './pack-index.ts'
import { PackWindows } from './pack-windows.ts'
import { readWholeFile, unreadableFile } from './plain-file.ts'

/** All objects of a repository and its alternates, loose and packed, whatever their form. */
export class ObjectStore {
  readonly objectsDir: string
  /** This repository's folder first, then its alternates'. */
  readonly folders: readonly string[]
  /** Why an object may be lacking, from the repository's set-up; for the fault. */
  readonly #whyLacking: () => string | null
  readonly #memory = { cache: new BaseCache(), windows: new PackWindows() }
  #packs: PackFile[] | null = null

  constructor(objectsDir: string, whyLacking: () => string | null = () => null) {
    this.objectsDir = objectsDir
    this.folders = withAlternates(objectsDir)
    this.#whyLacking = whyLacking
  }

  /** Null where the repository lacks it. Its hash is checked. Content is shared: never write into it. */
  find(id: ObjectId): GitObject | null {
    const object = this.#findAny(id)
    if (object !== null) return object
    // A pack may have come (fetch, gc of another process) since the folder was listed.
    if (this.#rescan()) return this.#findAny(id)
    return id === EMPTY_TREE ? { kind: 'tree', content: Buffer.alloc(0) } : null
  }

  /** Content of an object of this kind; `what` names it in the fault (`models/a/card.yaml`). */
  read(id: ObjectId, kind: ObjectKind, what?: string): Buffer {
    const object = this.find(id)
    if (object === null) throw this.lackingFault(id, kind, what)
    if (object.kind !== kind) {
      throw new Fault('git/wrong-object', `object \`${id}\` is a ${object.kind}, not a ${kind}`, 'run `git fsck`')
    }
    return object.content
  }

  has(id: ObjectId): boolean {
    const key = Buffer.from(id, 'hex')
    return this.#holds(id, key) || (this.#rescan() && this.#holds(id, key)) || id === EMPTY_TREE
  }

  /** Like `has`, without looking for packs that came since: for the many ids of a commit being written. */
  hasNow(id: ObjectId): boolean {
    return this.#holds(id, Buffer.from(id, 'hex'))
  }

  /** Every id that begins with `prefix` (at least 4 hex digits), sorted. */
  idsWith(prefix: string): ObjectId[] {
    const ids = new Set(this.folders.flatMap((folder) => looseIdsWith(folder, prefix)))
    for (const { index } of this.packs()) {
      const [from, to] = index.range(prefix)
      for (let i = from; i < to; i++) ids.add(index.idAt(i))
    }
    return [...ids].sort()
  }

  packs(): readonly PackFile[] {
    this.#packs ??= this.#listPacks([])
    return this.#packs
  }

  /** Looks again for packs: to be called after one was added or removed. */
  refresh(): void {
    this.#packs = this.#listPacks(this.#packs ?? [])
  }

  lackingFault(id: ObjectId, kind: ObjectKind, what?: string): Fault {
    const named = what === undefined ? '' : ` (\`${what}\`)`
    const why = this.#whyLacking()
    return new Fault(
      'git/lacking-object',
      `the repository lacks ${kind} \`${id}\`${named}${why === null ? '' : `: ${why}`}`,
      why === null
        ? 'run `git fsck`, then fetch what is lacking: `git fetch --refetch`'
        : 'fetch the rest: `git fetch --unshallow` for a shallow clone, `git fetch --refetch --no-filter` for a partial one',
    )
  }

  #holds(id: ObjectId, key: Buffer): boolean {
    return (
      this.packs().some((pack) => isIn(pack, key)) || this.folders.some((folder) => existsSync(looseFile(folder, id)))
    )
  }

  /** The first sound copy; a damaged one is a fault only where there is no other. */
  #findAny(id: ObjectId): GitObject | null {
    const key = Buffer.from(id, 'hex')
    let damage: unknown = null
    for (const look of this.#places(id, key)) {
      try {
        const object = look()
        if (object === null) continue
        if (objectId(object.kind, object.content) === id) return object
        damage ??= damagedObject(id, this.objectsDir)
      } catch (error) {
        // Absent: removed by another process's repack; its objects are in another pack now.
        if (!isAbsent(error)) damage ??= error instanceof Fault ? error : unreadableFile(this.objectsDir, error)
      }
    }
    if (damage !== null) throw damage
    return null
  }

  *#places(id: ObjectId, key: Buffer): Generator<() => GitObject | null> {
    for (const pack of this.packs()) yield () => pack.read(key)
    for (const folder of this.folders) yield () => readLoose(folder, id)
  }

  /** Whether the list of packs changed. */
  #rescan(): boolean {
    const before = this.packs()
    this.refresh()
    return before.length !== this.packs().length || before.some((pack, i) => pack !== this.packs()[i])
  }

  #listPacks(known: readonly PackFile[]): PackFile[] {
    const byPath = new Map(known.map((pack) => [pack.path, pack]))
    const packs: PackFile[] = []
    for (const folder of this.folders) {
      const names = listNames(join(folder, 'pack'))
      const files = new Set(names)
      for (const name of names) {
        const stem = name.slice(0, -4)
        if (!name.endsWith('.idx') || !files.has(`${stem}.pack`)) continue
        const path = join(folder, 'pack', `${stem}.pack`)
        const pack = byPath.get(path) ?? this.#openPack(path)
        if (pack !== null) packs.push(pack)
      }
    }
    // The small ones are new, and most of what is asked for is.
    return packs.sort((a, b) => a.index.count - b.index.count)
  }

  #openPack(path: string): PackFile | null {
    const index = `${path.slice(0, -'.pack'.length)}.idx`
    try {
      return new PackFile(path, readPackIndex(index), this.#memory)
    } catch (error) {
      if (isAbsent(error)) return null
      throw error instanceof Fault ? error : unreadableFile(index, error)
    }
  }
}

/** A pack that another process has removed (its objects are in another now) holds nothing. */
function isIn({ path, index }: PackFile, key: Buffer): boolean {
  try {
    return index.offsetOf(key) >= 0
  } catch (error) {
    if (isAbsent(error)) return false
    throw error instanceof Fault ? error : unreadableFile(path, error)
  }
}

/** https://git-scm.com/docs/gitrepository-layout#Documentation/gitrepository-layout.txt-objectsinfoalternates; Git too stops at 5. */
function withAlternates(objectsDir: string): string[] {
  const folders: string[] = []
  const visit = (folder: string, depth: number): void => {
    if (depth > 5 || folders.includes(folder)) return
    folders.push(folder)
    for (const line of readAlternates(folder)) visit(resolve(folder, line), depth + 1)
  }
  visit(objectsDir, 0)
  return folders
}

function readAlternates(folder: string): string[] {
  try {
    const text = readWholeFile(join(folder, 'info/alternates')).toString('utf8')
    return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  } catch (error) {
    if (isAbsent(error)) return []
    throw new Fault('git/unreadable', `cannot read the alternates of \`${folder}\` (${errorCode(error)})`)
  }
}
