// Retrain requests that were merged and not sent yet → triggers. A request that stands on the base without a proposal
// of ours that carried it starts nothing.
import { type Deployment, deploymentsOf, type LoadedCard } from '../domain/model-card.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Proposal } from '../domain/proposal.ts'
import { requestId, sentName } from './identity.ts'
import { proposalsOf } from './proposals-of.ts'
import type { RemedyContext } from './remedy-input.ts'

/** A trigger for each merged retrain request that was not sent yet, in the order of the cards. */
export function planTriggers(context: RemedyContext): PlannedAction[] {
  // Each was carried by a proposal; and cards are not read in vain.
  if (context.proposals.length === 0) return []
  return [...context.cards.values()].flatMap((loaded) =>
    deploymentsOf(loaded.card).flatMap((deployment) => triggerOf(loaded, deployment, context)),
  )
}

function triggerOf({ card }: LoadedCard, deployment: Deployment, context: RemedyContext): PlannedAction[] {
  const request = card.retrain?.request
  if (card.retrain === undefined || request === undefined || (deployment.role ?? 'champion') !== 'champion') return []
  const proposal = proposalsOf(card, deployment.environment, context.proposals).known('retrain')
  if (proposal === null || !carried(proposal, request)) return []
  if (context.sent.has(sentName(proposal.key, request.evidence))) return []
  return [
    {
      kind: 'trigger',
      key: proposal.key,
      evidence: request.evidence,
      model: card.id,
      environment: deployment.environment,
      remedy: 'retrain',
      reason: `retrain request \`${request.id}\` was merged`,
      detail: {
        trigger: card.retrain.trigger,
        request: request.id,
        window: request.window,
        version: deployment.version,
      },
    },
  ]
}

/** Since the request stands on the base, a proposal that carries the same one was merged, by whatever way. */
function carried(proposal: Proposal, request: { readonly id: string; readonly evidence: string }): boolean {
  const isKnown =
    proposal.evidence === request.evidence || proposal.merged.some((one) => one.evidence === request.evidence)
  return isKnown && requestId(proposal.key, request.evidence) === request.id
}
