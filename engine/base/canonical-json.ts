// RFC 8785 (JSON Canonicalization Scheme) and the digests that are built on it.
// Source: https://www.rfc-editor.org/rfc/rfc8785
import { hash } from 'node:crypto'

/** What JSON can say. A member that is `undefined` counts as absent. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/**
 * The canonical text of a value: keys by UTF-16 code units, ECMAScript numbers, no white space.
 * Keys whose value is `undefined` are left out. Throws on NaN, infinities and lone surrogates.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error(`internal error: ${value} has no canonical JSON`)
    return JSON.stringify(value)
  }
  if (typeof value === 'string') return textJson(value)
  if (Array.isArray(value)) {
    if (value.every(isText)) return JSON.stringify(value)
    let out = '['
    for (let i = 0; i < value.length; i++) out += (i === 0 ? '' : ',') + canonicalJson(value[i] ?? null)
    return `${out}]`
  }
  if (typeof value !== 'object') throw new Error(`internal error: a ${typeof value} has no canonical JSON`)
  const members = value as Record<string, unknown>
  const keys = sortedKeys(members)
  let out = '{'
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? ''
    const member = members[key]
    if (member === undefined) continue
    if (out.length > 1) out += ','
    out += keyJson(key) + canonicalJson(member)
  }
  return `${out}}`
}

/** Printed ASCII without what JSON escapes. */
const PLAIN = /^[ !#-[\]-~]*$/

function textJson(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw new Error('internal error: a lone surrogate has no canonical JSON')
  return JSON.stringify(text)
}

const keyTexts = new Map<string, string>()
/** Arbitrary: more than all our formats have, and a bound on what hostile ones leave behind. */
const MOST_KEY_TEXTS = 1000

/** With its colon; kept, since the same keys come with every card and finding. */
function keyJson(key: string): string {
  let text = keyTexts.get(key)
  if (text === undefined) {
    text = `${textJson(key)}:`
    if (keyTexts.size < MOST_KEY_TEXTS) keyTexts.set(key, text)
  }
  return text
}

/** By UTF-16 code units. Few enough in most objects that to insert each is the least work. */
function sortedKeys(members: object): string[] {
  const keys = Object.keys(members)
  if (keys.length > 16) return keys.sort()
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] ?? ''
    let at = i
    for (; at > 0 && (keys[at - 1] ?? '') > key; at--) keys[at] = keys[at - 1] ?? ''
    keys[at] = key
  }
  return keys
}

/** Whose plain JSON is canonical: a text, or a list of nothing else. */
function isText(value: unknown): boolean {
  return typeof value === 'string' ? value.isWellFormed() : Array.isArray(value) && value.every(isText)
}

/** Lower-case hex after the name of the hash: how every value is named that others check (EVALUATION.md). */
export type Digest = `sha256:${string}`

/** Lower-case hex SHA-256 of UTF-8 text or bytes. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex')
}

/** `sha256:` and the hex SHA-256 of a value's canonical form (EVALUATION.md). */
export function digestOf(value: unknown): Digest {
  return `sha256:${sha256Hex(canonicalJson(value))}`
}

/** The 64 hex digits alone: what REMEDIATION.md calls hash(...). */
export function hashOf(list: readonly unknown[]): string {
  return sha256Hex(canonicalJson(list))
}
