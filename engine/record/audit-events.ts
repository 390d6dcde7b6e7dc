// The log against proposals, delivery marks and outbox: what happened before the last run is told, what is told happened, and
// what a run decided was done. Reads refs and commits; writes nothing.
import type { Governance } from '../domain/governance.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Answer } from '../ledger/audit-alerts.ts'
import { type AuditedEntry, type AuditPart, type RunGroup, textIn } from '../ledger/audit-groups.ts'
import type { AuditProblem } from '../ledger/audit-problem.ts'
import type { Anchor } from '../ledger/ipfs/anchors.ts'
import { DELIVERED, markPath, readMark } from '../remediate/delivered-marks.ts'
import { eventsSince, type HappenedEvent } from '../remediate/events-since.ts'
import type { Forge, GitStore, SourceTree } from '../world.ts'
import { bookmarkIn } from './forge-state.ts'

/** Where what happened is known. */
export interface AuditedEvents {
  readonly store: GitStore
  readonly forge: Forge
  readonly governance: Governance
  readonly record: SourceTree | null
}

/** What the forge and the marks know: `recorded` must be in the log, `pending` is told by the next run. */
export interface KnownEvents {
  readonly recorded: ReadonlyMap<string, string>
  readonly pending: readonly HappenedEvent[]
  /** Every log that was pinned, whether its entry is written already or not. */
  readonly anchors: readonly Anchor[]
  /** A plain clone has no `refs/tutela/`: then nothing can be compared. */
  readonly isHere: boolean
}

const KINDS: readonly string[] = [
  'proposal-opened',
  'proposal-updated',
  'proposal-approved',
  'proposal-merged',
  'proposal-closed',
  'rolled-back',
  'trigger-sent',
  'notice-sent',
  'anchor',
  'erasure',
]

/** By a person, where it says by which roles. */
const DECIDED: readonly string[] = ['proposal-approved', 'proposal-merged', 'proposal-closed']

/** Reads everything that ever happened. */
export async function knownEvents({ store, forge, governance, record }: AuditedEvents): Promise<KnownEvents> {
  const ports = { git: store, forge, governance }
  const isHere = store.resolve(DELIVERED) !== null || store.listRefs('refs/tutela/proposals/').length > 0
  const all = (await eventsSince(ports, null)).events
  const bookmark = bookmarkIn(record)
  const pending = bookmark === null ? [] : (await eventsSince(ports, bookmark)).events
  const recorded = new Map(all.map((event) => [nameOf(event.kind, event.body, event.at), event.at]))
  for (const { kind, body, at } of pending) recorded.delete(nameOf(kind, body, at))
  const anchors = new Map(
    all.flatMap(({ kind, body }) => (kind === 'anchor' ? [[body.cid, body as unknown as Anchor]] : [])),
  )
  return { recorded, pending, anchors: [...anchors.values()], isHere }
}

/** The models that somebody was told of since the last run. */
export function pendingAnswers({ pending }: KnownEvents): Answer[] {
  return pending
    .filter(({ kind, body }) => kind === 'proposal-opened' || (kind === 'notice-sent' && body.state === 'sent'))
    .map(({ body }) => ({ model: textIn(body, 'model'), environment: textIn(body, 'environment') }))
}

/** Of encrypted entries that nobody can open, only the number is compared. */
export class EventAudit implements AuditPart {
  private readonly sources: AuditedEvents
  private readonly known: KnownEvents
  private readonly report: (problem: AuditProblem) => void
  private readonly left: Map<string, string>
  /** Entries of events without a counterpart, until it is known how many could not be opened. */
  private readonly strange: { index: number; name: string }[] = []
  private closed = 0
  private marked: ReadonlySet<string> | null = null
  private readonly undelivered: { readonly where: string; readonly expected: string }[] = []
  /** The `now` of the last run that was seen. */
  private lastRun = ''
  /** How many entries tell of an event. */
  events = 0

  constructor(sources: AuditedEvents, known: KnownEvents, report: (problem: AuditProblem) => void) {
    this.sources = sources
    this.known = known
    this.report = report
    this.left = new Map(known.recorded)
  }

  /** What could not be compared, in words; null where all could. */
  get notHere(): string | null {
    if (this.known.isHere || this.events === 0) return null
    return `${this.events} entries of proposals and deliveries without \`refs/tutela/*\` (fetch them)`
  }

  see({ entries, at }: RunGroup): void {
    if (at > this.lastRun) this.lastRun = at
    for (const entry of entries) {
      if (!KINDS.includes(entry.kind)) continue
      this.events++
      if (entry.body === null) this.closed++
      else this.seeEvent(entry, entry.body)
    }
  }

  finish(): void {
    if (this.notHere !== null) return
    for (const { index, name } of this.strange)
      this.report({ code: 'audit/entry-without-event', where: `entry ${index}`, actual: name })
    const missing = [...this.left]
    // Those that nobody can open may be any of them.
    for (const [name, at] of missing.length > this.closed ? missing : [])
      this.report({ code: 'audit/event-without-entry', where: name, expected: `an entry of ${at}` })
    this.compareDecisions()
    for (const { where, expected } of this.undelivered) this.report({ code: 'audit/undelivered', where, expected })
  }

  private seeEvent({ index, kind, at }: AuditedEntry, body: Readonly<Record<string, unknown>>): void {
    const name = nameOf(kind, body, textIn(body, 'at') || at)
    if (!this.left.delete(name)) this.strange.push({ index, name })
  }

  /** A mark that says that a run was delivered whole is not believed: each of its deliveries has one of its own. */
  seeOutbox(run: string, actions: readonly PlannedAction[]): void {
    const { store } = this.sources
    this.marked ??= markedPaths(store)
    for (const { kind, key, evidence = '', gated, model = '', environment = '' } of actions) {
      if (gated !== undefined || kind === 'report' || kind === 'anchor') continue
      const name = { kind, key, evidence, run }
      const isDone = this.marked.has(markPath(name))
      // One that is certain never to have begun is as good as none.
      if (isDone && (kind !== 'trigger' || readMark(store, name)?.state !== 'not-started')) continue
      this.undelivered.push({ where: `run ${run}`, expected: `${kind} ${model} ${environment}`.trim() })
    }
  }

  /** What people decided before the last run cannot be news to it. */
  private compareDecisions(): void {
    for (const { kind, at, body } of this.known.pending) {
      if (at >= this.lastRun || !DECIDED.includes(kind) || !Array.isArray(body.by)) continue
      const where = nameOf(kind, body, at)
      this.report({ code: 'audit/event-without-entry', where, expected: `an entry of ${at}` })
    }
  }
}

/** Where each delivery that was ever begun is marked. */
function markedPaths(store: GitStore): ReadonlySet<string> {
  const commit = store.resolve(DELIVERED)
  return new Set(
    commit === null
      ? []
      : store
          .commitTree(commit)
          .list(['done', 'trigger'])
          .map(({ path }) => path),
  )
}

/** What tells events apart: not the roles of people, nor a state that changes later. */
function nameOf(kind: string, body: Readonly<Record<string, unknown>>, at: string): string {
  const of = (...fields: string[]) => [kind, ...fields.map((field) => textIn(body, field))].join(' ')
  if (kind === 'trigger-sent' || kind === 'notice-sent') return of('model', 'key', 'evidence')
  if (kind === 'anchor') return `${of('cid', 'where', 'root')} ${String(body.size)}`
  if (kind === 'erasure') return of('commitment')
  return `${of('proposal', 'action', 'head', 'evidence', 'commit', 'approval', 'reason')} ${at}`
}
