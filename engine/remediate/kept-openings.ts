// What a deployment would open, as it is kept beside its model: enough to rank it and to hold it back. Only what is opened
// is worked out anew. Not kept where proposals count, or where a demand may escalate with time.
import type { Judgement } from '../domain/finding.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Gate } from './proposal-gates.ts'
import type { RemedyContext } from './remedy-input.ts'

/** An opening as far as ranking and gating look at it. */
export interface RankedOpening {
  /** As it is planned where it is held back, without the reason for that. */
  readonly held: PlannedAction
  readonly gated: Gate | null
  readonly isMandatory: boolean
  /** The place of its worst severity, 0 the worst. */
  readonly severity: number
  /** As it is planned where it opens. */
  open(): PlannedAction
}

type KeptOpening = Omit<RankedOpening, 'open'>

/** The openings that are kept of a deployment, or those of `make`, kept from now on. Null where none may be kept. */
export type OpeningsOf = (judgement: Judgement, make: () => readonly RankedOpening[]) => readonly RankedOpening[] | null

/** Asked of deployments that could be judged. */
export function keptOpenings(context: RemedyContext): OpeningsOf {
  const { written, proposals, demands, rulebook, cards } = context
  if (written === undefined) return () => null
  const outcomes = Map.groupBy(context.outcomes, ([deployment]) => deployment.split('\0', 1)[0] ?? '')
  const escalates = rulebook.policies.some(({ remediate }) => remediate.escalateTo !== undefined)
  const demanded = new Set(escalates ? demands.map(({ model }) => model) : [])
  const proposed = new Set(proposals.map(({ model }) => model))
  const counts = (model: string) =>
    proposed.has(model) ||
    (proposed.size > 0 && cards.get(model)?.card.formerly?.some((id) => proposed.has(id)) === true)
  return ({ verdict: { model, environment, version } }, make) => {
    if (demanded.has(model) || counts(model)) return null
    const key = `openings ${JSON.stringify([environment, version, outcomes.get(model) ?? []])}`
    const kept = written.recall(model, key) as readonly KeptOpening[] | null
    if (kept !== null) return kept.map((one, i) => ({ ...one, open: () => make()[i]?.open() ?? one.held }))
    const made = make()
    written.remember(
      model,
      key,
      made.map(({ open: _, ...one }): KeptOpening => one),
    )
    return made
  }
}
