// What Git stores for a text file of the working folder: CRLF becomes LF where attributes or `core.autocrlf` say so.
// https://git-scm.com/docs/gitattributes#_text and convert.c; filters other than that are commands, and never run.
import { matchesPattern, type PathPattern, parsePattern } from './path-pattern.ts'

/** `text`: every CRLF goes; `auto`: where the content is no binary; `binary`: untouched. */
export type TextHandling = 'text' | 'auto' | 'binary'

/** One line of an attributes file, as far as line ends ask for it. */
export interface AttributeRule {
  readonly pattern: PathPattern
  readonly base: string
  /** `text` → `set`, `unset`, `unspecified` or a value. */
  readonly values: ReadonlyMap<string, string>
}

/** The rules of one `.gitattributes`, in its order; macros are left out. `folder` is where it lies. */
export function parseAttributes(text: string, folder: string): AttributeRule[] {
  const base = folder === '' ? '' : `${folder}/`
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*("(?:[^"\\]|\\.)*"|[^\s"#]\S*)\s+(.*)$/.exec(line)
    if (match?.[1] === undefined || match[1].startsWith('[attr]')) return []
    const name = match[1].startsWith('"') ? match[1].slice(1, -1).replace(/\\(["\\])/g, '$1') : match[1]
    return [{ pattern: parsePattern(name), base, values: parseValues(match[2] ?? '') }]
  })
}

function parseValues(text: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const equals = word.indexOf('=')
    if (word === 'binary') values.set('text', 'unset')
    else if (word.startsWith('-')) values.set(word.slice(1), 'unset')
    else if (word.startsWith('!')) values.set(word.slice(1), 'unspecified')
    else if (equals > 0) values.set(word.slice(0, equals), word.slice(equals + 1))
    else values.set(word, 'set')
  }
  return values
}

/** Rules from the weakest to the strongest. `autocrlf`: the setting `core.autocrlf`. */
export function textHandling(rules: readonly AttributeRule[], path: string, autocrlf: boolean): TextHandling {
  const text = attribute(rules, path, 'text') ?? attribute(rules, path, 'crlf')
  if (text === 'unset') return 'binary'
  if (text === 'auto') return 'auto'
  if (text === 'set' || text === 'input') return 'text'
  const eol = attribute(rules, path, 'eol')
  if (eol === 'lf' || eol === 'crlf') return 'text'
  return autocrlf ? 'auto' : 'binary'
}

function attribute(rules: readonly AttributeRule[], path: string, name: string): string | null {
  for (let i = rules.length - 1; i >= 0; i--) {
    const rule = rules[i]
    const value = rule?.values.get(name)
    if (rule === undefined || value === undefined || !path.startsWith(rule.base)) continue
    if (!matchesPattern(rule.pattern, path.slice(rule.base.length), false)) continue
    return value === 'unspecified' ? null : value
  }
  return null
}

/** The bytes that Git would store. `stored` yields what it stores now: an `auto` file that has CR there is left alone. */
export function normaliseLineEnds(bytes: Buffer, handling: TextHandling, stored: () => Buffer | null): Buffer {
  if (handling === 'binary' || !bytes.includes('\r\n')) return bytes
  if (handling === 'auto' && (isBinary(bytes) || stored()?.includes(13) === true)) return bytes
  const out = Buffer.allocUnsafe(bytes.length)
  let filled = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === 13 && bytes[at + 1] === 10) continue
    out[filled++] = byte
  }
  return out.subarray(0, filled)
}

/** convert.c: a NUL, a CR alone, or more than one unprintable byte in 128. */
function isBinary(bytes: Buffer): boolean {
  let printable = 0
  let unprintable = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === 0 || (byte === 13 && bytes[at + 1] !== 10)) return true
    if (byte === 13 || byte === 10) continue
    if (byte === 127 || (byte < 32 && ![8, 9, 12, 27].includes(byte))) unprintable++
    else printable++
  }
  const hasFinalEof = bytes[bytes.length - 1] === 26
  return printable >> 7 < unprintable - (hasFinalEof ? 1 : 0)
}
