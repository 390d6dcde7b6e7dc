// Pack indexes, version 2 and 1: object id → offset in the pack. https://git-scm.com/docs/pack-format#_version_2_pack_idx_files_support_packs_larger_than_4_gib_and
// The file is held in memory (32 bytes an object) and searched in place.
import { Fault } from '../../base/fault.ts'
import type { ObjectId } from '../../world.ts'
import { readWholeFile } from './plain-file.ts'

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

/** Faults `git/damaged-pack` where the file is no index. */
export function readPackIndex(path: string): PackIndex {
  const file = readWholeFile(path)
  const isV2 = file.length >= 8 && file.readUInt32BE(0) === 0xff744f63
  if (isV2 && file.readUInt32BE(4) !== 2) throw damaged(path)
  const fanout = isV2 ? 8 : 0
  if (file.length < fanout + 1024) throw damaged(path)
  const count = file.readUInt32BE(fanout + 1020)
  const table = fanout + 1024
  if (file.length < table + count * (isV2 ? 28 : 24) + 40) throw damaged(path)
  for (let at = fanout, before = 0; at < table; at += 4) {
    const upTo = file.readUInt32BE(at)
    if (upTo < before) throw damaged(path)
    before = upTo
  }
  const layout = isV2
    ? { ids: table, stride: 20, offsets: table + count * 24, wide: table + count * 28 }
    : { ids: table + 4, stride: 24, offsets: -1, wide: -1 }
  return new SearchedIndex(file, fanout, count, layout)
}

interface Layout {
  readonly ids: number
  readonly stride: number
  /** -1: the offset stands before each id (version 1). */
  readonly offsets: number
  readonly wide: number
}

class SearchedIndex implements PackIndex {
  readonly count: number
  readonly #file: Buffer
  readonly #fanout: number
  readonly #layout: Layout

  constructor(file: Buffer, fanout: number, count: number, layout: Layout) {
    this.#file = file
    this.#fanout = fanout
    this.count = count
    this.#layout = layout
  }

  offsetOf(id: Buffer): number {
    const first = id[0] ?? 0
    let low = first === 0 ? 0 : this.#fan(first - 1)
    let high = this.#fan(first)
    const { ids, stride } = this.#layout
    while (low < high) {
      const middle = (low + high) >>> 1
      const at = ids + middle * stride
      const order = this.#file.compare(id, 0, 20, at, at + 20)
      if (order === 0) return this.offsetAt(middle)
      if (order < 0) low = middle + 1
      else high = middle
    }
    return -1
  }

  idAt(position: number): ObjectId {
    const at = this.#layout.ids + position * this.#layout.stride
    return this.#file.toString('hex', at, at + 20)
  }

  offsetAt(position: number): number {
    const { ids, stride, offsets, wide } = this.#layout
    if (offsets < 0) return this.#file.readUInt32BE(ids + position * stride - 4)
    const offset = this.#file.readUInt32BE(offsets + position * 4)
    if (offset < 0x80000000) return offset
    const at = wide + (offset - 0x80000000) * 8
    // Outside the table: outside the pack, which is a fault when it is read there.
    return at + 8 <= this.#file.length ? Number(this.#file.readBigUInt64BE(at)) : Number.MAX_SAFE_INTEGER
  }

  crcAt(position: number): number | null {
    const { offsets, ids } = this.#layout
    return offsets < 0 ? null : this.#file.readUInt32BE(ids + this.count * 20 + position * 4)
  }

  range(prefix: string): readonly [number, number] {
    return [this.#lowerBound(prefix.padEnd(40, '0')), this.#lowerBound(`${prefix.padEnd(40, 'f')}~`)]
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

  #fan(byte: number): number {
    return this.#file.readUInt32BE(this.#fanout + byte * 4)
  }
}

function damaged(path: string): Fault {
  return new Fault(
    'git/damaged-pack',
    `\`${path}\` is not a pack index that can be read`,
    'run `git fsck`, or clone again',
  )
}
