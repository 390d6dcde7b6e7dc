// One file of a source: its format by its first bytes, its SHA-256, and whether it is still the same when all is read.
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { errorCode } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { type FoundFile, isAddress, unreadable } from './find-files.ts'
import { type LineSpan, lineGauge } from './long-lines.ts'

export type FileFormat = 'parquet' | 'csv' | 'ndjson'

export interface SourceFile extends FoundFile {
  readonly format: FileFormat
  readonly isGzip: boolean
  /** Hex digits, of the bytes as they lie there; null for an object of a store. */
  readonly sha256: string | null
  readonly stamp: FileStamp | null
  /** Of the bytes as they lie there; null for an object of a store. */
  readonly longestLine: LineSpan | null
}

/** What tells that a file is still the one that was hashed. */
export interface FileStamp {
  readonly size: number
  readonly modifiedMs: number
  /** Of the inode: it cannot be put back, as the time of modification can. */
  readonly changedMs: number
  readonly inode: number
  readonly device: number
}

const CHUNK = 1024 * 1024

/** Reads the file once, whole. Faults `observe/empty-file`, `observe/unknown-format`, `observe/changed`, `observe/unreadable`. */
export function inspectFile(file: FoundFile): SourceFile {
  if (isAddress(file.path)) return { ...file, ...remoteFormat(file.name), sha256: null, stamp: null, longestLine: null }
  const handle = openFile(file)
  try {
    const stamp = stampOf(fstatSync(handle))
    if (stamp.size === 0)
      throw new Fault('observe/empty-file', `\`${file.name}\` is empty`, 'a CSV file has a header at least')
    const { sha256, head, tail, longestLine } = hashOf(handle)
    if (!isSame(stamp, stampOf(fstatSync(handle)))) throw changed(file.name)
    return { ...file, ...formatOf(file.name, head, tail), sha256, stamp, longestLine }
  } catch (error) {
    const code = errorCode(error)
    throw error instanceof Fault || code === '' ? error : unreadable(file.name, code)
  } finally {
    closeSync(handle)
  }
}

/** Faults `observe/changed` where a file grew, was written or was replaced since it was hashed. */
export function requireUnchanged(files: Iterable<SourceFile>): void {
  for (const { path, name, stamp } of files) {
    if (stamp === null) continue
    const state = statSync(path, { throwIfNoEntry: false })
    if (state === undefined || !isSame(stamp, stampOf(state))) throw changed(name)
  }
}

function changed(name: string): Fault {
  const hint = 'measure a file that nobody writes any more: nothing was kept'
  return new Fault('observe/changed', `\`${name}\` changed while it was read`, hint)
}

function openFile({ path, name }: FoundFile): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    throw unreadable(name, errorCode(error))
  }
}

function stampOf({ size, mtimeMs, ctimeMs, ino, dev }: Stats): FileStamp {
  return { size, modifiedMs: mtimeMs, changedMs: ctimeMs, inode: ino, device: dev }
}

function isSame(a: FileStamp, b: FileStamp): boolean {
  const isOfOneTime = a.modifiedMs === b.modifiedMs && a.changedMs === b.changedMs
  return a.size === b.size && isOfOneTime && a.inode === b.inode && a.device === b.device
}

interface ReadOnce {
  readonly sha256: string
  readonly head: Buffer
  readonly tail: Buffer
  readonly longestLine: LineSpan
}

function hashOf(handle: number): ReadOnce {
  const sum = createHash('sha256')
  const gauge = lineGauge()
  const buffer = Buffer.allocUnsafe(CHUNK)
  let head: Buffer | null = null
  let tail = Buffer.alloc(0)
  for (;;) {
    const read = readSync(handle, buffer, 0, CHUNK, null)
    if (read === 0) break
    const bytes = buffer.subarray(0, read)
    sum.update(bytes)
    gauge.add(bytes)
    head ??= Buffer.from(bytes.subarray(0, 512))
    tail = Buffer.concat([tail, bytes.subarray(-4)]).subarray(-4)
  }
  return { sha256: sum.digest('hex'), head: head ?? Buffer.alloc(0), tail, longestLine: gauge.longest() }
}

type Format = Pick<SourceFile, 'format' | 'isGzip'>

const MAGIC = 'PAR1'

function formatOf(name: string, head: Buffer, tail: Buffer): Format {
  const isParquet = head.subarray(0, 4).toString('latin1') === MAGIC
  if (isParquet && tail.toString('latin1') === MAGIC) return { format: 'parquet', isGzip: false }
  const plain = name.toLowerCase().replace(/\.gz$/, '')
  if (isParquet || plain.endsWith('.parquet')) {
    const what = isParquet ? 'ends before its footer: it is cut off' : 'is no Parquet file, whatever its name says'
    throw new Fault('observe/bad-parquet', `\`${name}\` ${what}`, 'write or copy it again')
  }
  const isGzip = head[0] === 0x1f && head[1] === 0x8b
  const text = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (/^<(!doctype|html|\?xml)\b/i.test(text))
    throw notRead(name, 'it is a page or XML: was a login page saved in its place? give Parquet, CSV or NDJSON')
  if (/\.(ndjson|jsonl)$/.test(plain)) return { format: 'ndjson', isGzip }
  if (/\.(csv|tsv|txt)$/.test(plain)) return { format: 'csv', isGzip }
  if (!isGzip && text.startsWith('{')) return { format: 'ndjson', isGzip }
  if (text.startsWith('[') && plain.endsWith('.json')) throw notRead(name, 'write one object a line: `jq -c ".[]"`')
  if (isGzip || plain.includes('.') || head.includes(0)) throw notRead(name, 'give Parquet, CSV (also `.gz`) or NDJSON')
  return { format: 'csv', isGzip }
}

function remoteFormat(name: string): Format {
  const plain = name.toLowerCase().replace(/\.gz$/, '')
  const isGzip = plain.length < name.length
  if (plain.endsWith('.parquet')) return { format: 'parquet', isGzip: false }
  if (/\.(ndjson|jsonl)$/.test(plain)) return { format: 'ndjson', isGzip }
  if (/\.(csv|tsv)$/.test(plain)) return { format: 'csv', isGzip }
  throw notRead(name, 'the name of an object ends in `.parquet`, `.csv` or `.ndjson`')
}

function notRead(name: string, hint: string): Fault {
  return new Fault('observe/unknown-format', `\`${name}\` is of no format that is read`, hint)
}
