// What `doctor` looks at of the ledger: the key, of a rotation both, whether `ledger/policy` and the last checkpoint know
// them, and what each witness cosigned last. Nobody is asked: witnesses are known by what they signed.
import { Fault } from '../base/fault.ts'
import { compareText } from '../base/order.ts'
import type { Governance } from '../domain/governance.ts'
import { formatInstant, type Instant } from '../domain/instant.ts'
import { parseCheckpoint } from '../ledger/checkpoint.ts'
import { loadSigners, type Signers } from '../ledger/load-signer.ts'
import { namedSigners, POLICY_PATH, policyText, readWitnesses } from '../ledger/log-policy.ts'
import { checkNote, cosignatureTime, parseNote } from '../ledger/note.ts'
import { formatVerifierKey, type Signer } from '../ledger/note-key.ts'
import { hasSigned } from '../ledger/rotation.ts'
import type { NamedWitness, Trust } from '../ledger/trust-policy.ts'
import { verifyCheckpoint } from '../ledger/verify-checkpoint.ts'
import { cosignedNotes, headWithCosignatures } from '../record/cosigned-head.ts'
import { requireExtendsOrBehind } from '../record/known-heads.ts'
import { logReader } from '../record/run-commit.ts'
import { recordRef } from '../record/two-refs.ts'
import type { GitStore, Process, SourceTree } from '../world.ts'
import type { Check } from './doctor-text.ts'
import type { DoctorWords } from './doctor-words.en.ts'

/** The repository whose ledger is looked at. */
export interface ExaminedLedger {
  readonly process: Process
  readonly store: GitStore
  /** What is judged: its `ledger/policy` says who may sign. */
  readonly tree: SourceTree
  readonly governance: Governance
  readonly now: Instant
  readonly words: DoctorWords
}

/** The key first, then its place in the policy, then a line a witness, and whether the newest head has enough of them. */
export function ledgerChecks(examined: ExaminedLedger): Check[] {
  const { process, store, tree, governance } = examined
  const { key, origin } = governance.ledger
  const signers = loaded(() => loadSigners(process, { key, origin, gitDir: store.gitDir, workTree: store.workTree }))
  if ('state' in signers) return [signers]
  const policy = tree.has(POLICY_PATH) ? tree.read(POLICY_PATH) : null
  const named = loaded(() => namedSigners(policy, signers))
  const keys = signers.map(({ key: one }, i): Check => {
    return { what: i === 0 ? 'ledger key' : 'next ledger key', state: 'ok', found: formatVerifierKey(one) }
  })
  if ('state' in named) return [...keys, { ...named, what: POLICY_PATH }]
  const ref = recordRef(governance, store.headRef())
  const commit = ref === null ? null : store.resolve(ref)
  const head = logReader(commit === null ? null : store.commitTree(commit))('checkpoint')
  return [
    ...keys,
    policyCheck(examined, signers, { ...named, policy }),
    ...headChecks(head, signers, { trust: named.trust, words: examined.words.key }),
    ...rewoundChecks(examined, ref, commit),
    ...witnessChecks(examined, head, named.trust),
  ]
}

/** What was asked for, or the fault as a problem with its hint as the fix. */
function loaded<T extends object>(act: () => T): T | Check {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const fix = error.hint === undefined ? {} : { fix: error.hint }
    return { what: 'ledger key', state: 'problem', found: error.message, ...fix }
  }
}

interface Named {
  readonly trust: Trust
  readonly signers: readonly Signer[]
  readonly policy: Uint8Array | null
}

function policyCheck(
  { governance, words: { key: words } }: ExaminedLedger,
  signers: Signers,
  { trust, signers: named, policy }: Named,
): Check {
  const warning = (found: string, fix: string): Check => ({ what: POLICY_PATH, state: 'warning', found, fix })
  if (named.length < signers.length) {
    return warning(words.oneOfTwo, words.writePolicy)
  }
  if (trust.logs.length > signers.length) {
    return warning(words.more(trust.logs.length, signers.length), words.putOther)
  }
  const wanted = loaded(() => Buffer.from(policyText(governance.ledger, trust.logs)))
  if ('state' in wanted) return { ...wanted, what: 'ledger.witnesses' }
  if (statements(wanted) !== statements(policy ?? wanted)) {
    return warning(words.otherWords, words.writePolicy)
  }
  return { what: POLICY_PATH, state: 'ok', found: signers.length === 1 ? words.namesIt : words.namesBoth }
}

/** What a policy says, without comments and spaces, in one order. */
function statements(policy: Uint8Array): string {
  const lines = Buffer.from(policy).toString('latin1').split('\n')
  const words = lines.map((line) => line.split(/[ \t]+/).filter((word) => word !== ''))
  return words
    .filter(([keyword = '#']) => !keyword.startsWith('#'))
    .map((line) => line.join(' '))
    .sort(compareText)
    .join('\n')
}

/** Whether the next run can go on from the last checkpoint; of a rotation, how far it is. */
function headChecks(
  head: Uint8Array | null,
  signers: Signers,
  { trust, words }: { readonly trust: Trust; readonly words: DoctorWords['key'] },
): Check[] {
  const note = head === null ? null : parseNote(head)
  if (head === null) return []
  const what = 'ledger/checkpoint'
  const isOurs = note !== null && checkNote(note, [...signers.map(({ key }) => key), ...trust.logs]).ok
  if (!isOurs) {
    return [{ what, state: 'problem', found: words.foreign, fix: words.putSigner }]
  }
  const [, next] = signers
  if (next === undefined) return []
  if (!hasSigned(() => head, next))
    return [
      {
        what,
        state: 'warning',
        found: words.nextUnsigned,
        fix: words.commitPolicy,
      },
    ]
  return [{ what, state: 'warning', found: words.rotating, fix: words.endRotation }]
}

/** Nothing where the log goes on from all that is known to be published: no run signs another. */
function rewoundChecks(
  { store, tree, governance }: ExaminedLedger,
  ref: string | null,
  commit: string | null,
): Check[] {
  if (ref === null) return []
  const held = { store, origin: governance.ledger.origin, ref, tree: commit === null ? tree : store.commitTree(commit) }
  const check = loaded(() => {
    requireExtendsOrBehind(held)
    return []
  })
  return 'state' in check ? [{ ...check, what: 'ledger/checkpoint' }] : []
}

/** Nothing where nobody witnesses. */
function witnessChecks(
  { store, governance, now, words }: ExaminedLedger,
  head: Uint8Array | null,
  trust: Trust,
): Check[] {
  const listed = loaded(() => readWitnesses(governance.ledger.raw.witnesses ?? []))
  // Told by the policy's line already.
  if ('state' in listed || listed.length === 0 || head === null) return []
  const notes = [headWithCosignatures(store, head, trust.witnesses), ...cosignedNotes(store)]
  const size = sizeOf(head)
  const checks = listed.map((witness) => witnessCheck(witness, notes, { size, now, words }))
  const isQuorum = !verifyCheckpoint(notes[0] ?? head, trust, '').problems.some(
    ({ code }) => code === 'ledger/no-quorum',
  )
  if (isQuorum) return checks
  const found = words.witnesses.tooFew(size)
  const fix = listed.some(({ url }) => url !== undefined) ? 'tutela ledger cosign' : words.witnesses.signOffline
  return [...checks, { what: 'witnesses', state: 'warning', found, fix }]
}

interface Seen {
  /** Entries of the newest log. */
  readonly size: number
  readonly now: Instant
  readonly words: DoctorWords
}

function witnessCheck(
  { name, key, url }: NamedWitness,
  notes: readonly Uint8Array[],
  { size, now, words: { witness, witnesses: words } }: Seen,
): Check {
  const what = witness(name)
  const fix = url === undefined ? words.signOffline : 'tutela ledger cosign'
  for (const bytes of notes) {
    const note = parseNote(bytes)
    const line = note?.signatures.find(({ name: by, id }) => by === key.name && id === key.id)
    if (note === null || line === undefined || !checkNote(note, [key]).ok) continue
    const seconds = Number(cosignatureTime(line.bytes) ?? 0n)
    const cosigned = sizeOf(bytes)
    const when = `${formatInstant(seconds * 1000)}, ${ageText(now - seconds * 1000, words)}`
    if (cosigned === size) return { what, state: 'ok', found: words.all(size, when) }
    return { what, state: 'warning', found: words.some(cosigned, size, when), fix }
  }
  return { what, state: 'warning', found: words.none(size), fix }
}

function sizeOf(note: Uint8Array): number {
  return Number(parseCheckpoint(parseNote(note)?.text ?? '')?.size ?? 0n)
}

const HOUR = 3_600_000

function ageText(ms: number, words: DoctorWords['witnesses']): string {
  if (ms < 0) return words.later
  const hours = Math.floor(ms / HOUR)
  if (hours < 48) return words.hours(hours)
  return words.days(Math.floor(hours / 24))
}
