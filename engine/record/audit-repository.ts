// The whole audit of a repository's log: the log itself is verified, and then held against the Git history, snapshots,
// reports, proposals, deliveries and pins. Reads everything once; writes nothing.
import { encodeBase64 } from '../base/base64.ts'
import type { Governance } from '../domain/governance.ts'
import { AlertAudit } from '../ledger/audit-alerts.ts'
import { ChangeAudit } from '../ledger/audit-changes.ts'
import { type AuditPart, runGroups } from '../ledger/audit-groups.ts'
import { type AuditProblem, AuditProblems } from '../ledger/audit-problem.ts'
import type { OpenEntry } from '../ledger/encrypted-body.ts'
import { ANCHORS, type Anchor, readAnchors } from '../ledger/ipfs/anchors.ts'
import { rootOfLog } from '../ledger/log-root.ts'
import type { Trust } from '../ledger/trust-policy.ts'
import { verifyCheckpoint } from '../ledger/verify-checkpoint.ts'
import { type LogFiles, type Verify, verifyLog } from '../ledger/verify-log.ts'
import type { Forge, GitStore, ObjectId, SourceTree } from '../world.ts'
import { EventAudit, knownEvents, pendingAnswers } from './audit-events.ts'
import { FactsAudit, type ReadFacts } from './audit-facts.ts'
import { HistoryAudit } from './audit-history.ts'
import { ReportAudit } from './audit-reports.ts'
import { type JudgeAgain, SnapshotAudit } from './audit-snapshots.ts'
import { COSIGNED, cosignedNotes } from './cosigned-head.ts'
import { WHOLE_HISTORY } from './recorded-runs.ts'

/** What is audited. */
export interface AuditRequest {
  readonly store: GitStore
  readonly forge: Forge
  readonly governance: Governance
  readonly base: SourceTree
  /** The tree that holds the log and the reports: of the record branch, or the base itself. */
  readonly record: SourceTree
  /** The tip of the record branch; null where no commit holds the log. */
  readonly tip: ObjectId | null
  /** The log's files; `checkpoint` with the cosignatures that are kept for it. */
  readonly files: LogFiles
  readonly trust: Trust
  readonly open: OpenEntry
  readonly judge: JudgeAgain
  readonly facts: ReadFacts
}

/** What was compared, and what is missing on either side. */
export interface Audit {
  readonly ok: boolean
  readonly log: Verify
  /** How much was compared. */
  readonly compared: {
    readonly runs: number
    readonly decisions: number
    readonly events: number
    readonly reports: number
    readonly snapshots: number
    readonly anchors: number
  }
  /** Events since the last run: the next one records them. */
  readonly pending: number
  /** Encrypted entries that nobody could open. */
  readonly closed: number
  /** Whether the last run's decisions were judged again; `other-engine`: by another version than recorded them. */
  readonly repeated: SnapshotAudit['repeated']
  readonly problems: readonly AuditProblem[]
}

/** The counts of what is not compared by a part of its own. */
class EntryCount implements AuditPart {
  decisions = 0
  closed = 0

  see({ entries }: Parameters<AuditPart['see']>[0]): void {
    for (const { kind, body } of entries) {
      if (kind === 'evaluation') this.decisions++
      if (body === null) this.closed++
    }
  }

  /** Nothing is missing in a count. */
  finish(): void {}
}

/** Problems come in the order of checking: the log, then each part by the order of its entries. */
export async function auditRepository(request: AuditRequest): Promise<Audit> {
  const { store, tip, record, files, trust, open } = request
  const problems = new AuditProblems()
  const report = (problem: AuditProblem): void => problems.add(problem)
  const log = verifyLog(files, trust)
  for (const problem of log.problems) report(problem)
  const size = log.size ?? 0
  const known = await knownEvents(request)
  const history = new HistoryAudit({ store, tip, read: files.read, size }, report)
  const events = new EventAudit(request, known, report)
  const reports = new ReportAudit(record, report, (run, actions) => events.seeOutbox(run, actions))
  const snapshots = new SnapshotAudit({ ...request, snapshotsOf: (key) => reports.snapshotsOf(key) }, report)
  const count = new EntryCount()
  const parts: AuditPart[] = [
    history,
    reports,
    new ChangeAudit(report),
    new FactsAudit(store, request.facts, report),
    snapshots,
    events,
    new AlertAudit(pendingAnswers(known), report),
    count,
  ]
  // A log whose bytes are not proven says nothing worth comparing.
  if (log.ok || log.entries > 0)
    for await (const group of runGroups(files.read, size, open)) for (const part of parts) part.see(group)
  for (const part of parts) part.finish()
  const outside = [history.notHere, events.notHere].filter((text) => text !== null)
  if (outside.length > 0) report({ code: 'audit/outside-history', where: 'history', actual: outside.join('; ') })
  const anchors = auditAnchors(files, { size, pinned: known.anchors }, report)
  auditCosigned(request, size, report)
  if (count.closed > 0) report({ code: 'audit/closed', where: 'log', actual: `${count.closed} of ${size} entries` })
  const all = problems.all()
  return {
    ok: all.length === 0,
    log,
    compared: {
      runs: history.runs,
      decisions: count.decisions,
      events: events.events,
      reports: reports.reports,
      snapshots: snapshots.snapshots,
      anchors,
    },
    pending: known.pending.length,
    closed: count.closed,
    repeated: snapshots.repeated,
    problems: all,
  }
}

/** Each CID was computed of this log as it was at that size; `pinned`: by what the marks of deliveries say. */
function auditAnchors(
  { read }: LogFiles,
  { size, pinned }: { readonly size: number; readonly pinned: readonly Anchor[] },
  report: (problem: AuditProblem) => void,
): number {
  const anchors = readAnchors(read(ANCHORS))
  const listed = new Set(anchors.map(({ cid }) => cid))
  for (const anchor of [...anchors, ...pinned.filter(({ cid }) => !listed.has(cid))]) {
    const actual = rootTextAt(read, anchor.size, size)
    if (actual === anchor.root) continue
    report({
      code: 'audit/other-anchor',
      where: anchor.cid,
      expected: `${anchor.root} at ${anchor.size} entries`,
      actual: actual ?? `${size} entries`,
    })
  }
  return anchors.length
}

/** What witnesses were shown stands in a ref of its own: a log that was begun anew, or cut, does not continue it. */
function auditCosigned(
  { store, files, trust }: AuditRequest,
  size: number,
  report: (problem: AuditProblem) => void,
): void {
  for (const note of cosignedNotes(store, WHOLE_HISTORY)) {
    const { checkpoint, problems } = verifyCheckpoint(note, { ...trust, quorum: { kind: 'none' } }, COSIGNED)
    // Of another key, as before a rotation: nothing that this log answers for.
    if (checkpoint === null || problems.length > 0) continue
    const expected = encodeBase64(checkpoint.root)
    const actual = rootTextAt(files.read, Number(checkpoint.size), size)
    if (actual === expected) continue
    report({
      code: 'audit/checkpoint-not-kept',
      where: COSIGNED,
      expected: `${checkpoint.size} entries with root ${expected}`,
      actual: actual ?? `${size} entries`,
    })
  }
}

/** Base64; null where the log does not reach so far. */
function rootTextAt(read: LogFiles['read'], before: number, size: number): string | null {
  const root = before > size ? null : rootOfLog(read, before, size)
  return root === null ? null : encodeBase64(root)
}
