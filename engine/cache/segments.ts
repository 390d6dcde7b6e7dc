// Pieces of bytes in files that are written once: what is new goes into a new file, and all is written into one again
// when too much of the old is not used any more. A file that is lost, torn or another's is as good as absent.
import { crc32 } from 'node:zlib'
import type { CacheFolder } from '../world.ts'
import { keyOf } from './file-ids.ts'

/** One file; what does not have this length and sum is not it. */
export interface Segment {
  readonly name: string
  readonly length: number
  readonly sum: number
}

/** A half-open range of a segment, by its place in the list. */
export type Ref = readonly [segment: number, from: number, to: number]

/** Bytes that are new, or where they are. */
export type Piece = Uint8Array | Ref

/** Arbitrary: a file a change, until they are many. */
const MOST_SEGMENTS = 16
/** Of what is kept, how much may be unused. */
const MOST_UNUSED = 0.5

/** The pieces that a list of segments holds. Reading never fails: what is not as it was written is null. */
export class Segments {
  readonly #folder: CacheFolder
  readonly #prefix: string
  readonly #list: readonly Segment[]
  readonly #read = new Map<number, Uint8Array | null>()

  /** `list` as `store` gave it. */
  constructor(folder: CacheFolder, prefix: string, list: readonly Segment[]) {
    this.#folder = folder
    this.#prefix = prefix
    this.#list = list
  }

  get list(): readonly Segment[] {
    return this.#list
  }

  /** Null where the file is not what it was. The bytes are the caller's: nothing else looks at them before `store`. */
  get(piece: Piece): Uint8Array | null {
    if (piece instanceof Uint8Array) return piece
    const [index, from, to] = piece
    let bytes = this.#read.get(index)
    if (bytes === undefined) {
      bytes = this.#verified(this.#list[index])
      this.#read.set(index, bytes)
    }
    return bytes === null ? null : bytes.subarray(from, to)
  }

  /** Writes what is new; the list to come back with and a place for each piece. Null where a piece is lost or writing fails. */
  store(pieces: readonly Piece[]): { readonly list: readonly Segment[]; readonly refs: readonly Ref[] } | null {
    const isWhole = this.#isWasteful(pieces)
    const fresh: Uint8Array[] = []
    const first = isWhole ? 0 : this.#list.length
    const refs: Ref[] = []
    let length = 0
    for (const piece of pieces) {
      if (!isWhole && !(piece instanceof Uint8Array)) {
        refs.push(piece)
        continue
      }
      const bytes = this.get(piece)
      if (bytes === null) return null
      refs.push([first, length, length + bytes.length])
      if (bytes.length > 0) fresh.push(bytes)
      length += bytes.length
    }
    const kept = isWhole ? [] : this.#list
    if (length === 0) return { list: kept, refs }
    const segment = this.#write([...joined(fresh)], length)
    return segment === null ? null : { list: [...kept, segment], refs }
  }

  /** Removes the files that a list does not name: after that list was written, so that what is read is never gone. */
  sweep(list: readonly Segment[]): void {
    if (this.#list.length > 0 && list.length > this.#list.length) return
    const named = new Set(list.map(({ name }) => name))
    for (const name of this.#folder.list()) {
      if (name.startsWith(`${this.#prefix}-`) && !named.has(name)) this.#folder.remove(name)
    }
  }

  #verified(segment: Segment | undefined): Uint8Array | null {
    if (segment === undefined) return null
    const bytes = this.#folder.read(segment.name)
    return bytes !== null && bytes.length === segment.length && crc32(bytes) === segment.sum ? bytes : null
  }

  #write(pieces: readonly Uint8Array[], length: number): Segment | null {
    let sum = 0
    for (const piece of pieces) sum = crc32(piece, sum)
    const name = `${this.#prefix}-${keyOf([this.#list, sum, length])}`
    return this.#folder.write(name, pieces) ? { name, length, sum } : null
  }

  #isWasteful(pieces: readonly Piece[]): boolean {
    if (this.#list.length >= MOST_SEGMENTS) return true
    const stored = this.#list.reduce((sum, { length }) => sum + length, 0)
    let used = 0
    for (const piece of pieces) if (!(piece instanceof Uint8Array)) used += piece[2] - piece[1]
    return stored - used > used * MOST_UNUSED
  }
}

/** The same bytes in fewer pieces: neighbours in one memory are one. */
export function* joined(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  let last: Uint8Array | null = null
  for (const piece of pieces) {
    if (piece.length === 0) continue
    if (last !== null && last.buffer === piece.buffer && last.byteOffset + last.length === piece.byteOffset) {
      last = new Uint8Array(last.buffer, last.byteOffset, last.length + piece.length)
      continue
    }
    if (last !== null) yield last
    last = piece
  }
  if (last !== null) yield last
}
