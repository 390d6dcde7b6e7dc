// The first record of a text file, and on which line a later one stands. Streams; gzip is undone on the way.
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { Fault } from '../../base/fault.ts'
import type { SourceFile } from './source-file.ts'

const NEWLINE = 10
const RETURN = 13
const QUOTE = 34
/** A longer header is none. */
const LONGEST_HEAD = 4 * 1024 * 1024

type TextFile = Pick<SourceFile, 'path' | 'name' | 'isGzip'>

/** The bytes up to the first line end outside quotes, without it, and the line after it. Faults `observe/bad-gzip`, `observe/bad-csv`. */
export async function firstRecord(file: TextFile): Promise<{ readonly bytes: Buffer; readonly lines: number }> {
  let head = Buffer.alloc(0)
  for await (const chunk of chunksOf(file)) {
    head = Buffer.concat([head, chunk])
    const end = recordEnd(head)
    if (end >= 0) {
      const bytes = head.subarray(0, head[end - 1] === RETURN ? end - 1 : end)
      return { bytes, lines: 1 + count(bytes, NEWLINE) }
    }
    if (head.length > LONGEST_HEAD)
      throw new Fault('observe/bad-csv', `\`${file.name}\` has no line end in its first 4 MiB`, 'is a quote left open?')
  }
  return { bytes: head, lines: 1 + count(head, NEWLINE) }
}

/** The first bytes, at most `most`, cut at a line end where there is one. */
export async function firstLines(file: TextFile, most: number): Promise<Buffer> {
  let head = Buffer.alloc(0)
  for await (const chunk of chunksOf(file)) {
    head = Buffer.concat([head, chunk])
    if (head.length >= most) return head.subarray(0, head.lastIndexOf(NEWLINE) + 1)
  }
  return head
}

/** The line on which the n-th record starts, counted from 1 without blank ones; quotes may hold line ends where `quoted`. */
export async function lineOfRecord(
  file: TextFile,
  record: number,
  { quoted }: { readonly quoted: boolean },
): Promise<number> {
  let line = 1
  let start = 1
  let records = 0
  let isQuoted = false
  let isBlank = true
  for await (const chunk of chunksOf(file)) {
    for (const byte of chunk) {
      if (byte === NEWLINE) {
        line++
        if (isQuoted) continue
        if (!isBlank) records++
        if (records === record) return start
        start = line
        isBlank = true
      } else if (byte !== RETURN) {
        isBlank = false
        if (byte === QUOTE && quoted) isQuoted = !isQuoted
      }
    }
  }
  return start
}

/** The line of the byte at `offset`, counted from 1. */
export async function lineAt(file: TextFile, offset: number): Promise<number> {
  let [line, seen] = [1, 0]
  for await (const chunk of chunksOf(file)) {
    line += count(chunk.subarray(0, Math.max(0, offset - seen)), NEWLINE)
    seen += chunk.length
    if (seen >= offset) return line
  }
  return line
}

/** DuckDB takes a gzip file that is cut off for a short one. `see` is given what is within. Faults `observe/bad-gzip`. */
export async function requireWholeGzip(file: TextFile, see: (bytes: Buffer) => void): Promise<void> {
  for await (const chunk of chunksOf(file)) see(chunk)
}

async function* chunksOf({ path, name, isGzip }: TextFile): AsyncIterable<Buffer> {
  const stream = createReadStream(path)
  const bytes: AsyncIterable<Buffer> = isGzip ? stream.pipe(createGunzip()) : stream
  try {
    yield* bytes
  } catch (error) {
    if (!isGzip) throw error
    throw new Fault('observe/bad-gzip', `\`${name}\` is no whole gzip file`, 'write or copy it again')
  } finally {
    stream.destroy()
  }
}

function recordEnd(bytes: Buffer): number {
  let isQuoted = false
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === QUOTE) isQuoted = !isQuoted
    else if (bytes[i] === NEWLINE && !isQuoted) return i
  }
  return -1
}

function count(bytes: Buffer, byte: number): number {
  let found = 0
  for (let at = bytes.indexOf(byte); at >= 0; at = bytes.indexOf(byte, at + 1)) found++
  return found
}
