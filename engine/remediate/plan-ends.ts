// Open proposals that are over, and why: merged by another way, superseded by a stronger remedy, resolved, waived,
// or no longer asked for. One whose problem is only clearing keeps count of its clean windows.
import type { Verdict } from '../domain/finding.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Proposal } from '../domain/proposal.ts'
import { type Standing, standingOf } from './clean-windows.ts'
import type { Demandable, DemandedRemedy } from './demanded-remedies.ts'
import { cleanAction, closeAction } from './proposal-action.ts'
import type { ProposalsOf } from './proposals-of.ts'
import type { RemedyContext } from './remedy-input.ts'

/** One deployment: its verdict, what is demanded of it, and its proposals. */
export interface EndsOf {
  readonly verdict: Verdict
  /** All that is demanded; those not in effect yet are `pending`. */
  readonly remedies: readonly DemandedRemedy[]
  readonly pending: readonly DemandedRemedy[]
  readonly standing: ReadonlySet<Demandable>
  readonly proposals: ProposalsOf
}

/** Proposals to close, and those that go on with another count of clean windows. */
export interface Ends {
  readonly closings: readonly PlannedAction[]
  readonly updates: readonly PlannedAction[]
}

/** Whether each open proposal of a deployment is over, and why. Promotions are none of its business. */
export function planEnds(ends: EndsOf, context: RemedyContext): Ends {
  const closings: PlannedAction[] = []
  const updates: PlannedAction[] = []
  for (const proposal of ends.proposals.allOpen) {
    if (proposal.action === 'promote') continue
    const reason = endOf(proposal, ends, context)
    if (reason === null) updates.push(...clearing(proposal, ends, context))
    else closings.push(closeAction(proposal, reason))
  }
  return { closings, updates }
}

function endOf(proposal: Proposal, ends: EndsOf, context: RemedyContext): string | null {
  const { remedies, pending, standing } = ends
  if (proposal.isOnBase) return 'merged'
  const isDemanded = remedies.some((one) => one.action === proposal.action)
  const isPending = pending.some((one) => one.action === proposal.action)
  if (isDemanded && !isPending) return 'merged'
  if (proposal.action === 'retrain' && standing.has('rollback')) return 'superseded'
  if (isPending) return null
  const { state } = currentStanding(proposal, ends, context)
  if (state === 'violated') return standing.size > 0 ? 'superseded' : null
  return state === 'clearing' ? null : state
}

function clearing(proposal: Proposal, ends: EndsOf, context: RemedyContext): PlannedAction[] {
  if (ends.pending.some((one) => one.action === proposal.action)) return []
  const standing = currentStanding(proposal, ends, context)
  return standing.state === 'clearing' ? cleanAction(proposal, standing.clean) : []
}

function currentStanding(proposal: Proposal, { verdict }: EndsOf, { allFindings, policies }: RemedyContext): Standing {
  const { model, environment, version } = verdict
  const own = allFindings(model).filter((one) => one.environment === environment && one.version === version)
  return standingOf(proposal, own, policies)
}
