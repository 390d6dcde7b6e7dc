// What holds a proposal back though it is demanded: a person's word, a pause after one, or too many open at once.
import { formatInstant, type Instant, parseInstant } from '../domain/instant.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { IgnoreRecord, Proposal } from '../domain/proposal.ts'
import { CLOCK_SLACK_MS } from './approval.ts'
import type { DemandedRemedy } from './demanded-remedies.ts'

/** What holds a proposal back, and until when where that is known. */
export type Gate = NonNullable<PlannedAction['gated']>

/** Open proposals a repository; a rollback does not wait for it. */
export const OPEN_LIMIT = 10
const COOL_DOWN_MS = 7 * 86_400_000

/** As long as a waiver may last: what is put off for longer is decided again. Counted from when it was said. */
export const MOST_SILENT_DAYS = 90
const DAY_MS = 86_400_000

/** Whether a word counts by now: one that is dated in the future says nothing until then. */
export function isSaid(at: string, now: Instant): boolean {
  const said = parseInstant(at)
  return said !== null && said <= now + CLOCK_SLACK_MS
}

type Snoozed = Pick<Proposal, 'snoozedUntil' | 'snooze' | 'openedAt'>

/** Until when it is snoozed; null where it is not, not yet, or not any more. */
export function snoozedUntil(proposal: Snoozed, now: Instant): string | null {
  return isSaid(proposal.snooze?.at ?? proposal.openedAt, now) ? toldSnooze(proposal, now) : null
}

/** The same of a snooze that may be dated in the future: it is told all the same. However long was asked for, it ends. */
export function toldSnooze({ snoozedUntil: until, snooze, openedAt }: Snoozed, now: Instant): string | null {
  const end = until === null ? null : cappedEnd(snooze?.at ?? openedAt, until)
  return end !== null && isAhead(end, now) ? end : null
}

/** What the words about one proposal are held against. */
export interface WordContext {
  readonly now: Instant
  /** Whether a record of silence is signed by who may reject it: asked of what a mandatory policy demands. */
  readonly isSigned: (record: IgnoreRecord) => boolean
}

/**
 * By a person's word: snoozed, closed for these very facts, or closed less than 7 days ago for others (which does not
 * hold back a rollback). Null: nothing holds it back. What a mandatory policy demands is closed by a signed word with an
 * end alone. `proposal`: the ended one of the same key.
 */
export function personsGate(
  { evidence, action, isMandatory }: Pick<DemandedRemedy, 'evidence' | 'action' | 'isMandatory'>,
  proposal: Proposal | null,
  { now, isSigned }: WordContext,
): Gate | null {
  if (proposal === null) return null
  const snoozed = snoozedUntil(proposal, now)
  if (snoozed !== null) return { by: 'snoozed', until: snoozed }
  const words = proposal.ignored
    .filter((one) => isSaid(one.at, now) && (!isMandatory || isSigned(one)))
    .map((one) => ({ ...one, until: isMandatory && one.until !== null ? cappedEnd(one.at, one.until) : one.until }))
  const ignored = words.find((one) => one.evidence === evidence && (one.until === null || isAhead(one.until, now)))
  if (ignored !== undefined) return { by: 'closed', until: ignored.until }
  if (action === 'rollback' || proposal.end?.by !== 'person' || proposal.state !== 'closed') return null
  const { at } = proposal.end
  const isByWord = !isMandatory || words.some((one) => one.evidence === proposal.evidence && one.at === at)
  if (!isSaid(at, now) || !isByWord) return null
  const over = (parseInstant(at) ?? 0) + COOL_DOWN_MS
  return over > now ? { by: 'cool-down', until: formatInstant(over) } : null
}

function cappedEnd(at: string, until: string): string {
  const [said, end] = [parseInstant(at), parseInstant(until)]
  if (said === null || end === null) return until
  return formatInstant(Math.min(end, said + MOST_SILENT_DAYS * DAY_MS))
}

function isAhead(text: string, now: Instant): boolean {
  const at = parseInstant(text)
  return at !== null && at > now
}
