// All entries of an index as they stand in the bytes of a file, versions 2 and 3: of ten thousands, a run looks at a few, so
// each is decoded where it is asked for, and a changed index is the old bytes with a few pieces put in or left out.
import { compareText } from '../../base/order.ts'
import { entryBytes, type IndexEntry, milliseconds, StoredEntry } from './index-entry.ts'

/** Before the path; 2 more where flags are extended. */
const FIXED_BYTES = 62

export class IndexEntries {
  readonly #bytes: Buffer
  /** Of each entry, and of what follows the last. */
  readonly #starts: Uint32Array
  readonly #paths: (string | undefined)[]
  /** A sparse index has entries for folders. */
  readonly hasFolders: boolean
  /** Version 3 is needed. */
  readonly isExtended: boolean

  /** `bytes` begin with the first entry. Null where `count` entries do not stand there, each in its bounds. */
  static scan(bytes: Buffer, count: number): IndexEntries | null {
    if (count * (FIXED_BYTES + 1) > bytes.length) return null
    const starts = new Uint32Array(count + 1)
    let hasFolders = false
    let isExtended = false
    let at = 0
    // Byte by byte and without a call: most processes come here once, before anything is compiled.
    for (let i = 0; i < count; i++) {
      const flags = bytes[at + 60] ?? 0
      const length = ((flags & 0x0f) << 8) | (bytes[at + 61] ?? 0)
      let end = at + FIXED_BYTES + length
      if ((flags & 0x40) !== 0) {
        isExtended = true
        end += 2
      }
      if (length === 0xfff) end = longName(bytes, end - length)
      if (bytes[end] !== 0) return null
      if (((bytes[at + 26] ?? 0) & 0xf0) === 0x40) hasFolders = true
      at += (end - at + 8) & ~7
      starts[i + 1] = at
    }
    return at > bytes.length ? null : new IndexEntries(bytes.subarray(0, at), starts, { hasFolders, isExtended })
  }

  static of(entries: readonly IndexEntry[]): IndexEntries {
    return IndexEntries.#known(entries.map(entryBytes), entries.length)
  }

  static #known(pieces: readonly Buffer[], count: number): IndexEntries {
    const entries = IndexEntries.scan(Buffer.concat(pieces), count)
    if (entries === null) throw new Error('internal error: entries of an index that cannot be read back')
    return entries
  }

  private constructor(
    bytes: Buffer,
    starts: Uint32Array,
    { hasFolders, isExtended }: { readonly hasFolders: boolean; readonly isExtended: boolean },
  ) {
    this.#bytes = bytes
    this.#starts = starts
    this.#paths = new Array(starts.length - 1)
    this.hasFolders = hasFolders
    this.isExtended = isExtended
  }

  get length(): number {
    return this.#starts.length - 1
  }

  /** As the file has them. */
  get bytes(): Buffer {
    return this.#bytes
  }

  at(position: number): IndexEntry | undefined {
    const start = this.#starts[position]
    return start === undefined || position >= this.length
      ? undefined
      : new StoredEntry(this.#bytes, start, this.path(position))
  }

  /** `''` beyond the last. */
  path(position: number): string {
    const known = this.#paths[position]
    if (known !== undefined) return known
    const start = this.#starts[position]
    if (start === undefined || position >= this.length) return ''
    const name = nameOf(this.#bytes, start)
    const path = this.#bytes.toString('utf8', name.start, name.end)
    this.#paths[position] = path
    return path
  }

  slice(from = 0, to = this.length): IndexEntry[] {
    const entries: IndexEntry[] = []
    for (let i = from; i < to; i++) {
      const entry = this.at(i)
      if (entry !== undefined) entries.push(entry)
    }
    return entries
  }

  /** The first position whose path is not before `path`. */
  lowerBound(path: string, from = 0, to = this.length): number {
    let low = from
    let high = to
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareText(this.path(middle), path) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Positions of a path: one, or the sides of its conflict. */
  positionsOf(path: string): number[] {
    const positions: number[] = []
    for (let i = this.lowerBound(path); i < this.length && this.path(i) === path; i++) positions.push(i)
    return positions
  }

  /** Positions of entries whose file changed at this time or later. */
  positionsSince(ms: number): number[] {
    const bytes = this.#bytes
    const starts = this.#starts
    const positions: number[] = []
    // As the file has it: the high half of the second, which most entries share, and then the low one.
    const second = Math.floor(ms / 1000)
    const high = second >>> 16
    const low = second & 0xffff
    for (let i = 0; i < this.length; i++) {
      const at = starts[i] ?? 0
      const itsHigh = ((bytes[at + 8] ?? 0) << 8) | (bytes[at + 9] ?? 0)
      if (itsHigh < high) continue
      if (itsHigh === high && (((bytes[at + 10] ?? 0) << 8) | (bytes[at + 11] ?? 0)) < low) continue
      if (milliseconds(bytes.readUInt32BE(at + 8), bytes.readUInt32BE(at + 12)) >= ms) positions.push(i)
    }
    return positions
  }

  /** Without the entries at some positions, and with others, sorted by path, put in where they belong. */
  edited(without: ReadonlySet<number>, added: readonly IndexEntry[]): IndexEntries {
    const cuts = [
      ...added.map((entry) => ({ position: this.lowerBound(entry.path), entry })),
      ...[...without].map((position) => ({ position, entry: null })),
    ]
    // Stable: what is put in at a position stands before what goes from it.
    cuts.sort((a, b) => a.position - b.position)
    const pieces: Buffer[] = []
    let from = 0
    for (const { position, entry } of cuts) {
      pieces.push(this.#bytes.subarray(this.#starts[from], this.#starts[position]))
      if (entry !== null) pieces.push(entryBytes(entry))
      from = entry === null ? position + 1 : position
    }
    pieces.push(this.#bytes.subarray(this.#starts[from]))
    return IndexEntries.#known(pieces, this.length - without.size + added.length)
  }
}

/** Longer than any path that a system opens (PATH_MAX of Linux): damage, and folders so deep that a walk could not end. */
const LONGEST_PATH = 4096

/** Where a path of 4,095 bytes or more ends; -1 for one that is too long. */
function longName(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(0, start)
  return end - start > LONGEST_PATH ? -1 : end
}

function nameOf(
  bytes: Buffer,
  at: number,
): { readonly start: number; readonly end: number; readonly isExtended: boolean } {
  const flags = bytes.readUInt16BE(at + 60)
  const isExtended = (flags & 0x4000) !== 0
  const start = at + (isExtended ? FIXED_BYTES + 2 : FIXED_BYTES)
  const length = flags & 0xfff
  return { start, end: length === 0xfff ? bytes.indexOf(0, start) : start + length, isExtended }
}
