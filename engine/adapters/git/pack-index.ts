// Pack indexes, version 2 and 1: object id → offset in the pack. https://git-scm.com/docs/pack-format#_version_2_pack_idx_files_support_packs_larger_than_4_gib_and
// A large file is read in pieces, as they are asked for: a run looks for a hundred objects among all that there ever were.
import { Fault } from '../../base/fault.ts'
import type { ObjectId } from '../../world.ts'
import { readPiece, readStart, readWholeFile } from './plain-file.ts'

/** Which objects a pack has, and where. */
export interface PackIndex {
  readonly count: number
  /** -1 where the pack does not have it. */
  offsetOf(id: Buffer): number
  idAt(position: number): ObjectId
  offsetAt(position: number): number
  /** Of the entry's bytes in the pack; null in an index of version 1. */
  crcAt(position: number): number | null
  /** Positions whose ids begin with these hex digits: first, and the one after the last. */
  range(prefix: string): readonly [number, number]
}

/** Faults `git/damaged-pack` where the file is no index, also later where it is cut off meanwhile. */
export function readPackIndex(path: string): PackIndex {
  const { bytes: file, size } = readStart(path, SMALL_BYTES)
  const isV2 = file.length >= 8 && file.readUInt32BE(0) === 0xff744f63
  if (isV2 && file.readUInt32BE(4) !== 2) throw damaged(path)
  const fanout = isV2 ? 8 : 0
  const table = fanout + 1024
  if (file.length < table) throw damaged(path)
  const upTo = Array.from({ length: 256 }, (_, byte) => file.readUInt32BE(fanout + byte * 4))
  if (upTo.some((many, byte) => many < (upTo[byte - 1] ?? 0))) throw damaged(path)
  const count = upTo[255] ?? 0
  if (size < table + count * (isV2 ? 28 : 24) + 40) throw damaged(path)
  const layout = isV2
    ? { ids: table, stride: 20, offsets: table + count * 24, wide: table + count * 28 }
    : { ids: table + 4, stride: 24, offsets: -1, wide: -1 }
  return new SearchedIndex({ path, upTo, whole: size <= SMALL_BYTES ? file : null }, layout)
}

/** Up to here an index is read whole: 9,000 objects. */
const SMALL_BYTES = 256 << 10

interface Layout {
  readonly ids: number
  readonly stride: number
  /** -1: the offset stands before each id (version 1). */
  readonly offsets: number
  readonly wide: number
}

interface IndexStart {
  readonly path: string
  /** How many ids begin with each byte or one before it. */
  readonly upTo: readonly number[]
  readonly whole: Buffer | null
}

/** What stands of the ids that begin with one byte. */
interface Bucket {
  readonly from: number
  readonly count: number
  readonly ids: Buffer
}

class SearchedIndex implements PackIndex {
  readonly count: number
  readonly #path: string
  readonly #upTo: readonly number[]
  readonly #layout: Layout
  readonly #buckets = new Map<number, Bucket>()
  #whole: Buffer | null

  constructor({ path, upTo, whole }: IndexStart, layout: Layout) {
    this.#path = path
    this.#upTo = upTo
    this.#layout = layout
    this.#whole = whole
    this.count = upTo[255] ?? 0
  }

  offsetOf(id: Buffer): number {
    const { from, count, ids } = this.#bucket(id[0] ?? 0)
    const { stride } = this.#layout
    let low = 0
    let high = count
    while (low < high) {
      const middle = (low + high) >>> 1
      const order = ids.compare(id, 0, 20, middle * stride, middle * stride + 20)
      if (order === 0) return this.#offsetAt(from + middle)
      if (order < 0) low = middle + 1
      else high = middle
    }
    return -1
  }

  idAt(position: number): ObjectId {
    const at = this.#layout.ids + position * this.#layout.stride
    return this.#all().toString('hex', at, at + 20)
  }

  offsetAt(position: number): number {
    this.#all()
    return this.#offsetAt(position)
  }

  crcAt(position: number): number | null {
    const { offsets, ids } = this.#layout
    return offsets < 0 ? null : this.#all().readUInt32BE(ids + this.count * 20 + position * 4)
  }

  range(prefix: string): readonly [number, number] {
    return [this.#lowerBound(prefix.padEnd(40, '0')), this.#lowerBound(`${prefix.padEnd(40, 'f')}~`)]
  }

  #offsetAt(position: number): number {
    const { ids, stride, offsets, wide } = this.#layout
    if (offsets < 0) return this.#slice(ids + position * stride - 4, 4).readUInt32BE()
    const offset = this.#slice(offsets + position * 4, 4).readUInt32BE()
    if (offset < 0x80000000) return offset
    const bytes = this.#slice(wide + (offset - 0x80000000) * 8, 8, 'there or not')
    // Outside the table: outside the pack, which is a fault when it is read there.
    return bytes.length === 8 ? Number(bytes.readBigUInt64BE()) : Number.MAX_SAFE_INTEGER
  }

  #bucket(byte: number): Bucket {
    const known = this.#buckets.get(byte)
    if (known !== undefined) return known
    const from = byte === 0 ? 0 : (this.#upTo[byte - 1] ?? 0)
    const count = (this.#upTo[byte] ?? 0) - from
    const { ids, stride } = this.#layout
    const bucket = { from, count, ids: this.#slice(ids + from * stride, Math.max(0, count * stride - (stride - 20))) }
    this.#buckets.set(byte, bucket)
    return bucket
  }

  #lowerBound(id: string): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.idAt(middle) < id) low = middle + 1
      else high = middle
    }
    return low
  }

  #slice(at: number, length: number, end: 'there' | 'there or not' = 'there'): Buffer {
    const bytes = this.#whole === null ? readPiece(this.#path, at, length) : this.#whole.subarray(at, at + length)
    if (bytes.length < length && end === 'there') throw damaged(this.#path)
    return bytes
  }

  /** For those who go through all of it. */
  #all(): Buffer {
    this.#whole ??= readWholeFile(this.#path)
    return this.#whole
  }
}

function damaged(path: string): Fault {
  return new Fault(
    'git/damaged-pack',
    `\`${path}\` is not a pack index that can be read`,
    'run `git fsck`, or clone again',
  )
}
