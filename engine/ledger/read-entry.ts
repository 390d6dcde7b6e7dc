// The reader of an entry: the canonical form or nothing, with depth and length bounded. Apart from the writer (entry.ts), so that
// a verifier in a browser carries nothing of it.
import { canonicalJson } from '../base/canonical-json.ts'
import { formatInstant, parseInstant } from '../domain/instant.ts'
import { MAX_ENTRY_BYTES } from './entry-bundle.ts'

/** An entry as read. `body` is absent where it is encrypted; kinds and fields of later versions are kept. */
export interface ReadEntry {
  readonly kind: string
  readonly at: string
  readonly run: string
  readonly commit: string
  readonly body?: Readonly<Record<string, unknown>>
  /** Base64 of an age file that holds the body. */
  readonly age?: string
}

const MAX_DEPTH = 64

/** The entry in these bytes; `null` for anything but the canonical form of an entry. */
export function decodeEntry(bytes: Uint8Array): ReadEntry | null {
  if (bytes.length > MAX_ENTRY_BYTES || depthOf(bytes) > MAX_DEPTH) return null
  let text: string
  let value: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    value = JSON.parse(text)
    if (canonicalJson(value) !== text) return null
  } catch {
    // Neither UTF-8 nor JSON, or a value without canonical form (1e999, a lone surrogate).
    return null
  }
  return isEntry(value) ? value : null
}

function isEntry(value: unknown): value is ReadEntry {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const { v, kind, at, run, commit, body, age, ...others } = value as Record<string, unknown>
  if (v !== 1 || Object.keys(others).length > 0) return false
  if (![kind, at, run, commit].every((field) => typeof field === 'string')) return false
  if (!isWholeSecondUtc(at as string)) return false
  const hasBody = typeof body === 'object' && body !== null && !Array.isArray(body)
  return hasBody ? age === undefined : body === undefined && typeof age === 'string'
}

/** The entries of a run stand together and have one moment, so the last good one answers for most. */
let lastMoment = ''

/** Whether a text is an instant in the one form that entries have: UTC, whole seconds. */
export function isWholeSecondUtc(text: string): boolean {
  if (text === lastMoment) return true
  const at = parseInstant(text)
  if (at === null || formatInstant(at) !== text) return false
  lastMoment = text
  return true
}

/** The deepest nesting of brackets outside strings, so that no hostile entry exhausts the stack. */
function depthOf(bytes: Uint8Array): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (inString) {
      if (byte === 0x5c) i++
      else if (byte === 0x22) inString = false
    } else if (byte === 0x22) inString = true
    else if (byte === 0x5b || byte === 0x7b) deepest = Math.max(deepest, ++depth)
    else if (byte === 0x5d || byte === 0x7d) depth--
  }
  return deepest
}
