// What is already known of remedies, looked up by deployment: open proposals, actions of this run, recorded demands.
// What is planned may differ from what is demanded: a hold where nothing can be retrained, an escalation that is due.
import type { Decision } from '../domain/decision.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { OpenProposal, ReportInput } from './report-input.ts'

interface Deployed {
  readonly model: string
  readonly environment: string
}

/** What is being done about a deployment, and since when. */
export interface KnownRemedies {
  /** Of the action, else of any other that is open for the deployment. */
  proposal(of: Deployed, action: string): OpenProposal | null
  /** What opens or updates a proposal for the deployment: of the action, else of another; held back ones last. */
  planned(of: Deployed, action: string): PlannedAction | null
  /** What was decided of the proposal with that key; without a key of the action's, else of another that was merged. */
  decision(of: Deployed, action: string, key: string | null): Decision | null
  /** Of the demand for this very action. */
  beginnings(of: Deployed, action: string): Beginnings
}

/** Times (RFC 3339) at which a demand is known to have stood. */
export interface Beginnings {
  /** By the last recorded run. */
  readonly recorded: readonly string[]
  /** As the open proposal has them. */
  readonly opened: readonly string[]
}

/** From the plan's actions, the open proposals and the last recorded run. */
export function knownRemedies({ plan, proposals, decisions, previous }: ReportInput): KnownRemedies {
  const open = Map.groupBy(proposals, placeKey)
  const planned = Map.groupBy(plan.actions.filter(isProposed), placeKey)
  const decided = Map.groupBy(decisions, placeKey)
  const recorded = Map.groupBy(previous?.demands ?? [], placeKey)
  const openOf = (of: Deployed, action: string) => open.get(placeKey(of))?.find((one) => one.action === action)
  return {
    proposal: (of, action) => openOf(of, action) ?? open.get(placeKey(of))?.[0] ?? null,
    planned: (of, action) => bestOf(planned.get(placeKey(of)) ?? [], action),
    decision: (of, action, key) => {
      const own = decided.get(placeKey(of)) ?? []
      if (key !== null) return own.find((one) => one.key === key) ?? null
      return own.find((one) => one.action === action) ?? own.find(({ how }) => how === 'merged') ?? null
    },
    beginnings: (of, action) => ({
      recorded: (recorded.get(placeKey(of)) ?? []).flatMap((one) => (one.action === action ? [one.since] : [])),
      opened: [openOf(of, action)?.openedAt ?? []].flat(),
    }),
  }
}

function isProposed({ kind, remedy }: PlannedAction): boolean {
  return remedy !== undefined && (kind === 'open-proposal' || kind === 'update-proposal')
}

function bestOf(actions: readonly PlannedAction[], action: string): PlannedAction | null {
  const rank = (one: PlannedAction) => (one.gated === undefined ? 0 : 2) + (one.remedy === action ? 0 : 1)
  return [...actions].sort((a, b) => rank(a) - rank(b))[0] ?? null
}

function placeKey({ model, environment }: { readonly model?: string; readonly environment?: string }): string {
  return `${model ?? ''}\0${environment ?? ''}`
}
