// The index (`.git/index`), versions 2 to 4: https://git-scm.com/docs/index-format
// Written back as version 2 or 3, with the extension TREE alone; Git makes the others again.

import { hash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { isAbsent } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { compareText } from '../../base/order.ts'
import type { ObjectId } from '../../world.ts'
import { unreadableFile } from './plain-file.ts'

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

export interface IndexFile {
  /** Sorted by path and stage. */
  readonly entries: readonly IndexEntry[]
  /** When the file was written: entries as new as this may have changed since without a trace (racy). */
  readonly mtimeMs: number
  /** Tree ids of folders whose entries have not changed since that tree was written or read (extension TREE). */
  readonly trees: ReadonlyMap<string, ObjectId>
}

/** An absent file is an empty index. Faults `git/unreadable-index`. */
export function readIndex(path: string): IndexFile {
  let bytes: Buffer
  let mtimeMs: number
  try {
    mtimeMs = statSync(path).mtimeMs
    bytes = readFileSync(path)
  } catch (error) {
    if (isAbsent(error)) return { entries: [], mtimeMs: 0, trees: new Map() }
    throw unreadableFile(path, error)
  }
  const body = bytes.subarray(0, -20)
  const sum = bytes.subarray(-20)
  if (body.length < 12 || body.toString('latin1', 0, 4) !== 'DIRC') throw unreadable(path, 'is no index')
  // All zeros: `index.skipHash`.
  if (sum.some((byte) => byte !== 0) && hash('sha1', body, 'hex') !== sum.toString('hex')) {
    throw unreadable(path, 'has a wrong checksum')
  }
  const version = body.readUInt32BE(4)
  if (version < 2 || version > 4) throw unreadable(path, `has version ${version}`)
  const { entries, end } = parseEntries(body, version, path)
  return { entries, mtimeMs, trees: parseExtensions(body, end, path) }
}

function parseEntries(body: Buffer, version: number, file: string): { entries: IndexEntry[]; end: number } {
  const count = body.readUInt32BE(8)
  const entries: IndexEntry[] = []
  let at = 12
  let path = ''
  for (let i = 0; i < count; i++) {
    if (at + 62 > body.length) throw unreadable(file, 'is cut off')
    const flags = body.readUInt16BE(at + 60)
    const isExtended = (flags & 0x4000) !== 0
    const more = isExtended ? body.readUInt16BE(at + 62) : 0
    let start = at + (isExtended ? 64 : 62)
    let prefix = ''
    if (version === 4) {
      let byte = body[start++] ?? 0
      let drop = byte & 127
      while (byte >= 128 && start < body.length) {
        byte = body[start++] ?? 0
        drop = (drop + 1) * 128 + (byte & 127)
      }
      const previous = Buffer.from(path)
      prefix = previous.toString('utf8', 0, Math.max(0, previous.length - drop))
    }
    const end = body.indexOf(0, start)
    if (end < 0) throw unreadable(file, 'is cut off')
    path = prefix + body.toString('utf8', start, end)
    entries.push(entryAt(body, at, path, flags, more))
    at = version === 4 ? end + 1 : at + ((end - at + 8) & ~7)
  }
  return { entries, end: at }
}

function entryAt(body: Buffer, at: number, path: string, flags: number, more: number): IndexEntry {
  return {
    path,
    id: body.toString('hex', at + 40, at + 60),
    mode: body.readUInt32BE(at + 24),
    ctimeMs: milliseconds(body.readUInt32BE(at), body.readUInt32BE(at + 4)),
    mtimeMs: milliseconds(body.readUInt32BE(at + 8), body.readUInt32BE(at + 12)),
    dev: body.readUInt32BE(at + 16),
    ino: body.readUInt32BE(at + 20),
    uid: body.readUInt32BE(at + 28),
    gid: body.readUInt32BE(at + 32),
    size: body.readUInt32BE(at + 36),
    stage: (flags >> 12) & 3,
    assumeValid: (flags & 0x8000) !== 0,
    skipWorktree: (more & 0x4000) !== 0,
    intentToAdd: (more & 0x2000) !== 0,
  }
}

function milliseconds(seconds: number, nanoseconds: number): number {
  return seconds * 1000 + nanoseconds / 1_000_000
}

function parseExtensions(body: Buffer, from: number, file: string): Map<string, ObjectId> {
  const trees = new Map<string, ObjectId>()
  for (let at = from; at + 8 <= body.length; ) {
    const name = body.toString('latin1', at, at + 4)
    const end = at + 8 + body.readUInt32BE(at + 4)
    if (name === 'TREE') parseTrees(body.subarray(at + 8, end), trees)
    else if (name === 'link')
      throw unreadable(file, 'is split into two files', 'run `git update-index --no-split-index`')
    // `sdir` marks folders as entries, which working-tree.ts reads from the object store.
    else if (/^[^A-Z]/.test(name) && name !== 'sdir') throw unreadable(file, `needs the extension \`${name}\``)
    at = end
  }
  return trees
}

/** Depth first: name NUL count SP subfolders LF, and an id where the count says that it is valid. */
function parseTrees(bytes: Buffer, trees: Map<string, ObjectId>): void {
  let at = 0
  const visit = (parent: string): void => {
    const nul = bytes.indexOf(0, at)
    const newline = bytes.indexOf(10, nul)
    if (nul < 0 || newline < 0) return
    const name = bytes.toString('utf8', at, nul)
    const path = parent === '' ? name : `${parent}/${name}`
    const [count, subfolders] = bytes
      .toString('latin1', nul + 1, newline)
      .split(' ')
      .map(Number)
    at = newline + 1
    if (count !== undefined && count >= 0) {
      trees.set(path, bytes.toString('hex', at, at + 20))
      at += 20
    }
    for (let i = 0; i < (subfolders ?? 0) && at < bytes.length; i++) visit(path)
  }
  visit('')
}

/** The bytes of an index with these entries, in any order, and the content of its extension TREE. */
export function serialiseIndex(entries: readonly IndexEntry[], trees: Buffer): Buffer {
  const isExtended = (entry: IndexEntry): boolean => entry.skipWorktree || entry.intentToAdd
  const sorted = [...entries].sort((a, b) => compareText(a.path, b.path) || a.stage - b.stage)
  const header = Buffer.from('DIRC\0\0\0\x02\0\0\0\0', 'latin1')
  header.writeUInt32BE(sorted.some(isExtended) ? 3 : 2, 4)
  header.writeUInt32BE(sorted.length, 8)
  const extension = Buffer.from('TREE\0\0\0\0', 'latin1')
  extension.writeUInt32BE(trees.length, 4)
  const body = Buffer.concat([header, ...sorted.map((entry) => entryBytes(entry, isExtended(entry))), extension, trees])
  return Buffer.concat([body, Buffer.from(hash('sha1', body, 'hex'), 'hex')])
}

function entryBytes(entry: IndexEntry, isExtended: boolean): Buffer {
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

function unreadable(path: string, what: string, hint = 'remove it and run `git reset`, which makes it again'): Fault {
  return new Fault('git/unreadable-index', `the index \`${path}\` ${what}`, hint)
}
