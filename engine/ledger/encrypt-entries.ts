// Encrypts the bodies of entries for the recipients of `ledger.encryption`: kind, moment, run and commit stay open, so
// proofs and completeness can be checked without a key. Each age file has a fresh key from the system's randomness, so
// these are the only bytes of a run that another attempt does not repeat. Source: https://c2sp.org/age
import { encodeBase64 } from '../base/base64.ts'
import { canonicalJson } from '../base/canonical-json.ts'
import { Fault, internalError } from '../base/fault.ts'
import { decodeEntry } from './entry.ts'
import { MAX_ENTRY_BYTES } from './entry-bundle.ts'

/** Each costs about 100 bytes of every entry; a body of 32 KiB still fits with these. */
const MOST_RECIPIENTS = 32

/** Encrypted at the same time: the work is in the thread pool in part. Arbitrary. */
const AT_ONCE = 32

/**
 * The X25519 recipients (`age1…`) that `ledger.encryption` names, as governance.yaml has it; empty where bodies stay open.
 * Faults `ledger/bad-recipient`.
 */
export function recipientsOf(encryption: unknown): readonly string[] {
  const { recipients = [] } = (encryption ?? {}) as { readonly recipients?: unknown }
  if (!Array.isArray(recipients)) throw badRecipient('`ledger.encryption.recipients` is no list')
  const texts = recipients.map((recipient): string => {
    if (typeof recipient === 'string' && /^age1[02-9ac-hj-np-z]{58}$/.test(recipient)) return recipient
    throw badRecipient(
      /^AGE-SECRET-KEY-/i.test(String(recipient))
        ? '`ledger.encryption` names a secret key, which must never be in a file of the repository'
        : `\`${String(recipient)}\` is no X25519 recipient of age`,
    )
  })
  const unique = [...new Set(texts)]
  if (unique.length > MOST_RECIPIENTS)
    throw badRecipient(`\`ledger.encryption\` names ${unique.length} recipients; at most ${MOST_RECIPIENTS} fit`)
  return unique
}

/**
 * The same entries with `age` in place of `body`, in their order; themselves where there are no recipients. Any one of the
 * recipients opens them. Faults `ledger/bad-recipient`, `ledger/entry-too-long`.
 */
export async function encryptEntries(
  entries: readonly Uint8Array[],
  recipients: readonly string[],
): Promise<readonly Uint8Array[]> {
  if (recipients.length === 0 || entries.length === 0) return entries
  const encrypter = await encrypterFor(recipients)
  const encrypted: Uint8Array[] = []
  for (let at = 0; at < entries.length; at += AT_ONCE) {
    const some = entries.slice(at, at + AT_ONCE)
    encrypted.push(...(await Promise.all(some.map((entry) => encryptEntry(entry, encrypter)))))
  }
  return encrypted
}

interface Encrypter {
  encrypt(body: string): Promise<Uint8Array>
}

async function encrypterFor(recipients: readonly string[]): Promise<Encrypter> {
  // Loaded here: 50 ms that most runs need not spend.
  const age = await import('age-encryption')
  const encrypter = new age.Encrypter()
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient)
    } catch {
      throw badRecipient(`\`${recipient}\` is mistyped: its check sum does not hold`)
    }
  }
  return encrypter
}

async function encryptEntry(bytes: Uint8Array, encrypter: Encrypter): Promise<Uint8Array> {
  const entry = decodeEntry(bytes)
  if (entry?.body === undefined) return internalError('an entry to encrypt that has no body')
  const { kind, at, run, commit, body } = entry
  const age = encodeBase64(await encrypter.encrypt(canonicalJson(body)))
  const encrypted = Buffer.from(canonicalJson({ v: 1, kind, at, run, commit, age }))
  if (encrypted.length <= MAX_ENTRY_BYTES) return encrypted
  throw new Fault(
    'ledger/entry-too-long',
    `an encrypted \`${kind}\` entry of ${encrypted.length} bytes is longer than ${MAX_ENTRY_BYTES}`,
    'the ledger takes digests and verdicts, not contents; fewer recipients make entries shorter',
  )
}

function badRecipient(message: string): Fault {
  return new Fault(
    'ledger/bad-recipient',
    message,
    'a recipient is the public half of an age key, `age1…`, as `age-keygen` prints it',
  )
}
