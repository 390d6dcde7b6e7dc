// The index (`.git/index`), versions 2 to 4: https://git-scm.com/docs/index-format
// Written back as version 2 or 3, with the extension TREE alone; Git makes the others again.

import { createHash, hash } from 'node:crypto'
import { statSync } from 'node:fs'
import { isAbsent } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { MAX_SIZE } from './delta.ts'
import { IndexEntries } from './index-entries.ts'
import { milliseconds } from './index-entry.ts'
import { readWholeFile, unreadableFile } from './plain-file.ts'
import { StoredTrees } from './stored-trees.ts'

export interface IndexFile {
  /** Sorted by path and stage. */
  readonly entries: IndexEntries
  /** When the file was written: entries as new as this may have changed since without a trace (racy). */
  readonly mtimeMs: number
  readonly trees: StoredTrees
  /** Whether it has a checksum: none with `index.skipHash`. */
  readonly isSummed: boolean
}

const NANOSECONDS = 1_000_000_000n

/** The last index that was read: a run asks for it several times. By every mark that a replaced file changes. */
let lastRead = { path: '', state: '', file: null as IndexFile | null }

/** An absent file is an empty index. Faults `git/unreadable-index`. */
export function readIndex(path: string): IndexFile {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
    const state = `${ino} ${size} ${mtimeNs} ${ctimeNs}`
    if (lastRead.file !== null && lastRead.path === path && lastRead.state === state) return lastRead.file
    const mtimeMs = milliseconds(Number(mtimeNs / NANOSECONDS), Number(mtimeNs % NANOSECONDS))
    const file = parseIndex(path, readWholeFile(path, MAX_SIZE), mtimeMs)
    lastRead = { path, state, file }
    return file
  } catch (error) {
    if (isAbsent(error)) return { entries: IndexEntries.of([]), mtimeMs: 0, trees: StoredTrees.none, isSummed: true }
    throw error instanceof Fault ? error : unreadableFile(path, error)
  }
}

function parseIndex(path: string, bytes: Buffer, mtimeMs: number): IndexFile {
  const body = bytes.subarray(0, -20)
  const sum = bytes.subarray(-20)
  if (body.length < 12 || body.toString('latin1', 0, 4) !== 'DIRC') throw unreadable(path, 'is no index')
  const isSummed = sum.some((byte) => byte !== 0)
  if (isSummed && hash('sha1', body, 'hex') !== sum.toString('hex')) {
    throw unreadable(path, 'has a wrong checksum')
  }
  const version = body.readUInt32BE(4)
  if (version < 2 || version > 4) throw unreadable(path, `has version ${version}`)
  const { entries, end } = parseEntries(body, version, path)
  return { entries, mtimeMs, trees: parseExtensions(body, end, path), isSummed }
}

function parseEntries(body: Buffer, version: number, file: string): { entries: IndexEntries; end: number } {
  const count = body.readUInt32BE(8)
  const [plain, end] = version === 4 ? expandPaths(body, count) : [body.subarray(12), -1]
  const entries = plain === null ? null : IndexEntries.scan(plain, count)
  if (entries === null) throw unreadable(file, 'is cut off')
  const length = entries.bytes().reduce((sum, piece) => sum + piece.length, 0)
  return { entries, end: end < 0 ? 12 + length : end }
}

/** Entries of version 4, whose paths go on from the one before, as versions 2 and 3 have them; and where they end. */
function expandPaths(body: Buffer, count: number): readonly [Buffer | null, number] {
  const pieces: Buffer[] = []
  let path = Buffer.alloc(0)
  let at = 12
  for (let i = 0; i < count; i++) {
    if (at + 64 > body.length) return [null, -1]
    const head = body.subarray(at, at + ((body.readUInt16BE(at + 60) & 0x4000) === 0 ? 62 : 64))
    at += head.length
    let byte = body[at++] ?? 0
    let drop = byte & 127
    while (byte >= 128 && at < body.length) {
      byte = body[at++] ?? 0
      drop = (drop + 1) * 128 + (byte & 127)
    }
    const end = body.indexOf(0, at)
    if (end < 0) return [null, -1]
    path = Buffer.concat([path.subarray(0, Math.max(0, path.length - drop)), body.subarray(at, end)])
    const piece = Buffer.alloc((head.length + path.length + 8) & ~7)
    piece.set(head)
    piece.writeUInt16BE((head.readUInt16BE(60) & 0xf000) | Math.min(path.length, 0xfff), 60)
    piece.set(path, head.length)
    pieces.push(piece)
    at = end + 1
  }
  return [Buffer.concat(pieces), at]
}

function parseExtensions(body: Buffer, from: number, file: string): StoredTrees {
  let trees = StoredTrees.none
  for (let at = from; at + 8 <= body.length; ) {
    const name = body.toString('latin1', at, at + 4)
    const end = at + 8 + body.readUInt32BE(at + 4)
    if (name === 'TREE') trees = new StoredTrees(body.subarray(at + 8, end))
    else if (name === 'link')
      throw unreadable(file, 'is split into two files', 'run `git update-index --no-split-index`')
    // `sdir` marks folders as entries, which working-tree.ts reads from the object store.
    else if (/^[^A-Z]/.test(name) && name !== 'sdir') throw unreadable(file, `needs the extension \`${name}\``)
    at = end
  }
  return trees
}

/**
 * The bytes of an index with these entries and this content of its extension TREE, in pieces. `isSummed`: false where the
 * old one had no checksum (`index.skipHash`), and somebody wants it so.
 */
export function serialiseIndex(entries: IndexEntries, trees: Buffer, isSummed: boolean): Buffer[] {
  const header = Buffer.from('DIRC\0\0\0\x02\0\0\0\0', 'latin1')
  header.writeUInt32BE(entries.isExtended ? 3 : 2, 4)
  header.writeUInt32BE(entries.length, 8)
  const extension = Buffer.from('TREE\0\0\0\0', 'latin1')
  extension.writeUInt32BE(trees.length, 4)
  const pieces = [header, ...entries.bytes(), extension, trees]
  return [...pieces, isSummed ? sumOf(pieces) : Buffer.alloc(20)]
}

function sumOf(pieces: readonly Buffer[]): Buffer {
  const sum = createHash('sha1')
  for (const piece of pieces) sum.update(piece)
  return sum.digest()
}

function unreadable(path: string, what: string, hint = 'remove it and run `git reset`, which makes it again'): Fault {
  return new Fault('git/unreadable-index', `the index \`${path}\` ${what}`, hint)
}
