// What the forge and the marks of deliveries say before a run: proposals, triggers that were begun, and what happened
// since the last run, as entries of the log. How far that was read is kept in `reports/latest.json`.
import { Fault } from '../base/fault.ts'
import type { Undisclosed } from '../domain/decision.ts'
import type { Governance } from '../domain/governance.ts'
import type { Proposal } from '../domain/proposal.ts'
import { findPersonalData } from '../ledger/personal-data.ts'
import type { LedgerEvent } from '../ledger/run-entries.ts'
import { triggerMarks } from '../remediate/delivered-marks.ts'
import { type Bookmark, eventsSince } from '../remediate/events-since.ts'
import { sentName } from '../remediate/identity.ts'
import { readJson, unreadable } from '../report/read-recorded.ts'
import type { GitStore, MergingForge, ObjectId, RewoundProposal, SourceTree } from '../world.ts'
import { believedMarks } from './believed-marks.ts'
import { believedProposals, tellingBelieved } from './claimed-merges.ts'
import type { RemoteRefs } from './sync-remote.ts'

export const LATEST = 'reports/latest.json'

export interface ForgeState {
  readonly proposals: readonly Proposal[]
  readonly sent: ReadonlySet<string>
  readonly events: readonly LedgerEvent[]
  readonly untold: Undisclosed
  /** To be recorded with the events. */
  readonly bookmark: Bookmark
}

/**
 * `record`: the tree of the record branch, which says how far the last run had read. `there`: what the remote has, null
 * without one; what it does not have yet is told by a later run. Faults `forge/rewound`.
 */
export async function readForge(
  {
    store,
    governance,
    forge,
  }: { readonly store: GitStore; readonly governance: Governance; readonly forge: MergingForge },
  there: RemoteRefs | null,
  base: ObjectId,
  record: SourceTree | null,
): Promise<ForgeState> {
  const last = bookmarkIn(record)
  const proposals = believedProposals(store, base, { kind: forge.kind, proposals: await forge.list(base) })
  const ports = {
    git: store,
    forge: tellingBelieved(forge, proposals),
    governance,
    isBelieved: believedMarks(store, record),
  }
  const [rewound] = forge.rewound(last?.forge ?? null)
  if (rewound !== undefined) throw rewoundFault(rewound)
  const { events, untold, bookmark } = await eventsSince(ports, last, there ?? undefined)
  return {
    proposals,
    sent: readSent(store, record),
    // Each kind's body is held to its type where it is made and tested.
    events: events.map(withoutPersonalRef) as unknown as readonly LedgerEvent[],
    untold,
    bookmark,
  }
}

/** What runs have not told yet of what stands here; for who plans and does not record. Faults `report/unreadable`. */
export async function untoldSince(
  ports: { readonly store: GitStore; readonly governance: Governance; readonly forge: MergingForge },
  record: SourceTree | null,
): Promise<Undisclosed> {
  const { store: git, forge, governance } = ports
  return (await eventsSince({ git, forge, governance, isBelieved: believedMarks(git, record) }, bookmarkIn(record)))
    .untold
}

/** Arbitrary: enough to know which they are. */
const MOST_EVENTS = 8

/** `run` writes nothing then: it would decide anew what people decided already. */
function rewoundFault({ id, recorded, isHere, isGone, missing }: RewoundProposal): Fault {
  const ref = `refs/tutela/proposals/${id}`
  const more = missing.length > MOST_EVENTS ? [`${missing.length - MOST_EVENTS} events before`] : []
  const words = [...more, ...missing.slice(-MOST_EVENTS).map(({ kind, at }) => `${kind} on ${at}`)].join(', ')
  return new Fault(
    'forge/rewound',
    `\`${ref}\` lacks what is recorded of it (${isHere ? words : `up to \`${recorded.slice(0, 12)}\`, which is not here`}): it was ${isGone ? 'deleted' : 'put back, or written by hand'}`,
    `${isHere ? '' : `fetch \`${recorded}\` from a clone that has it, then `}\`git update-ref ${ref} ${recorded}\`, at the remote too, and find out who could write it`,
  )
}

/**
 * What a receiver calls a delivery is its own business, and may hold the address of a machine, or eleven digits that look
 * like a CPF. It is left out then, and said to be: refusing it would stop every run from then on.
 */
function withoutPersonalRef<T extends { readonly body: Readonly<Record<string, unknown>> }>(event: T): T {
  const { ref, ...body } = event.body
  if (ref === undefined || findPersonalData({ ref }).length === 0) return event
  return { ...event, body: { ...body, withheld: ['ref'] } }
}

/** How far the last run read; null before the first one. Faults `report/unreadable`. */
export function bookmarkIn(record: SourceTree | null): Bookmark | null {
  if (record === null || !record.has(LATEST)) return null
  const { events = null } = readJson(record, LATEST) as { readonly events?: unknown }
  if (events === null || isBookmark(events)) return events
  throw unreadable(LATEST, '`events` does not say how far they were read')
}

function isBookmark(value: unknown): value is Bookmark {
  if (typeof value !== 'object' || value === null) return false
  const { delivered, forge } = value as Partial<Record<keyof Bookmark, unknown>>
  if (delivered !== null && !(typeof delivered === 'string' && /^[0-9a-f]{40}$/.test(delivered))) return false
  return typeof forge === 'object' && forge !== null && Object.values(forge).every((id) => typeof id === 'string')
}

/** `sentName` of each trigger that was begun, by the marks under `refs/tutela/delivered` that a recorded run planned. */
export function readSent(store: GitStore, record: SourceTree | null): ReadonlySet<string> {
  const marks = triggerMarks(store).filter(believedMarks(store, record))
  return new Set(marks.map(({ key, evidence }) => sentName(key, evidence)))
}
