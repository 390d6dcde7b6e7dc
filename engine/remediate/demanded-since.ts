// Since when a remedy has been demanded of a deployment: what an escalation counts from.
import { type Instant, parseInstant } from '../domain/instant.ts'
import type { Demandable } from './demanded-remedies.ts'
import type { ProposalsOf } from './proposals-of.ts'
import type { RemedyInput } from './remedy-input.ts'

/** Since when an action has been demanded of a deployment; null where it is new. */
export type DemandedSince = (model: string, environment: string, action: Demandable) => Instant | null

/** The earlier of what the last run recorded and the opening of the proposal that is open; null where neither is. */
export function demandedSince(proposals: ProposalsOf, { demands }: Pick<RemedyInput, 'demands'>): DemandedSince {
  return (model, environment, action) => {
    const recorded = demands.filter(
      (one) => one.model === model && one.environment === environment && one.action === action,
    )
    const open = proposals.open(action)
    const texts = [...recorded.map((one) => one.since), ...(open === null ? [] : [open.openedAt])]
    const instants = texts.flatMap((text) => parseInstant(text) ?? [])
    return instants.length === 0 ? null : Math.min(...instants)
  }
}
