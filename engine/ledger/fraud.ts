// A fraud bundle: two signed heads of one log that contradict each other, with all that a stranger needs to see it: the
// bundle, the public key, and no log. Of heads of two sizes it holds the root that the newer head has for the entries of the
// older one, and the consistency proof that this is so.
import { decodeBase64, encodeBase64 } from '../base/base64.ts'
import type { Checkpoint } from './checkpoint.ts'
import { rootOfLog } from './log-root.ts'
import { provesConsistency } from './merkle-proof.ts'
import type { ReadLogFile } from './plan-append.ts'
import { proveConsistency } from './prove.ts'
import { equalBytes, HASH_BYTES, type TreeHash } from './tree-hash.ts'
import type { Trust } from './trust-policy.ts'
import { type CheckedCheckpoint, verifyCheckpoint } from './verify-checkpoint.ts'
import type { Verify } from './verify-log.ts'
import type { VerifyProblem } from './verify-problem.ts'

/**
 * `two-roots`: one size, two roots. `rewritten`: the newer head has other entries where the older one ends.
 * `rolled-back`: the newer log shown is smaller, which proves nothing by itself: whoever shows it must show the rest.
 */
export type FraudClaim = 'two-roots' | 'rewritten' | 'rolled-back'

/** The parts of a bundle. */
export interface Fraud {
  readonly claim: FraudClaim
  /** Signed notes, verbatim: the head that somebody kept, and the one that is shown now. */
  readonly older: Uint8Array
  readonly newer: Uint8Array
  /** Of `rewritten`: what the newer head has for the older one's size. */
  readonly shown?: { readonly root: TreeHash; readonly proof: readonly TreeHash[] }
}

/** What contradicts an older head in a log whose tiles hold; null where nothing does, or nothing could be shown of it. */
export function findFraud(read: ReadLogFile, older: Uint8Array, trust: Trust): Fraud | null {
  const newer = read('checkpoint')
  const before = verifyCheckpoint(older, trust, 'older').checkpoint
  const now = newer === null ? null : verifyCheckpoint(newer, trust, 'newer').checkpoint
  if (newer === null || before === null || now === null || before.origin !== now.origin) return null
  const fraud = contradiction(read, { before, now }, { older, newer })
  if (fraud === null) return null
  // The tiles may be wrong themselves: only what a stranger will find holds is told.
  const told = verifyFraud(formatFraud(fraud), trust).problems.map(({ code }) => code)
  return told.every((code) => fraud.claim === 'rolled-back' && code === 'ledger/no-fraud') ? fraud : null
}

function contradiction(
  read: ReadLogFile,
  { before, now }: { readonly before: Checkpoint; readonly now: Checkpoint },
  heads: Pick<Fraud, 'older' | 'newer'>,
): Fraud | null {
  if (before.size > now.size) return { claim: 'rolled-back', ...heads }
  if (before.size === now.size) return equalBytes(before.root, now.root) ? null : { claim: 'two-roots', ...heads }
  const root = rootOfLog(read, Number(before.size), Number(now.size))
  const proof = proveConsistency(read, Number(before.size), Number(now.size))
  if (root === null || proof === null || equalBytes(root, before.root)) return null
  return { claim: 'rewritten', ...heads, shown: { root, proof } }
}

const ABOUT: Readonly<Record<FraudClaim, string>> = {
  'two-roots': 'The same key signed two heads of one size with different roots.',
  rewritten:
    'The same key signed both heads, and the newer one does not begin with the entries of the older one: `shown.root` is what the newer head has for them, by the RFC 9162 consistency proof `shown.proof`.',
  'rolled-back':
    'The log that is shown is smaller than the head that its key signed before. Whoever shows it must show the rest.',
}

/** The bundle's bytes: JSON, one field a line. */
export function formatFraud({ claim, older, newer, shown }: Fraud): Uint8Array {
  const json = {
    apiVersion: 'tutela/v1',
    kind: 'Fraud',
    claim,
    about: ABOUT[claim],
    older: Buffer.from(older).toString('utf8'),
    newer: Buffer.from(newer).toString('utf8'),
    ...(shown !== undefined && { shown: { root: encodeBase64(shown.root), proof: shown.proof.map(encodeBase64) } }),
  }
  return Buffer.from(`${JSON.stringify(json, null, 2)}\n`)
}

const MAX_FRAUD_BYTES = 2_500_000
const MAX_HASHES = 64

/** Whether a file says of itself that it is a fraud bundle. */
export function isFraud(bytes: Uint8Array): boolean {
  return /^\{\s*"apiVersion":\s*"tutela\/v1",\s*"kind":\s*"Fraud"/.test(
    Buffer.from(bytes.subarray(0, 200)).toString('latin1'),
  )
}

/** The parts, nothing verified; null where they are not those of a bundle. */
export function parseFraud(bytes: Uint8Array): Fraud | null {
  if (bytes.length > MAX_FRAUD_BYTES) return null
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { kind, claim, older, newer, shown } = value as Record<string, unknown>
  if (kind !== 'Fraud' || typeof claim !== 'string' || !Object.hasOwn(ABOUT, claim)) return null
  if (typeof older !== 'string' || typeof newer !== 'string') return null
  const heads = { claim: claim as FraudClaim, older: Buffer.from(older), newer: Buffer.from(newer) }
  if (shown === undefined) return heads
  const { root, proof } = (shown ?? {}) as Record<string, unknown>
  if (!Array.isArray(proof) || proof.length > MAX_HASHES) return null
  const [first, ...rest] = [root, ...proof].map((hash) => (typeof hash === 'string' ? decodeBase64(hash) : null))
  const hashes = rest.filter((hash) => hash?.length === HASH_BYTES)
  if (first === null || first?.length !== HASH_BYTES || hashes.length !== rest.length) return null
  return { ...heads, shown: { root: first, proof: hashes.filter((hash) => hash !== null) } }
}

/**
 * Whether a bundle proves that the holder of a trusted key signed two histories. `ok`: it does. Size, root and signatures
 * of the answer are those of the newer head. Witnesses do not matter here.
 */
export function verifyFraud(bytes: Uint8Array, trust: Trust): Verify {
  const fraud = parseFraud(bytes)
  if (fraud === null) return answer(null, [{ code: 'ledger/bad-fraud', where: 'fraud bundle' }])
  const signedByLog: Trust = { ...trust, quorum: { kind: 'none' } }
  const older = verifyCheckpoint(fraud.older, signedByLog, 'older')
  const newer = verifyCheckpoint(fraud.newer, signedByLog, 'newer')
  const problems: VerifyProblem[] = [...older.problems, ...newer.problems]
  const isProven =
    older.checkpoint !== null &&
    newer.checkpoint !== null &&
    contradicts(older.checkpoint, newer.checkpoint, fraud.shown)
  if (problems.length === 0 && !isProven) problems.push({ code: 'ledger/no-fraud', where: 'fraud bundle' })
  return answer(newer, problems)
}

function contradicts(older: Checkpoint, newer: Checkpoint, shown: Fraud['shown']): boolean {
  if (older.origin !== newer.origin || older.size > newer.size) return false
  if (older.size === newer.size) return !equalBytes(older.root, newer.root)
  if (shown === undefined || equalBytes(shown.root, older.root)) return false
  const { root: firstRoot, proof } = shown
  return provesConsistency({ first: older.size, second: newer.size, firstRoot, secondRoot: newer.root, proof })
}

function answer(head: CheckedCheckpoint | null, problems: readonly VerifyProblem[]): Verify {
  const checkpoint = head?.checkpoint ?? null
  const isReal = checkpoint !== null && checkpoint.size <= BigInt(Number.MAX_SAFE_INTEGER)
  return {
    ok: problems.length === 0,
    origin: checkpoint?.origin ?? null,
    size: isReal ? Number(checkpoint.size) : null,
    root: checkpoint === null ? null : encodeBase64(checkpoint.root),
    signatures: head?.signatures ?? [],
    entries: 0,
    problems,
  }
}
