// The index (`.git/index`), versions 2 to 4: https://git-scm.com/docs/index-format
// Written back as version 2 or 3, with the extension TREE alone; Git makes the others again.

import { hash } from 'node:crypto'
import { statSync } from 'node:fs'
import { isAbsent } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { MAX_SIZE } from './delta.ts'
import { type IndexEntry, milliseconds, StoredEntry } from './index-entry.ts'
import { readWholeFile, unreadableFile } from './plain-file.ts'
import { StoredTrees } from './stored-trees.ts'

export type { IndexEntry } from './index-entry.ts'

export interface IndexFile {
  /** Sorted by path and stage. */
  readonly entries: readonly IndexEntry[]
  /** When the file was written: entries as new as this may have changed since without a trace (racy). */
  readonly mtimeMs: number
  readonly trees: StoredTrees
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
    if (isAbsent(error)) return { entries: [], mtimeMs: 0, trees: StoredTrees.none }
    throw error instanceof Fault ? error : unreadableFile(path, error)
  }
}

function parseIndex(path: string, bytes: Buffer, mtimeMs: number): IndexFile {
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
    const length = flags & 0xfff
    const end = version === 4 || length === 0xfff ? body.indexOf(0, start) : start + length
    if (end < 0 || end >= body.length || body[end] !== 0) throw unreadable(file, 'is cut off')
    const next = version === 4 ? end + 1 : at + ((end - at + 8) & ~7)
    if (version === 4) {
      path = prefix + body.toString('utf8', start, end)
      entries.push(entryAt(body, at, path, flags, more))
    } else {
      entries.push(new StoredEntry(body, at, [start, end, next]))
    }
    at = next
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

/** The bytes of an index with these entries, sorted by path and stage, and the content of its extension TREE. */
export function serialiseIndex(entries: readonly IndexEntry[], trees: Buffer): Buffer {
  const isExtended = (entry: IndexEntry): boolean => entry.skipWorktree || entry.intentToAdd
  const header = Buffer.from('DIRC\0\0\0\x02\0\0\0\0', 'latin1')
  header.writeUInt32BE(entries.some(isExtended) ? 3 : 2, 4)
  header.writeUInt32BE(entries.length, 8)
  const extension = Buffer.from('TREE\0\0\0\0', 'latin1')
  extension.writeUInt32BE(trees.length, 4)
  const body = Buffer.concat([header, ...pieces(entries, isExtended), extension, trees])
  return Buffer.concat([body, Buffer.from(hash('sha1', body, 'hex'), 'hex')])
}

/** Neighbours that stand in a file as they are stay one piece of it. */
function pieces(entries: readonly IndexEntry[], isExtended: (entry: IndexEntry) => boolean): Buffer[] {
  const found: Buffer[] = []
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]
    if (entry === undefined) continue
    if (!(entry instanceof StoredEntry)) {
      found.push(entryBytes(entry, isExtended(entry)))
      continue
    }
    let { end } = entry
    for (let next = entries[i + 1]; next instanceof StoredEntry; next = entries[i + 1]) {
      if (next.body !== entry.body || next.at !== end) break
      end = next.end
      i++
    }
    found.push(entry.body.subarray(entry.at, end))
  }
  return found
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
