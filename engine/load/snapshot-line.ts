// One stored line: its bytes, its digest, and the snapshot that it is, or the diagnostics that say why it is none.
import { isAscii, isUtf8 } from 'node:buffer'
import { type Digest, sha256Hex } from '../base/canonical-json.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import { type JsonPath, offsetOf, scanJson } from './json-scan.ts'
import { type LineProblem, nameOf } from './line-problem.ts'
import { readPlainLine } from './plain-line.ts'
import { type Catalogue, checkSnapshot } from './snapshot-check.ts'
import { LFS_POINTER, type Problem, problemAt } from './source-text.ts'

/** RESOURCES.md; a longer line is not read. */
export const MOST_LINE_BYTES = 8 * 1024 * 1024

/** One line as it lies in its file, not parsed. */
export interface StoredLine {
  readonly file: string
  /** From 1. */
  readonly number: number
  /** Without a newline at its end: whatever wrote it did not finish. */
  readonly isTorn: boolean
  /** The bytes without the newline. */
  bytes(): Buffer
}

/** What a line is. `names` is the model that a line with errors names, if it names one; `value` is there if it is JSON. */
export type ParsedLine =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | {
      readonly kind: 'invalid'
      readonly names: string | null
      readonly diagnostics: readonly Diagnostic[]
      readonly value?: unknown
    }

/** The lines of a file, numbered from 1; a last one without its newline is torn. */
export function linesOf(file: string, content: Uint8Array): readonly StoredLine[] {
  const buffer = Buffer.from(content.buffer, content.byteOffset, content.length)
  const lines: StoredLine[] = []
  for (let from = 0; from < buffer.length; ) {
    const newline = buffer.indexOf(10, from)
    const bytes = buffer.subarray(from, newline === -1 ? buffer.length : newline)
    lines.push({ file, number: lines.length + 1, isTorn: newline === -1, bytes: () => bytes })
    // Its other lines would only be told as no JSON.
    if (lines.length === 1 && bytes.subarray(0, LFS_POINTER.length).toString('latin1') === LFS_POINTER) break
    from = newline === -1 ? buffer.length : newline + 1
  }
  return lines
}

/** SHA-256 of the bytes as stored, without the newline (EVALUATION.md). */
export function digestOfLine(line: StoredLine): Digest {
  return `sha256:${sha256Hex(line.bytes())}`
}

/** Reads and checks the whole line. */
export function parseLine(line: StoredLine, catalogue: Catalogue): ParsedLine {
  const bytes = line.bytes()
  const unreadable = problemOfBytes(line, bytes)
  if (unreadable !== null) return invalid(null, [unreadable])
  const text = decodeLine(bytes)
  const plain = line.isTorn ? null : readPlainLine(text, catalogue)
  return plain === null ? parseAnyLine(line, text, catalogue) : { kind: 'snapshot', snapshot: plain }
}

/** The long way, which tells all that is wrong. */
export function parseAnyLine(line: StoredLine, text: string, catalogue: Catalogue): ParsedLine {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return invalid(null, [notJson(line, text)])
  }
  const problems = checkSnapshot(value, catalogue).map((problem) => placeProblem(line, text, problem))
  problems.push(...problemsOfText(line, text, { value, isSnapshot: problems.length === 0 }))
  if (problems.length === 0) return { kind: 'snapshot', snapshot: value as Snapshot }
  return { kind: 'invalid', names: modelNamedBy(value), diagnostics: problems, value }
}

/** The text of bytes that are UTF-8. */
export function decodeLine(bytes: Buffer): string {
  return isAscii(bytes) ? bytes.toString('latin1') : bytes.toString('utf8')
}

/** A diagnostic at the value of a path in the line. */
export function placeProblem(line: StoredLine, text: string, problem: LineProblem): Diagnostic {
  return atOffset(line, offsetOf(text, problem.path), problem)
}

/** The same, where the text is not at hand. */
export function problemOfLine(line: StoredLine, path: JsonPath, problem: Problem): Diagnostic {
  return atOffset(line, offsetOf(decodeLine(line.bytes()), path), problem)
}

function atOffset(line: StoredLine, offset: number, { severity, code, message, hint }: Problem): Diagnostic {
  return problemAt(
    { file: line.file, line: line.number, column: offset + 1 },
    { ...(severity === undefined ? {} : { severity }), code, message, hint },
  )
}

function invalid(names: string | null, diagnostics: readonly Diagnostic[]): ParsedLine {
  return { kind: 'invalid', names, diagnostics }
}

function modelNamedBy(value: unknown): string | null {
  const model = (value as { readonly model?: unknown } | null)?.model
  return typeof model === 'string' ? model : null
}

function problemOfBytes(line: StoredLine, bytes: Buffer): Diagnostic | null {
  if (bytes.length > MOST_LINE_BYTES) {
    return atOffset(line, 0, {
      code: 'load/line-too-long',
      message: `the line has ${bytes.length} bytes; at most ${MOST_LINE_BYTES} are read`,
      hint: 'split the measurements over snapshots of the same window',
    })
  }
  if (isUtf8(bytes)) return null
  return atOffset(line, bytes.toString('utf8').indexOf('\ufffd'), {
    code: 'load/invalid-utf8',
    message: 'the line is not valid UTF-8',
    hint: 'write the file as UTF-8',
  })
}

function notJson(line: StoredLine, text: string): Diagnostic {
  const offset = scanJson(text).errorAt ?? 0
  if (text.startsWith(LFS_POINTER) && line.number === 1) {
    const message = 'the file is a Git LFS pointer, not its content'
    return atOffset(line, 0, {
      code: 'load/lfs-pointer',
      message,
      hint: 'run `git lfs pull`, or keep snapshots out of LFS',
    })
  }
  if (text.charCodeAt(0) === 0xfeff) {
    const message = 'the line begins with a byte order mark'
    return atOffset(line, 0, { code: 'load/byte-order-mark', message, hint: 'write the file as UTF-8 without one' })
  }
  if (line.isTorn || offset >= text.length) {
    const message = text === '' ? 'the line is empty' : 'the line is torn: it ends in the middle'
    return atOffset(line, offset, {
      code: 'load/torn-line',
      message,
      hint: 'write each snapshot anew as one whole line, ended by a newline',
    })
  }
  return atOffset(line, offset, {
    code: 'load/invalid-json',
    message: `the line is no JSON from character ${offset + 1} on`,
    hint: 'a line is one JSON object; NaN and Infinity are written `null` with a `reason`',
  })
}

/** Of a line that is JSON: its end, and keys that stand twice. */
function problemsOfText(
  line: StoredLine,
  text: string,
  read: { readonly value: unknown; readonly isSnapshot: boolean },
): Diagnostic[] {
  const found: Diagnostic[] = []
  if (line.isTorn) {
    const hint = 'end the file with a newline, or the next writer makes one line of two'
    found.push(atOffset(line, text.length, { code: 'load/torn-line', message: 'the last line has no newline', hint }))
  }
  if (text.endsWith('\r')) {
    const hint = 'write `\\n` alone, and keep `*.ndjson text eol=lf` in .gitattributes: the digest is of the bytes'
    found.push(atOffset(line, text.length - 1, { code: 'load/line-end', message: 'the line ends with CRLF', hint }))
  }
  // A value that passed the check is not deep, so that writing it back cannot overflow.
  if (read.isSnapshot && JSON.stringify(read.value) === text) return found
  for (const { key, offset } of scanJson(text).duplicates) {
    found.push(
      atOffset(line, offset, {
        code: 'load/duplicate-key',
        message: `the key ${nameOf(key)} stands twice in one object`,
        hint: 'keep one of them',
      }),
    )
  }
  return found
}
