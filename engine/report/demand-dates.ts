// Since when something is demanded, until when it is in time, and what is demanded in its place once it was not done.
// Counted from what runs recorded of that version, so that no date moves with each run.
import { addDuration, type Calendar, type Instant, parseInstant } from '../domain/instant.ts'
import type { Action, Policy } from '../domain/policy.ts'
import type { RecordedDemand } from '../domain/recorded-run.ts'

/** What is known of a demand's beginning. */
export interface Beginnings {
  /** By the last recorded run, of the version that is deployed now. */
  readonly recorded: readonly RecordedDemand[]
  /** Whether that run recorded another demand of the deployment, or that of another version: then this one is new. */
  readonly wasOthers: boolean
  /** As the open proposal has it (RFC 3339): what it was opened for; null where a run is recorded, which knows better. */
  readonly opened: string | null
}

/** What is recorded stays: neither a clock that went back nor what was opened by it begins a demand anew. */
export function beginningOf(now: Instant, { recorded, wasOthers, opened }: Beginnings): Instant {
  const known = recorded.flatMap(({ since }) => parseInstant(since) ?? [])
  if (known.length > 0) return Math.min(...known)
  return wasOthers ? now : Math.min(now, parseInstant(opened ?? '') ?? now)
}

/**
 * From when its deadline counts: from the beginning, or, where it had been answered and is demanded again, from then.
 * Null where it begins anew now.
 */
export function renewalOf(isAnswered: boolean, { recorded }: Beginnings): { readonly at: Instant | null } | null {
  if (!isAnswered && recorded.some(({ answered }) => answered === true)) return { at: null }
  const times = recorded.flatMap(({ renewed }) => parseInstant(renewed ?? '') ?? [])
  return times.length === 0 ? null : { at: Math.max(...times) }
}

/** The earliest of the policies' deadlines; null where none has one. */
export function earliestDue(demanding: readonly Policy[], from: Instant, calendar: Calendar): Instant | null {
  const instants = demanding.flatMap(({ remediate: { dueIn } }) =>
    dueIn === undefined ? [] : addDuration(from, dueIn, calendar),
  )
  return instants.length === 0 ? null : Math.min(...instants)
}

/** What is demanded in its place from then on. */
export interface Escalation {
  readonly action: Exclude<Action, 'none'>
  readonly at: Instant
}

/** The first of the policies' escalations to something else; null where none escalates. */
export function firstEscalation(
  asked: Action,
  demanding: readonly Policy[],
  since: Instant,
  calendar: Calendar,
): Escalation | null {
  const steps = demanding.flatMap(({ remediate: { escalateTo, after } }) =>
    escalateTo === undefined || escalateTo === 'none' || escalateTo === asked || after === undefined
      ? []
      : [{ action: escalateTo, at: addDuration(since, after, calendar) }],
  )
  return steps.reduce<Escalation | null>((a, b) => (a === null || b.at < a.at ? b : a), null)
}
