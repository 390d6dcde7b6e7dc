// The one commit of a run: ledger entries under a signed checkpoint, and the report where something changed.
// A plan of a commit: nothing is written here (pipeline.ts writes it and moves the ref).
import { type Digest, sha256Hex } from '../base/canonical-json.ts'
import type { Judgement } from '../domain/finding.ts'
import type { Governance, Rulebook } from '../domain/governance.ts'
import { formatInstant, type Instant, localDay } from '../domain/instant.ts'
import type { Plan } from '../domain/plan.ts'
import { type PreviousRun, runFolder } from '../domain/recorded-run.ts'
import { encryptEntries, recipientsOf } from '../ledger/encrypt-entries.ts'
import { decodeEntry } from '../ledger/entry.ts'
import type { RunBody } from '../ledger/entry-bodies.ts'
import { ANCHORS, anchorOf, readAnchors, writeAnchors } from '../ledger/ipfs/anchors.ts'
import type { ReadBlock } from '../ledger/ipfs/car-write.ts'
import type { Signer, VerifierKey } from '../ledger/note-key.ts'
import { type AppendPlan, planAppend, type ReadLogFile } from '../ledger/plan-append.ts'
import { rotationEvents } from '../ledger/rotation.ts'
import { type LedgerEvent, recordedVerdicts, runEntries } from '../ledger/run-entries.ts'
import { VERSION } from '../version.ts'
import type { NewCommit, ObjectId, PersonAt, SourceTree } from '../world.ts'

export { logReader } from './log-reader.ts'

export interface RunFacts {
  readonly plan: Plan
  readonly judgements: readonly Judgement[]
  readonly rulebook: Rulebook
  readonly cards: ReadonlyMap<string, Digest>
  readonly events: readonly LedgerEvent[]
  readonly previous: PreviousRun | null
  /** Body of the last `run` entry. */
  readonly last: RunBody | null
  readonly now: Instant
  /** Files of the report by path; empty when nothing changed. */
  readonly report: ReadonlyMap<string, Uint8Array>
}

export interface RunLedger {
  readonly append: AppendPlan
  readonly entries: number
  /** Paths under `ledger/`. */
  readonly changes: ReadonlyMap<string, Uint8Array | null>
  /** The body of this run's `run` entry, where it is encrypted; else null. */
  readonly hidden: object | null
}

export interface LogKeys {
  readonly origin: string
  readonly signers: readonly Signer[]
  /** Every key that `ledger/policy` names: one of them signed the last checkpoint. */
  readonly trusted: readonly VerifierKey[]
}

/**
 * The entries of the run, encrypted where governance.yaml names recipients, appended to the log of the record tree.
 * `block`: blocks of earlier snapshots, where there are any.
 */
export async function ledgerOfRun(
  facts: RunFacts,
  base: SourceTree,
  log: ReadLogFile,
  keys: LogKeys,
  block: ReadBlock = () => null,
): Promise<RunLedger> {
  const { plan, rulebook, previous, now } = facts
  const recipients = recipientsOf(rulebook.governance.ledger.raw.encryption)
  const open = runEntries({
    now: formatInstant(now),
    today: localDay(now, rulebook.governance.institution.timeZone),
    run: plan.run,
    commit: plan.commit ?? '',
    engine: VERSION,
    digest: plan.digest,
    judgements: facts.judgements,
    trees: { policies: base.treeId('policies'), models: base.treeId('models') },
    rulebook,
    people: rulebook.governance.people,
    cards: facts.cards,
    events: [...facts.events, ...reportPublished(facts), ...rotationEvents(log, keys.signers)],
    last: { run: facts.last, verdicts: recordedVerdicts(previous?.plan.verdicts ?? []) },
  })
  const [first] = open
  const hidden = recipients.length === 0 || first === undefined ? null : (decodeEntry(first)?.body ?? null)
  const entries = await encryptEntries(open, recipients)
  const append = planAppend({ read: log, entries, ...keys })
  const anchors = readAnchors(log(ANCHORS))
  const anchor = anchorOf({ ...append, read: (path) => append.files.get(path) ?? log(path), anchors, block })
  const changes = new Map<string, Uint8Array | null>([[`ledger/${ANCHORS}`, writeAnchors(anchors, anchor)]])
  for (const path of append.remove) changes.set(`ledger/${path}`, null)
  for (const [path, bytes] of append.files) changes.set(`ledger/${path}`, bytes)
  return { append, entries: entries.length, changes, hidden }
}

function reportPublished({ plan, report, now }: RunFacts): LedgerEvent[] {
  const folder = runFolder(now, plan.run)
  if (!report.has(`${folder}/run.json`)) return []
  const files = Object.fromEntries(
    [...report]
      .filter(([path]) => path.startsWith(`${folder}/`))
      .map(([path, bytes]): [string, Digest] => [path.slice(folder.length + 1), `sha256:${sha256Hex(bytes)}`]),
  )
  return [{ kind: 'report-published', at: null, key: 'report', body: { run: plan.run, path: folder, files } }]
}

export interface CommitFacts {
  readonly plan: Plan
  readonly governance: Governance
  readonly now: Instant
  /** The record branch's tip; null for its first commit. */
  readonly tip: ObjectId | null
  /** Where the first commit of a record branch takes its tree from. */
  readonly changes: ReadonlyMap<string, Uint8Array | null>
  readonly sign: ((payload: Uint8Array) => string) | null
}

/** Author, committer and dates from the configuration and `now`: the same run is the same commit. */
export function runCommit({ plan, governance, now, tip, changes, sign }: CommitFacts): NewCommit {
  const author: PersonAt = { ...governance.record.author, at: now / 1000 }
  return {
    base: tip,
    parents: tip === null ? [] : [tip],
    changes,
    message: `tutela: ${summary(plan)}\n\nTutela-Run: ${plan.run}\nTutela-Base: ${plan.commit}\n`,
    author,
    committer: author,
    ...(sign !== null && { sign }),
  }
}

function summary({ verdicts, now }: Plan): string {
  const blocking = verdicts.filter((verdict) => verdict.blocks).length
  const models = new Set(verdicts.map((verdict) => verdict.model)).size
  return `run of ${now}, ${models} ${models === 1 ? 'model' : 'models'}, ${blocking} blocked`
}
