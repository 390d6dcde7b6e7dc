// What is already known of remedies, looked up by deployment: open proposals, actions of this run, recorded demands.
// What is planned may differ from what is demanded: a hold where nothing can be retrained, an escalation that is due.
import type { Decision } from '../domain/decision.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Beginnings } from './demand-dates.ts'
import type { DemandInput } from './demands.ts'
import type { OpenProposal } from './report-input.ts'

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
  /** Of the demand for this very action of this version. */
  beginnings(of: Deployed & { readonly version: string | null }, action: string): Beginnings
  /** Whether a proposal of this very action is open, or is to be opened or held back by this run. */
  isPending(of: Deployed, action: string): boolean
  /** Whether a proposal of this very action was merged last. */
  wasMerged(of: Deployed, action: string): boolean
}

/** From the plan's actions, the open proposals and the last recorded run. */
export function knownRemedies({
  actions,
  proposals,
  decisions,
  previous,
}: Pick<DemandInput, 'actions' | 'proposals' | 'decisions' | 'previous'>): KnownRemedies {
  const ending = new Set(actions.filter(({ kind }) => kind === 'close-proposal').map(({ key }) => key))
  const open = Map.groupBy(proposals, placeKey)
  const planned = Map.groupBy(actions.filter(isProposed), placeKey)
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
    beginnings: (of, action) => {
      const all = recorded.get(placeKey(of)) ?? []
      const own = all.filter((one) => one.action === action && (one.version ?? of.version) === of.version)
      return {
        recorded: own,
        wasOthers: own.length < all.length,
        // A proposal may stay open while nothing is demanded: what is demanded after that is new.
        opened: previous === null ? (openOf(of, action)?.openedAt ?? null) : null,
      }
    },
    isPending: (of, action) => {
      const own = openOf(of, action)
      if (own !== undefined && !ending.has(own.key)) return true
      return (planned.get(placeKey(of)) ?? []).some(({ remedy }) => remedy === action)
    },
    wasMerged: (of, action) =>
      (decided.get(placeKey(of)) ?? []).some((one) => one.action === action && one.how === 'merged'),
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
