// What holds a proposal back though it is demanded: a person's word, a pause after one, or too many open at once.
import { formatInstant, type Instant, parseInstant } from '../domain/instant.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { DemandedRemedy } from './demanded-remedies.ts'

/** What holds a proposal back, and until when where that is known. */
export type Gate = NonNullable<PlannedAction['gated']>

/** Open proposals a repository; a rollback does not wait for it. */
export const OPEN_LIMIT = 10
const COOL_DOWN_MS = 7 * 86_400_000

/**
 * By a person's word: snoozed, closed for these very facts, or closed less than 7 days ago for others (which does not
 * hold back a rollback). Null: nothing holds it back. `proposal`: the ended one of the same key.
 */
export function personsGate(
  { evidence, action }: Pick<DemandedRemedy, 'evidence' | 'action'>,
  proposal: Proposal | null,
  now: Instant,
): Gate | null {
  if (proposal === null) return null
  if (isAhead(proposal.snoozedUntil, now)) return { by: 'snoozed', until: proposal.snoozedUntil }
  const ignored = proposal.ignored.find(
    (one) => one.evidence === evidence && (one.until === null || isAhead(one.until, now)),
  )
  if (ignored !== undefined) return { by: 'closed', until: ignored.until }
  if (action === 'rollback' || proposal.end?.by !== 'person' || proposal.state !== 'closed') return null
  const over = (parseInstant(proposal.end.at) ?? 0) + COOL_DOWN_MS
  return over > now ? { by: 'cool-down', until: formatInstant(over) } : null
}

function isAhead(text: string | null, now: Instant): boolean {
  const at = text === null ? null : parseInstant(text)
  return at !== null && at > now
}
