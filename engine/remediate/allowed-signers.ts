// `policies/allowed-signers`: whose key may sign approvals, in OpenSSH's own format, so that `ssh-keygen -Y verify` reads
// the same file. Ed25519 keys of named people; patterns and certificate authorities name nobody and are left out.
// Source: https://man.openbsd.org/ssh-keygen.1#ALLOWED_SIGNERS

import { parseSshPublicKey } from '../base/sshsig-keys.ts'
import { type Instant, isRealDay, startOfLocalDay } from '../domain/instant.ts'

/** One line of the file that is understood. */
export interface AllowedSigner {
  /** As written; compared without regard to case. The first is the person's name. */
  readonly principals: readonly string[]
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** Null: every namespace. `*` and `?` are wildcards. */
  readonly namespaces: readonly string[] | null
  readonly validAfter: Instant | null
  readonly validBefore: Instant | null
  readonly line: number
}

/** A line that gives nobody a key; it is no error of the file, since OpenSSH may know more than we do. */
export interface SkippedLine {
  readonly line: number
  readonly why: string
}

/** The file, line by line. */
export interface AllowedSigners {
  readonly signers: readonly AllowedSigner[]
  readonly skipped: readonly SkippedLine[]
}

/** Where it lies; the base's counts, never a branch's. */
export const ALLOWED_SIGNERS = 'policies/allowed-signers'

/** Times without a zone are the institution's. */
export function parseAllowedSigners(text: string, timeZone: string): AllowedSigners {
  const signers: AllowedSigner[] = []
  const skipped: SkippedLine[] = []
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue
    const read = readLine(line, timeZone)
    if (typeof read === 'string') skipped.push({ line: i + 1, why: read })
    else signers.push({ ...read, line: i + 1 })
  }
  return { signers, skipped }
}

/** The signer whose key this is, or why it is nobody's for this namespace at these instants. */
export function signerOf(
  { signers }: AllowedSigners,
  key: { readonly publicKey: Uint8Array; readonly namespace: string; readonly at: readonly Instant[] },
): AllowedSigner | 'unknown-key' | 'other-namespace' | 'not-valid-then' {
  const own = signers.filter((one) => Buffer.compare(one.publicKey, key.publicKey) === 0)
  if (own.length === 0) return 'unknown-key'
  const named = own.filter(
    ({ namespaces }) => namespaces === null || namespaces.some((one) => matches(one, key.namespace)),
  )
  if (named.length === 0) return 'other-namespace'
  return named.find((one) => key.at.every((at) => isValidAt(one, at))) ?? 'not-valid-then'
}

/** Every principal of a key, on whatever line, ended ones included. */
export function namesOf({ signers }: AllowedSigners, publicKey: Uint8Array): string[] {
  return signers.filter((one) => Buffer.compare(one.publicKey, publicKey) === 0).flatMap((one) => one.principals)
}

function isValidAt({ validAfter, validBefore }: AllowedSigner, at: Instant): boolean {
  return (validAfter === null || at >= validAfter) && (validBefore === null || at < validBefore)
}

/** A signer, or why the line gives none. */
function readLine(line: string, timeZone: string): Omit<AllowedSigner, 'line'> | string {
  const [first, afterFirst] = takeWord(line.trim())
  const [second, afterSecond] = takeWord(afterFirst)
  const hasOptions = !/^(ssh-|ecdsa-|sk-)/.test(second)
  const key = hasOptions ? afterSecond : afterFirst
  const options = readOptions(hasOptions ? second : '', timeZone)
  if (typeof options === 'string') return options
  const publicKey = parseSshPublicKey(key)
  if (publicKey === null) return 'it has no Ed25519 key'
  const principals = first.replace(/^"(.*)"$/, '$1').split(',')
  if (principals.some((name) => name === '' || /[*?!]/.test(name))) return 'its principal is a pattern, not a person'
  return { principals, publicKey, ...options }
}

/** A word and the rest; quotes keep spaces together. */
function takeWord(text: string): [string, string] {
  const match = /^((?:"[^"]*"|[^\s"])*)\s*/.exec(text)
  return [match?.[1] ?? '', text.slice(match?.[0].length ?? 0)]
}

type Options = Pick<AllowedSigner, 'namespaces' | 'validAfter' | 'validBefore'>

function readOptions(text: string, timeZone: string): Options | string {
  let options: Options = { namespaces: null, validAfter: null, validBefore: null }
  for (const option of text.match(/(?:"[^"]*"|[^,"])+/g) ?? []) {
    const [, name = '', quoted] = /^([a-z-]+)(?:="([^"]*)")?$/i.exec(option) ?? []
    const value = quoted ?? ''
    const keyword = name.toLowerCase()
    if (keyword === 'namespaces') options = { ...options, namespaces: value.split(',') }
    else if (keyword === 'valid-after' || keyword === 'valid-before') {
      const at = readTime(value, timeZone)
      if (at === null) return `\`${value}\` is no time`
      options = { ...options, [keyword === 'valid-after' ? 'validAfter' : 'validBefore']: at }
    } else return `the option \`${option}\` is not supported`
  }
  return options
}

/** `YYYYMMDD` or `YYYYMMDDHHMM[SS]`, with `Z` for UTC. */
function readTime(text: string, timeZone: string): Instant | null {
  const match = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(Z?)$/i.exec(text)
  if (match === null) return null
  const [, year, month, date, hour = '00', minute = '00', second = '00', zone] = match
  const day = `${year}-${month}-${date}`
  if (!isRealDay(day) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const start = zone === '' ? startOfLocalDay(day, timeZone) : Date.parse(`${day}T00:00:00Z`)
  return start + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000
}

/** `*` and `?` as OpenSSH has them; each character is looked at once for each star, never more. */
function matches(pattern: string, text: string): boolean {
  let [p, t, star, resume] = [0, 0, -1, 0]
  while (t < text.length) {
    const wanted = pattern[p]
    if (wanted === '*') [star, resume, p] = [p, t, p + 1]
    else if (wanted !== undefined && (wanted === '?' || wanted === text[t])) [p, t] = [p + 1, t + 1]
    else if (star === -1) return false
    else [resume, p, t] = [resume + 1, star + 1, resume + 1]
  }
  return /^\**$/.test(pattern.slice(p))
}
