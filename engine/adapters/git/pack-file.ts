// Reads objects from one pack, version 2: https://git-scm.com/docs/pack-format
// No file is held open; bytes come through a few windows of the file, so that reading in pack order is one read a window
// and memory stays flat.
import { closeSync, readSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { isAbsent } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { readAt } from '../../base/read-at.ts'
import type { BaseCache } from './base-cache.ts'
import { applyDelta, MAX_SIZE } from './delta.ts'
import type { GitObject, ObjectKind } from './object-id.ts'
import type { PackIndex } from './pack-index.ts'
import type { PackWindows } from './pack-windows.ts'
import { openWholeFile, tooLarge, unreadableFile } from './plain-file.ts'

/** Objects of one run lie far from each other in the packs of a long history; more would be read for nothing. */
const WINDOW = 1 << 17
const KINDS: readonly (ObjectKind | null)[] = [null, 'commit', 'tree', 'blob', 'tag']
const OFS_DELTA = 6
const REF_DELTA = 7
/** Git's own limit (`pack.depth`); it writes chains of 50, and 250 when asked for a tight pack. */
const MAX_CHAIN = 4095
/** What a chain of deltas may build on the way to one object: no honest one comes near, and it takes a second or two. */
const MAX_BUILT = 8 * MAX_SIZE

/** Where an object lies in a pack, and in which form. */
export interface PackEntry {
  readonly type: number
  /** Inflated. */
  readonly size: number
  /** Where the deflated bytes begin. */
  readonly data: number
  /** Offset of the base in this pack for a delta; -1 otherwise. */
  readonly base: number
}

/** What the packs of a store share. */
export interface PackMemory {
  readonly cache: BaseCache
  readonly windows: PackWindows
}

/** One pack, read in pieces. Its index says where objects are. */
export class PackFile {
  readonly path: string
  readonly index: PackIndex
  readonly #cache: BaseCache
  readonly #windows: PackWindows
  #size = -1

  constructor(path: string, index: PackIndex, { cache, windows }: PackMemory) {
    this.path = path
    this.index = index
    this.#cache = cache
    this.#windows = windows
  }

  /** Null where this pack does not have the object. Faults `git/damaged-pack`, `git/too-large`. */
  read(id: Buffer): GitObject | null {
    const offset = this.index.offsetOf(id)
    return offset < 0 ? null : this.readAt(offset)
  }

  readAt(offset: number): GitObject {
    const deltas: { readonly at: number; readonly delta: Buffer }[] = []
    let at = offset
    let held = 0
    let built = 0
    let object = this.#cache.get(this.path, at)
    while (object === undefined) {
      const entry = this.entryAt(at)
      const bytes = this.#inflate(entry, at)
      const kind = KINDS[entry.type]
      if (kind !== undefined && kind !== null) {
        object = { kind, content: bytes }
        if (deltas.length > 0) this.#cache.add(this.path, at, object)
        break
      }
      deltas.push({ at, delta: bytes })
      held += bytes.length
      if (deltas.length > MAX_CHAIN) throw this.#damaged(offset)
      if (held > MAX_SIZE) throw tooLarge(`${this.path}\` at byte \`${offset}`, held)
      at = entry.base
      object = this.#cache.get(this.path, at)
    }
    for (let i = deltas.length - 1; i >= 0; i--) {
      const step = deltas[i]
      const content: Buffer | null = step === undefined ? null : applyDelta(object.content, step.delta)
      if (step === undefined || content === null) throw this.#damaged(offset)
      built += content.length
      if (built > MAX_BUILT) throw tooLarge(`${this.path}\` at byte \`${offset}`, built, MAX_BUILT)
      object = { kind: object.kind, content }
      this.#cache.add(this.path, step.at, object)
    }
    return object
  }

  /** The kind without the content: follows the chain of deltas by headers alone. */
  kindAt(offset: number): ObjectKind {
    for (let at = offset, steps = 0; steps < MAX_CHAIN; steps++) {
      const entry = this.entryAt(at)
      const kind = KINDS[entry.type]
      if (kind !== undefined && kind !== null) return kind
      at = entry.base
    }
    throw this.#damaged(offset)
  }

  entryAt(offset: number): PackEntry {
    const head = this.#bytes(offset, 64)
    let at = 0
    const next = (): number => head[at++] ?? 0
    let byte = next()
    const type = (byte >> 4) & 7
    let size = byte & 15
    for (let scale = 16; byte >= 128 && at < head.length; scale *= 128) {
      byte = next()
      size += (byte & 127) * scale
    }
    let base = -1
    if (type === OFS_DELTA) {
      byte = next()
      let back = byte & 127
      while (byte >= 128 && at < head.length) {
        byte = next()
        back = (back + 1) * 128 + (byte & 127)
      }
      base = offset - back
      if (back <= 0 || base < 12) throw this.#damaged(offset)
    } else if (type === REF_DELTA) {
      base = this.index.offsetOf(head.subarray(at, at + 20))
      at += 20
      if (base < 0) throw this.#damaged(offset)
    }
    if (type === 0 || type === 5) throw this.#damaged(offset)
    if (size > MAX_SIZE) throw tooLarge(`${this.path}\` at byte \`${offset}`, size)
    return { type, size, data: offset + at, base }
  }

  #inflate(entry: PackEntry, offset: number): Buffer {
    // Deflate stores what it cannot shrink with 5 bytes for each 16 KiB (zlib, compressBound).
    const bound = entry.size + (entry.size >>> 10) + 64
    try {
      const bytes = inflateSync(this.#bytes(entry.data, bound), {
        chunkSize: Math.max(64, Math.min(entry.size + 16, 1 << 20)),
        maxOutputLength: entry.size + 1,
      })
      if (bytes.length === entry.size) return bytes
    } catch (cause) {
      throw this.#damaged(offset, cause)
    }
    throw this.#damaged(offset)
  }

  /** Up to `length` bytes, fewer only at the end of the file. */
  #bytes(offset: number, length: number): Buffer {
    const start = offset - (offset % WINDOW)
    let window = this.#windows.get(this.path, start)
    if (window === undefined) {
      window = this.#readFile(start, WINDOW)
      this.#windows.add(this.path, start, window)
    }
    const end = Math.min(offset + length, this.#size)
    if (end <= start + window.length) return window.subarray(offset - start, Math.max(0, end - start))
    return this.#readFile(offset, end - offset)
  }

  #readFile(offset: number, length: number): Buffer {
    const { descriptor: file, size } = this.#open()
    try {
      if (this.#size < 0) {
        this.#size = size
        this.#checkHeader(file)
      }
      const wanted = Math.max(0, Math.min(length, this.#size - offset))
      const bytes = readAt(file, offset, wanted)
      if (bytes.length < wanted) throw this.#damaged(offset)
      return bytes
    } catch (error) {
      if (error instanceof Fault || isAbsent(error)) throw error
      throw unreadableFile(this.path, error)
    } finally {
      closeSync(file)
    }
  }

  /** Absent (packed again by another process) is for the store to say. */
  #open(): { readonly descriptor: number; readonly size: number } {
    try {
      return openWholeFile(this.path)
    } catch (error) {
      throw isAbsent(error) ? error : unreadableFile(this.path, error)
    }
  }

  #checkHeader(file: number): void {
    const head = Buffer.alloc(12)
    readSync(file, head, 0, 12, 0)
    const version = head.readUInt32BE(4)
    if (head.toString('latin1', 0, 4) !== 'PACK' || (version !== 2 && version !== 3)) throw this.#damaged(0)
  }

  #damaged(offset: number, cause?: unknown): Fault {
    return new Fault(
      'git/damaged-pack',
      `\`${this.path}\` is damaged at byte ${offset}`,
      'run `git fsck`; fetch the objects again from another copy of the repository',
      { cause },
    )
  }
}
