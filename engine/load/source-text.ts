// The text of one file of the repository: bytes decoded strictly, and lines and columns of offsets when they are asked for.
// What the text means is the readers' business.
import { isUtf8 } from 'node:buffer'
import type { Diagnostic, DiagnosticCode } from '../domain/diagnostic.ts'
import type { Place } from '../domain/policy.ts'

/** A half-open range of offsets into the text. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** One decoded file that can say where an offset stands. */
export interface SourceText {
  readonly file: string
  /** Without a byte order mark. */
  readonly text: string
  placeOf(offset: number): Place
  /** A diagnostic over a span; its end is left out where it is on another line. */
  problem(span: Span, problem: Problem): Diagnostic
}

/** A diagnostic without its place; an error unless it says otherwise. */
export interface Problem {
  readonly severity?: 'error' | 'warning'
  readonly code: DiagnosticCode
  readonly message: string
  readonly hint: string
}

/** YAML files; a snapshot line may be longer (RESOURCES.md). */
export const MOST_YAML_BYTES = 1_048_576

/** How a Git LFS pointer begins. */
export const LFS_POINTER = 'version https://git-lfs.github.com/spec/'

/** The text, or why there is none: too large, no UTF-8, a NUL, or a Git LFS pointer in the file's place. */
export function decodeSource(file: string, bytes: Uint8Array, most = MOST_YAML_BYTES): SourceText | Diagnostic {
  if (bytes.length > most) {
    return problemAt(
      { file, line: 1, column: 1 },
      {
        code: 'load/too-large',
        message: `the file has ${bytes.length} bytes; at most ${most} are read`,
        hint: 'split it, or keep data out of the files that people review',
      },
    )
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (!isUtf8(buffer)) return notUtf8(file, buffer)
  const decoded = buffer.toString('utf8')
  const source = sourceText(file, decoded.charCodeAt(0) === 0xfeff ? decoded.slice(1) : decoded)
  const nul = source.text.indexOf('\0')
  if (nul !== -1) {
    const hint = looksLikeUtf16(buffer) ? 'save the file as UTF-8, not UTF-16' : 'remove it'
    return source.problem(
      { start: nul, end: nul + 1 },
      { code: 'load/nul', message: 'the file holds a NUL character', hint },
    )
  }
  if (source.text.startsWith(LFS_POINTER)) {
    return source.problem(
      { start: 0, end: 0 },
      {
        code: 'load/lfs-pointer',
        message: 'the file is a Git LFS pointer, not its content',
        hint: 'run `git lfs pull`, or keep the governance files out of LFS',
      },
    )
  }
  return source
}

/** A text that turns offsets into lines and columns, both from 1. */
export function sourceText(file: string, text: string): SourceText {
  let starts: number[] | undefined
  const placeOf = (offset: number): Place => {
    starts ??= lineStarts(text)
    const line = lineOf(starts, offset)
    return { file, line, column: offset - (starts[line - 1] ?? 0) + 1 }
  }
  return {
    file,
    text,
    placeOf,
    problem: ({ start, end }, problem) => {
      const place = placeOf(start)
      const last = placeOf(end)
      return last.line === place.line && last.column > place.column
        ? problemAt(place, problem, last.column)
        : problemAt(place, problem)
    },
  }
}

/** A diagnostic at a place; an error unless it says otherwise. */
export function problemAt(place: Place, problem: Problem, endColumn?: number): Diagnostic {
  const { file, line, column } = place
  return {
    file,
    line,
    column,
    ...(endColumn === undefined ? {} : { endLine: line, endColumn }),
    severity: problem.severity ?? 'error',
    code: problem.code,
    message: problem.message,
    hint: problem.hint,
  }
}

/** Offsets at which lines begin; CR, LF and CRLF end a line. */
function lineStarts(text: string): number[] {
  const starts = [0]
  if (text.includes('\r')) {
    for (const { index, 0: end } of text.matchAll(/\r\n?|\n/g)) starts.push(index + end.length)
  } else {
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  }
  return starts
}

/** The line, from 1, that holds an offset. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return low + 1
}

function notUtf8(file: string, buffer: Buffer): Diagnostic {
  const decoded = buffer.toString('utf8')
  const start = decoded.charCodeAt(0) === 0xfeff ? 1 : 0
  const source = sourceText(file, decoded.slice(start))
  const at = firstInvalid(decoded, buffer) - start
  const hint = looksLikeUtf16(buffer) ? 'save the file as UTF-8, not UTF-16' : 'save the file as UTF-8'
  return source.problem(
    { start: at, end: at },
    { code: 'load/invalid-utf8', message: 'the file is not valid UTF-8', hint },
  )
}

/** The offset of the first replacement character that does not stand in the bytes itself. */
function firstInvalid(decoded: string, buffer: Buffer): number {
  let bytes = 0
  let from = 0
  for (let at = decoded.indexOf('\ufffd'); at !== -1; at = decoded.indexOf('\ufffd', from)) {
    bytes += Buffer.byteLength(decoded.slice(from, at))
    const genuine = buffer[bytes] === 0xef && buffer[bytes + 1] === 0xbf && buffer[bytes + 2] === 0xbd
    if (!genuine) return at
    bytes += 3
    from = at + 1
  }
  return 0
}

function looksLikeUtf16(buffer: Buffer): boolean {
  const [first, second, third, fourth] = buffer
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  return hasMark || (first === 0 && third === 0) || (second === 0 && fourth === 0)
}
