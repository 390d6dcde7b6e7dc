// One entry of the index: as plain data, or as it stands in the file's bytes.
import type { ObjectId } from '../../world.ts'

/** One file as the index knows it, with the stat it was last seen with. */
export interface IndexEntry {
  readonly path: string
  readonly id: ObjectId
  readonly mode: number
  /** Milliseconds with fraction, by the formula of `fs.Stats`, so that they compare exactly. */
  readonly ctimeMs: number
  readonly mtimeMs: number
  readonly dev: number
  readonly ino: number
  readonly uid: number
  readonly gid: number
  /** Modulo 2³². */
  readonly size: number
  /** 0, or the side of a conflict. */
  readonly stage: number
  readonly assumeValid: boolean
  /** Not in the working folder on purpose (sparse checkout). */
  readonly skipWorktree: boolean
  readonly intentToAdd: boolean
}

/** An entry of a file, decoded where it is asked for. */
export class StoredEntry implements IndexEntry {
  readonly body: Buffer
  readonly at: number
  readonly path: string

  constructor(body: Buffer, at: number, path: string) {
    this.body = body
    this.at = at
    this.path = path
  }

  get id(): ObjectId {
    return this.body.toString('hex', this.at + 40, this.at + 60)
  }
  get ctimeMs(): number {
    return milliseconds(this.#number(0), this.#number(4))
  }
  get mtimeMs(): number {
    return milliseconds(this.#number(8), this.#number(12))
  }
  get dev(): number {
    return this.#number(16)
  }
  get ino(): number {
    return this.#number(20)
  }
  get mode(): number {
    return this.#number(24)
  }
  get uid(): number {
    return this.#number(28)
  }
  get gid(): number {
    return this.#number(32)
  }
  get size(): number {
    return this.#number(36)
  }
  get stage(): number {
    return (this.#flags >> 12) & 3
  }
  get assumeValid(): boolean {
    return (this.#flags & 0x8000) !== 0
  }
  get skipWorktree(): boolean {
    return (this.#more & 0x4000) !== 0
  }
  get intentToAdd(): boolean {
    return (this.#more & 0x2000) !== 0
  }

  #number(offset: number): number {
    return this.body.readUInt32BE(this.at + offset)
  }
  get #flags(): number {
    return this.body.readUInt16BE(this.at + 60)
  }
  get #more(): number {
    return (this.#flags & 0x4000) === 0 ? 0 : this.body.readUInt16BE(this.at + 62)
  }
}

/** The same entry as plain data, to be copied with changes. */
export function plainEntry(entry: IndexEntry): IndexEntry {
  const { path, id, mode, ctimeMs, mtimeMs, dev, ino, uid, gid, size } = entry
  const { stage, assumeValid, skipWorktree, intentToAdd } = entry
  const flags = { stage, assumeValid, skipWorktree, intentToAdd }
  return { path, id, mode, ctimeMs, mtimeMs, dev, ino, uid, gid, size, ...flags }
}

/** A time of the index as Node gives times of files. */
export function milliseconds(seconds: number, nanoseconds: number): number {
  return seconds * 1000 + nanoseconds / 1_000_000
}

/** As a file of version 2 has it, or 3 where it needs that. */
export function entryBytes(entry: IndexEntry): Buffer {
  const isExtended = entry.skipWorktree || entry.intentToAdd
  const path = Buffer.from(entry.path)
  const head = isExtended ? 64 : 62
  const bytes = Buffer.alloc((head + path.length + 8) & ~7)
  writeTime(bytes, 0, entry.ctimeMs)
  writeTime(bytes, 8, entry.mtimeMs)
  const numbers = [entry.dev, entry.ino, entry.mode, entry.uid, entry.gid, entry.size]
  for (const [i, number] of numbers.entries()) bytes.writeUInt32BE(number % 2 ** 32, 16 + i * 4)
  bytes.write(entry.id, 40, 'hex')
  const flags = Math.min(path.length, 0xfff) | (entry.stage << 12)
  bytes.writeUInt16BE(flags | (entry.assumeValid ? 0x8000 : 0) | (isExtended ? 0x4000 : 0), 60)
  if (isExtended) bytes.writeUInt16BE((entry.skipWorktree ? 0x4000 : 0) | (entry.intentToAdd ? 0x2000 : 0), 62)
  bytes.set(path, head)
  return bytes
}

function writeTime(bytes: Buffer, at: number, ms: number): void {
  const seconds = Math.floor(ms / 1000)
  bytes.writeUInt32BE(seconds, at)
  bytes.writeUInt32BE(Math.round((ms - seconds * 1000) * 1_000_000) % 1_000_000_000, at + 4)
}
