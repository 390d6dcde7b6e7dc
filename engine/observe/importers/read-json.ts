// JSON as tools write it: RFC 8259 and the bare NaN, Infinity and -Infinity of Python. Stricter than JSON.parse where
// silence would be wrong: a key that stands twice, or nesting beyond a limit, is refused. Nothing is inherited: a key
// may be called `__proto__`.
import { Refusal } from './imported.ts'

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue
}

const DEEPEST = 200
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORDS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]

/** The one value of a text. Numbers beyond a double's range are infinite. */
export function readJson(text: string): JsonValue {
  const reader = new JsonReader(text)
  const value = reader.value(0)
  reader.end()
  return value
}

class JsonReader {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  value(depth: number): JsonValue {
    if (depth > DEEPEST) throw new Refusal('depth', `nested deeper than ${DEEPEST} at ${this.place()}`)
    this.space()
    const first = this.text[this.at]
    if (first === '{') return this.object(depth)
    if (first === '[') return this.array(depth)
    if (first === '"') return this.string()
    return this.scalar()
  }

  end(): void {
    this.space()
    if (this.at < this.text.length) throw this.wrong('something stands after the end of the JSON value')
  }

  private object(depth: number): JsonObject {
    const object: Record<string, JsonValue> = {}
    this.at++
    this.space()
    if (this.take('}')) return object
    for (;;) {
      this.space()
      if (this.text[this.at] !== '"') throw this.wrong('a key in quotes was expected')
      const start = this.at
      const key = this.string()
      if (Object.hasOwn(object, key)) {
        throw new Refusal('duplicate-key', `the key \`${key}\` stands twice in one object, at ${this.place(start)}`)
      }
      this.space()
      if (!this.take(':')) throw this.wrong('`:` was expected')
      const value = this.value(depth + 1)
      if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true })
      else object[key] = value
      this.space()
      if (this.take('}')) return object
      if (!this.take(',')) throw this.wrong('`,` or `}` was expected')
    }
  }

  private array(depth: number): JsonValue[] {
    const array: JsonValue[] = []
    this.at++
    this.space()
    if (this.take(']')) return array
    for (;;) {
      array.push(this.value(depth + 1))
      this.space()
      if (this.take(']')) return array
      if (!this.take(',')) throw this.wrong('`,` or `]` was expected')
    }
  }

  private string(): string {
    const start = this.at
    for (this.at++; this.at < this.text.length; this.at++) {
      const unit = this.text.charCodeAt(this.at)
      if (unit === 0x5c) this.at++
      else if (unit === 0x22) return this.unescaped(start, ++this.at)
      else if (unit < 0x20) throw this.wrong('a control character stands in a string')
    }
    this.at = this.text.length
    throw this.wrong('the text ends within a string')
  }

  private unescaped(start: number, end: number): string {
    const inner = this.text.slice(start + 1, end - 1)
    if (!inner.includes('\\')) return inner
    const value = this.parsed(start, end)
    if (value.isWellFormed()) return value
    throw new Refusal('encoding', `half a surrogate pair stands in a string, at ${this.place(start)}`)
  }

  private parsed(start: number, end: number): string {
    try {
      return JSON.parse(this.text.slice(start, end)) as string
    } catch {
      this.at = start
      throw this.wrong('a bad escape stands in a string')
    }
  }

  private scalar(): JsonValue {
    NUMBER.lastIndex = this.at
    const number = NUMBER.exec(this.text)
    if (number !== null) {
      this.at += number[0].length
      return Number(number[0])
    }
    for (const [word, value] of WORDS) {
      if (!this.text.startsWith(word, this.at)) continue
      this.at += word.length
      return value
    }
    throw this.wrong(this.at < this.text.length ? 'a value was expected' : 'the text ends where a value was expected')
  }

  private space(): void {
    for (; this.at < this.text.length; this.at++) {
      const unit = this.text.charCodeAt(this.at)
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return
    }
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false
    this.at++
    return true
  }

  private wrong(what: string): Refusal {
    const isCut = this.at >= this.text.length
    const why = this.at === this.text.search(/\S/) ? 'not-json' : 'syntax'
    return new Refusal(why, `${what}, at ${this.place()}`, isCut ? 'the file seems to be cut off' : undefined)
  }

  private place(at = this.at): string {
    const before = this.text.slice(0, at)
    const line = before.split('\n').length
    return `line ${line}, column ${at - before.lastIndexOf('\n')}`
  }
}
