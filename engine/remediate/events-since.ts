// What people and deliveries did since the last run, as the ledger takes it: from the chains of proposals and the marks
// of deliveries. Roles stand in it, never people, and no free text.
import type { Undisclosed } from '../domain/decision.ts'
import type { Governance } from '../domain/governance.ts'
import type { Proposal, ProposalEvent } from '../domain/proposal.ts'
import type { Forge, ForgeBookmark, GitStore, ObjectId, SharedAt } from '../world.ts'
import { DELIVERED, type Mark, marksSince } from './delivered-marks.ts'
import { teamsOf } from './roles.ts'

/** An entry to be: its kind, when it happened, and what orders those of one moment. */
export interface HappenedEvent {
  readonly kind:
    | 'proposal-opened'
    | 'proposal-updated'
    | 'proposal-approved'
    | 'proposal-merged'
    | 'proposal-closed'
    | 'rolled-back'
    | 'trigger-sent'
    | 'notice-sent'
    | 'anchor'
    | 'erasure'
  /** RFC 3339, UTC. */
  readonly at: string
  readonly key: string
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * How far forge and marks were read. Plain data, to be kept with what the run commits: events of a moment before the
 * last run, made on another clone or with another clock, are then still told, and none twice.
 */
export interface Bookmark {
  readonly forge: ForgeBookmark
  readonly delivered: ObjectId | null
}

/** What is read for events: marks, the forge, and which roles people have. */
export interface EventPorts {
  readonly git: GitStore
  readonly forge: Forge
  readonly governance: Pick<Governance, 'people'>
  /** Marks that are told; left out: all. */
  readonly isBelieved?: (mark: Mark) => boolean
}

/**
 * `bookmark` null: since ever. `there`: what a remote has, and nothing besides is told. Sorted by nothing yet: the ledger
 * orders by time and key.
 */
export async function eventsSince(
  { git, forge, governance, isBelieved = () => true }: EventPorts,
  bookmark: Bookmark | null,
  there?: SharedAt['there'],
): Promise<{
  readonly events: readonly HappenedEvent[]
  readonly untold: Undisclosed
  readonly bookmark: Bookmark
}> {
  const happened = await forge.eventsSince(bookmark?.forge ?? null, there)
  const toldMarks = bookmark?.delivered ?? null
  const marked =
    there === undefined ? marksSince(git, toldMarks) : marksSince(git, toldMarks, there.get(DELIVERED) ?? null)
  const marks = marked.marks.filter(isBelieved)
  const counts = new Map<string, number>()
  const proposals = happened.events.flatMap(({ proposal, event }) => {
    const count = (counts.get(proposal.id) ?? 0) + 1
    counts.set(proposal.id, count)
    return proposalEvents(proposal, event, governance).map(({ kind, body }) => ({
      kind,
      at: event.at,
      key: `proposal ${proposal.id} ${String(count).padStart(6, '0')} ${kind}`,
      body,
    }))
  })
  return {
    events: [...proposals, ...marks.flatMap(markEvents)],
    untold: {
      proposals: new Set(happened.events.flatMap(({ proposal, event }) => (isDecision(event) ? [proposal.id] : []))),
      triggers: new Set(marks.flatMap(({ kind, key }) => (kind === 'trigger' ? [key] : []))),
    },
    bookmark: { forge: happened.bookmark, delivered: marked.commit },
  }
}

/** What the engine did is told as actions of the run that did it. */
function isDecision({ kind, by }: ProposalEvent): boolean {
  return by !== null && DECISIONS.has(kind)
}

const DECISIONS: ReadonlySet<ProposalEvent['kind']> = new Set(['merged', 'rejected', 'closed', 'snoozed'])

type Told = Pick<HappenedEvent, 'kind' | 'body'>

function proposalEvents(proposal: Proposal, event: ProposalEvent, governance: EventPorts['governance']): Told[] {
  const { id, key, model, environment, action, target } = proposal
  const { kind, evidence, head, commit, approval } = event
  const by = event.by === null ? {} : { by: teamsOf(event.by, governance) }
  switch (kind) {
    case 'opened':
      return [{ kind: 'proposal-opened', body: { proposal: id, key, evidence, model, environment, action, head } }]
    case 'frozen':
      return [{ kind: 'proposal-updated', body: { proposal: id, evidence, head } }]
    case 'refreshed':
      return event.isMaterial === true ? [{ kind: 'proposal-updated', body: { proposal: id, evidence, head } }] : []
    case 'approved':
      return [{ kind: 'proposal-approved', body: { proposal: id, evidence, head, by: [], ...by, approval } }]
    case 'merged': {
      const merged: Told = { kind: 'proposal-merged', body: { proposal: id, head, commit: commit ?? head } }
      if (action !== 'rollback' || target === null) return [merged]
      return [
        merged,
        { kind: 'rolled-back', body: { proposal: id, key, evidence, model, environment, version: target } },
      ]
    }
    case 'rejected':
    case 'closed': {
      // What a person wrote as a reason stays in the repository; what the engine says is one of its words.
      const reason = event.by === null ? (event.text ?? kind) : kind
      return [{ kind: 'proposal-closed', body: { proposal: id, reason, ...by } }]
    }
    default:
      return []
  }
}

function markEvents(mark: Mark): HappenedEvent[] {
  const { kind, key, evidence, at, state, model = '', environment = '', ref } = mark
  const identified = { key, evidence, model, environment }
  const named = ref === undefined ? {} : { ref }
  if (kind === 'trigger' && state !== 'not-started') {
    const { trigger = '', request = '' } = mark
    const told = state === 'started' ? 'unknown' : state
    return [
      {
        kind: 'trigger-sent',
        at,
        key: `trigger ${key}`,
        body: { ...identified, trigger, request, state: told, ...named },
      },
    ]
  }
  if (kind === 'notify') {
    const body = { ...identified, channel: mark.channel ?? '', state, ...named }
    return [{ kind: 'notice-sent', at, key: `notice ${key} ${evidence}`, body }]
  }
  if (kind === 'anchor' && mark.anchor !== undefined) {
    const { size, where } = mark.anchor
    return [{ kind: 'anchor', at, key: `anchor ${String(size).padStart(16, '0')} ${where}`, body: mark.anchor }]
  }
  if (kind === 'erasure' && mark.commitment !== undefined) {
    const { commitment } = mark
    return [{ kind: 'erasure', at, key: `erasure ${commitment}`, body: { commitment } }]
  }
  return []
}
