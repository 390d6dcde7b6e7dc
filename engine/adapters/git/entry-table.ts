// Entries of an index as they stand in bytes, versions 2 and 3: where each begins, and what is asked for of one.
import { type IndexEntry, milliseconds, StoredEntry } from './index-entry.ts'

/** Before the path; 2 more where flags are extended. */
const FIXED_BYTES = 62

/** Longer than any path that a system opens (PATH_MAX of Linux): damage, and folders so deep that a walk could not end. */
const LONGEST_PATH = 4096

/**
 * Entries of one stretch of bytes, decoded one by one when they are asked for; a position beyond the last is a defect.
 */
export class EntryTable {
  readonly #bytes: Buffer
  /** Of each entry, and of what follows the last. */
  readonly #starts: Uint32Array
  readonly #paths: (string | undefined)[]
  /** A sparse index has entries for folders. */
  readonly hasFolders: boolean
  /** Version 3 is needed. */
  readonly isExtended: boolean

  /** `bytes` begin with the first entry. Null where `count` entries do not stand there, each in its bounds. */
  static scan(bytes: Buffer, count: number): EntryTable | null {
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
    return at > bytes.length ? null : new EntryTable(bytes, starts, { hasFolders, isExtended })
  }

  private constructor(
    bytes: Buffer,
    starts: Uint32Array,
    { hasFolders, isExtended }: Pick<EntryTable, 'hasFolders' | 'isExtended'>,
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

  /** Of these entries, as they stand. */
  bytes(from: number, to: number): Buffer {
    return this.#bytes.subarray(this.#starts[from], this.#starts[to])
  }

  at(position: number): IndexEntry {
    return new StoredEntry(this.#bytes, this.#starts[position] ?? 0, this.path(position))
  }

  path(position: number): string {
    const known = this.#paths[position]
    if (known !== undefined) return known
    const at = this.#starts[position] ?? 0
    const flags = this.#bytes.readUInt16BE(at + 60)
    const start = at + ((flags & 0x4000) === 0 ? FIXED_BYTES : FIXED_BYTES + 2)
    const length = flags & 0xfff
    const path = this.#bytes.toString('utf8', start, length === 0xfff ? this.#bytes.indexOf(0, start) : start + length)
    this.#paths[position] = path
    return path
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
}

/** Where a path of 4,095 bytes or more ends; -1 for one that is too long. */
function longName(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(0, start)
  return end - start > LONGEST_PATH ? -1 : end
}
