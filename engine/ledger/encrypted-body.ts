// Opens encrypted entries with age identities. What was encrypted for others is told from what is broken: the one is
// nobody's fault, the other is. Nothing here vouches for an entry: its signed tree does. Source: https://c2sp.org/age
import { decodeBase64 } from '../base/base64.ts'
import { canonicalJson } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import type { ReadEntry } from './entry.ts'
import { readKeyFile } from './load-signer.ts'

/** What opening an entry gave. `open`: it was never encrypted. */
export type OpenedEntry =
  | { readonly state: 'open'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly state: 'opened'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly state: 'for-others' }
  | { readonly state: 'broken'; readonly why: string }

/** Opens entries with the identities it was made of. */
export type OpenEntry = (entry: ReadEntry) => Promise<OpenedEntry>

/** What age-encryption throws where no stanza is for any of the identities; a test holds it to that. */
const NO_MATCH = "no identity matched any of the file's recipients"

/** Opens with X25519 identities (`AGE-SECRET-KEY-1…`). Faults `ledger/bad-identity`. */
export async function openerOf(identities: readonly string[]): Promise<OpenEntry> {
  const age = await import('age-encryption')
  const decrypter = new age.Decrypter()
  for (const identity of identities) {
    try {
      decrypter.addIdentity(identity)
    } catch {
      // The library's message may hold the secret.
      throw badIdentity('an identity is mistyped, or of a kind that is not known')
    }
  }
  return async (entry) => {
    if (entry.body !== undefined) return { state: 'open', body: entry.body }
    const file = entry.age === undefined ? null : decodeBase64(entry.age)
    if (file === null) return { state: 'broken', why: 'its `age` is no base64' }
    let plain: Uint8Array
    try {
      plain = await decrypter.decrypt(file)
    } catch (error) {
      const why = error instanceof Error ? error.message : 'it does not decrypt'
      return why === NO_MATCH ? { state: 'for-others' } : { state: 'broken', why }
    }
    const body = bodyIn(plain)
    return body === null ? { state: 'broken', why: 'what it holds is no body' } : { state: 'opened', body }
  }
}

/** An entry that nobody has a key for: encrypted ones are for others. */
export const openNothing: OpenEntry = async ({ body }) =>
  body === undefined ? { state: 'for-others' } : { state: 'open', body }

/**
 * Opens with the identities of a file as `age-keygen` writes it: one a line, lines with `#` are left out. Faults
 * `ledger/no-key`, `ledger/key-readable-by-others`, `ledger/bad-key`, `ledger/bad-identity`.
 */
export async function openerInFile(path: string): Promise<OpenEntry> {
  const text = readKeyFile(path, {
    what: 'identity to open entries with',
    fix: 'name the file that `age-keygen -o FILE` wrote for one of the recipients of the log',
  })
  const lines = text.split('\n').map((line) => line.trim())
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'))
  if (identities.length === 0) throw badIdentity(`\`${path}\` holds no identity`)
  return await openerOf(identities)
}

/** Null for anything but the canonical form of an object. */
function bodyIn(plain: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain)
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value) || canonicalJson(value) !== text)
      return null
    return value as Readonly<Record<string, unknown>>
  } catch {
    // Neither UTF-8 nor JSON, nested beyond the stack, or without canonical form.
    return null
  }
}

function badIdentity(message: string): Fault {
  return new Fault(
    'ledger/bad-identity',
    message,
    'it is the secret half of an age key, one line `AGE-SECRET-KEY-1…`, as `age-keygen` writes it',
  )
}
