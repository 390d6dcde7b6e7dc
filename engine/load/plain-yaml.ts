// The short way through most YAML: fields and list items on lines of their own, flow collections and scalars of one line.
// What is not plain is no fault yet; read-yaml.ts reads everything. A law of the tests holds the two together.
import { BareObject } from './bare-object.ts'
import { plainScalar } from './yaml-scalar.ts'

/** Says nothing of a text but that the long way must be gone. */
export const NOT_PLAIN = Symbol('not plain')

/** What `readYaml` says of a text without any diagnostic whose root is a mapping, or NOT_PLAIN. */
export function readPlainYaml(text: string): unknown {
  if (UNUSUAL.test(text)) return NOT_PLAIN
  const reader = new PlainReader(text.endsWith('\n') ? text : `${text}\n`)
  return reader.readFile()
}

/** All but printed Latin with its punctuation: a tab, a carriage return, any space but the one. */
const UNUSUAL = /[^\n -~\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u2030-\u205e]/

const [NEWLINE, SPACE, DOUBLE_QUOTE, HASH, SINGLE_QUOTE, COMMA, DASH, COLON] = [10, 32, 34, 35, 39, 44, 45, 58]
const [BRACKET, BRACKET_END, BRACE, BRACE_END] = [91, 93, 123, 125]

/** Kinds of characters, as bits: what a key is made of, what begins an unquoted scalar, what one in braces is made of. */
const [OF_KEY, STARTS_SCALAR, OF_FLOW_SCALAR] = [1, 2, 4]
const KINDS = Uint8Array.from({ length: 0x250 }, (_, code) => {
  const character = String.fromCharCode(code)
  return (
    (/[\w.-]/.test(character) ? OF_KEY : 0) |
    (/[\w./+~$(\u00c0-\u024f]/.test(character) ? STARTS_SCALAR : 0) |
    (/[^\n:#,[\]{}"']/.test(character) ? OF_FLOW_SCALAR : 0)
  )
})

/** Far below what the long way refuses. */
const MOST_PLAIN_DEPTH = 12
const MOST_KEY_LENGTH = 100
/** Of what a key is made of, letters and `_` alone come after this. */
const LETTERS = 65

/** Stands before what it reads next; every text ends with a newline, so that no loop runs over its end. */
class PlainReader {
  private readonly text: string
  private at = 0
  /** Of the line that it stands in, or of the item after a dash; -1 at the end. */
  private indent = -1

  constructor(text: string) {
    this.text = text
  }

  readFile(): unknown {
    this.toContent()
    if (this.indent !== 0) return NOT_PLAIN
    const value = this.readMapping(0, 1)
    return this.isDone() ? value : NOT_PLAIN
  }

  private isDone(): boolean {
    return this.indent === -1
  }

  private readMapping(indent: number, depth: number): unknown {
    const mapping = new BareObject()
    while (this.indent === indent && this.code() !== DASH) {
      const key = this.readKey()
      if (key === null || Object.hasOwn(mapping, key)) return NOT_PLAIN
      const value = this.endLine() ? this.readNested(indent, depth + 1) : this.readLine(depth)
      if (value === NOT_PLAIN) return NOT_PLAIN
      mapping[key] = value
    }
    return this.indent < indent ? mapping : NOT_PLAIN
  }

  private readNested(indent: number, depth: number): unknown {
    if (this.indent <= indent || depth > MOST_PLAIN_DEPTH) return NOT_PLAIN
    return this.code() === DASH ? this.readList(this.indent, depth) : this.readMapping(this.indent, depth)
  }

  private readList(indent: number, depth: number): unknown {
    const list: unknown[] = []
    while (this.indent === indent && this.code() === DASH) {
      const dash = this.at++
      if (this.code() !== SPACE) return NOT_PLAIN
      this.skipSpaces()
      const item = this.at
      const isMapping = this.readKey() !== null
      this.at = item
      this.indent += item - dash
      const value = isMapping ? this.readMapping(this.indent, depth + 1) : this.readLine(depth)
      if (value === NOT_PLAIN) return NOT_PLAIN
      list.push(value)
    }
    return this.indent < indent ? list : NOT_PLAIN
  }

  /** A value and the end of its line. */
  private readLine(depth: number): unknown {
    const value = this.readValue(depth) ?? this.readBlockScalar()
    return this.endLine() ? value : NOT_PLAIN
  }

  /** In quotes, brackets or braces; undefined where none of them begins. */
  private readValue(depth: number): unknown {
    switch (this.code()) {
      case DOUBLE_QUOTE:
        return this.readQuoted('"')
      case SINGLE_QUOTE:
        return this.readQuoted("'")
      case BRACKET:
        return depth > MOST_PLAIN_DEPTH ? NOT_PLAIN : this.readFlowList(depth + 1)
      case BRACE:
        return depth > MOST_PLAIN_DEPTH ? NOT_PLAIN : this.readFlowMapping(depth + 1)
    }
    return undefined
  }

  private readFlowMapping(depth: number): unknown {
    const mapping = new BareObject()
    if (this.isEmpty(BRACE_END)) return mapping
    for (;;) {
      const key = this.readKey()
      if (key === null || Object.hasOwn(mapping, key)) return NOT_PLAIN
      this.skipSpaces()
      const value = this.readValue(depth) ?? this.readFlowScalar()
      if (value === NOT_PLAIN) return NOT_PLAIN
      mapping[key] = value
      const next = this.takeSeparator()
      if (next === BRACE_END) return mapping
      if (next !== COMMA) return NOT_PLAIN
    }
  }

  private readFlowList(depth: number): unknown {
    const list: unknown[] = []
    if (this.isEmpty(BRACKET_END)) return list
    for (;;) {
      const value = this.readValue(depth) ?? this.readFlowScalar()
      if (value === NOT_PLAIN) return NOT_PLAIN
      list.push(value)
      const next = this.takeSeparator()
      if (next === BRACKET_END) return list
      if (next !== COMMA) return NOT_PLAIN
    }
  }

  /** Passes the opening, and the end where it comes at once. */
  private isEmpty(end: number): boolean {
    this.at++
    this.skipSpaces()
    if (this.code() !== end) return false
    this.at++
    return true
  }

  private takeSeparator(): number {
    this.skipSpaces()
    const code = this.code()
    this.at++
    this.skipSpaces()
    return code
  }

  /** Up to its colon, after which there is white space; null where no plain key stands. */
  private readKey(): string | null {
    const from = this.at
    if (this.code() < LETTERS) return null
    while (is(this.code(), OF_KEY)) this.at++
    const end = this.at++
    const isKey = this.text.charCodeAt(end) === COLON && (this.code() === SPACE || this.code() === NEWLINE)
    return isKey && end > from && end - from <= MOST_KEY_LENGTH ? this.text.slice(from, end) : null
  }

  /** Without any escape. */
  private readQuoted(quote: '"' | "'"): unknown {
    const end = this.text.indexOf(quote, this.at + 1)
    const value = this.text.slice(this.at + 1, end)
    if (end === -1 || this.text[end + 1] === quote || value.includes('\\') || value.includes('\n')) return NOT_PLAIN
    this.at = end + 1
    return value
  }

  private readFlowScalar(): unknown {
    const from = this.at
    if (!this.startsScalar()) return NOT_PLAIN
    for (; ; this.at++) {
      const code = this.code()
      if (is(code, OF_FLOW_SCALAR)) continue
      // A colon within a text: `s3://lake`, `12:30`.
      if (code !== COLON || !is(this.text.charCodeAt(this.at + 1), STARTS_SCALAR)) break
    }
    return scalarValue(this.text.slice(from, this.at).trimEnd())
  }

  /** To the end of the line, or a comment. */
  private readBlockScalar(): unknown {
    const from = this.at
    if (!this.startsScalar()) return NOT_PLAIN
    for (; this.code() !== NEWLINE; this.at++) {
      const code = this.code()
      if (code === HASH && this.text.charCodeAt(this.at - 1) === SPACE) break
      if (code !== COLON) continue
      const next = this.text.charCodeAt(this.at + 1)
      if (next === SPACE || next === NEWLINE) return NOT_PLAIN
    }
    const text = this.text.slice(from, this.at).trimEnd()
    this.at = from + text.length
    return scalarValue(text)
  }

  private startsScalar(): boolean {
    const code = this.code()
    return is(code, STARTS_SCALAR) || (code === DASH && is(this.text.charCodeAt(this.at + 1), OF_KEY))
  }

  /** Passes the end of a line, a comment before it, and lines that hold nothing; false where something else stands. */
  private endLine(): boolean {
    this.skipSpaces()
    const code = this.code()
    if (code !== NEWLINE && (code !== HASH || this.text.charCodeAt(this.at - 1) !== SPACE)) return false
    this.at = this.text.indexOf('\n', this.at) + 1
    this.toContent()
    return true
  }

  /** From the start of a line. */
  private toContent(): void {
    for (;;) {
      const from = this.at
      this.skipSpaces()
      const code = this.code()
      if (code !== NEWLINE && code !== HASH) {
        this.indent = this.at === this.text.length ? -1 : this.at - from
        return
      }
      this.at = this.text.indexOf('\n', this.at) + 1
    }
  }

  private skipSpaces(): void {
    while (this.code() === SPACE) this.at++
  }

  /** NaN at the end. */
  private code(): number {
    return this.text.charCodeAt(this.at)
  }
}

function is(code: number, kind: number): boolean {
  return code < KINDS.length && ((KINDS[code] ?? 0) & kind) !== 0
}

function scalarValue(text: string): unknown {
  const value = plainScalar(text)
  return typeof value === 'object' && value !== null ? NOT_PLAIN : value
}
