// Since when a remedy has been demanded of a deployment: what an escalation counts from.
import { type Instant, parseInstant } from '../domain/instant.ts'
import type { Demandable } from './demanded-remedies.ts'
import type { ProposalsOf } from './proposals-of.ts'
import type { RemedyInput } from './remedy-input.ts'

/** Since when an action has been demanded of a deployment; null where it is new. */
export type DemandedSince = (model: string, environment: string, action: Demandable) => Instant | null

/**
 * As the last run recorded it of this version, else the opening of the proposal that is open; null where neither is, or
 * where another demand was recorded, so that this one is new.
 */
export function demandedSince(
  proposals: ProposalsOf,
  { demands }: Pick<RemedyInput, 'demands'>,
  deployed: string,
): DemandedSince {
  return (model, environment, action) => {
    const all = demands.filter((one) => one.model === model && one.environment === environment)
    const recorded = all.filter((one) => one.action === action && (one.version ?? deployed) === deployed)
    if (recorded.length < all.length && recorded.length === 0) return null
    const open = proposals.open(action)
    // A proposal that was opened while the clock had gone back does not begin what is recorded anew.
    const known = recorded.flatMap(({ since }) => parseInstant(since) ?? [])
    return known.length > 0 ? Math.min(...known) : open === null ? null : parseInstant(open.openedAt)
  }
}
