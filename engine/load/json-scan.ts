// A walk over JSON text that knows offsets: where a syntax error, a duplicate key or the value of a path stands.
// Slow and exact; `JSON.parse` reads the values, this finds their places when something is wrong with them.
// Iterative, so that depth cannot overflow the stack.

/** Keys and list positions from the root of a line. */
export type JsonPath = readonly (string | number)[]

/** What one pass over the text of a line finds that JSON.parse would hide. */
export interface JsonScan {
  /** Offset of the first syntax error; null where the text is JSON. */
  readonly errorAt: number | null
  /** Keys that an object has twice: the offset of each repetition. */
  readonly duplicates: readonly { readonly key: string; readonly offset: number }[]
}

interface Frame {
  readonly isArray: boolean
  readonly keys: Set<string>
  step: string | number
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const SPACE = /[ \t\n\r]*/y

/** Where the first syntax error and all duplicate keys of a text stand. */
export function scanJson(text: string): JsonScan {
  const duplicates: { key: string; offset: number }[] = []
  const errorAt = walkJson(text, {
    key: (key, offset, isRepeated) => {
      if (isRepeated) duplicates.push({ key, offset })
    },
  })
  return { errorAt, duplicates }
}

/**
 * Offset of the value at `path`, or of the deepest ancestor that is there. The last of duplicate keys counts, as in
 * `JSON.parse`.
 */
export function offsetOf(text: string, path: JsonPath): number {
  let found = 0
  let depthFound = 0
  walkJson(text, {
    value: (offset, frames) => {
      const depth = frames.length
      if (depth > path.length || depth < depthFound) return
      if (!frames.every((frame, i) => frame.step === path[i])) return
      found = offset
      depthFound = depth
    },
  })
  return found
}

interface Visitor {
  readonly key?: (key: string, offset: number, isRepeated: boolean) => void
  /** The frames that enclose the value; `step` of each is the way to it. */
  readonly value?: (offset: number, frames: readonly Frame[]) => void
}

/** The offset of the first syntax error, or null. */
function walkJson(text: string, visitor: Visitor): number | null {
  const frames: Frame[] = []
  let at = 0
  const skip = () => {
    SPACE.lastIndex = at
    SPACE.exec(text)
    at = SPACE.lastIndex
  }
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) return null
    at = pattern.lastIndex
    return match[0]
  }
  /** The string with its quotes. By hand, since a pattern would keep a step for each character of a long one. */
  const takeString = (): string | null => {
    if (text[at] !== '"') return null
    const start = at
    for (at++; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      if (unit === 0x22) return text.slice(start, ++at)
      if (unit < 0x20) return null
      if (unit !== 0x5c) continue
      ESCAPE.lastIndex = at
      if (!ESCAPE.test(text)) return null
      at = ESCAPE.lastIndex - 1
    }
    return null
  }
  /** Reads `"key":`; false on a syntax error. */
  const readKey = (frame: Frame): boolean => {
    const offset = at
    const raw = takeString()
    if (raw === null) return false
    const key = JSON.parse(raw) as string
    visitor.key?.(key, offset, frame.keys.has(key))
    frame.keys.add(key)
    frame.step = key
    skip()
    if (text[at] !== ':') return false
    at++
    skip()
    return true
  }
  /** Reads a scalar, or opens a container; false on a syntax error. */
  const readValue = (): 'closed' | 'opened' | 'error' => {
    visitor.value?.(at, frames)
    const first = text[at]
    if (first === '{' || first === '[') {
      at++
      const frame: Frame = { isArray: first === '[', keys: new Set(), step: 0 }
      skip()
      if (text[at] === (frame.isArray ? ']' : '}')) {
        at++
        return 'closed'
      }
      frames.push(frame)
      return frame.isArray || readKey(frame) ? 'opened' : 'error'
    }
    return (first === '"' ? takeString() : take(SCALAR)) === null ? 'error' : 'closed'
  }
  /** After a value: closes containers until another value must follow; null at the end of the text. */
  const readSeparators = (): 'value' | 'error' | null => {
    for (;;) {
      skip()
      const frame = frames.at(-1)
      if (frame === undefined) return at === text.length ? null : 'error'
      const next = text[at]
      if (next === ',') {
        at++
        skip()
        if (frame.isArray) frame.step = Number(frame.step) + 1
        return frame.isArray || readKey(frame) ? 'value' : 'error'
      }
      if (next !== (frame.isArray ? ']' : '}')) return 'error'
      at++
      frames.pop()
    }
  }
  skip()
  for (;;) {
    const read = readValue()
    if (read === 'error') return at
    if (read === 'opened') continue
    const next = readSeparators()
    if (next === null) return null
    if (next === 'error') return at
  }
}
