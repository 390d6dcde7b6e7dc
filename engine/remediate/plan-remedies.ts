// The reconciler: verdicts, cards, proposals and what people said of them → the actions that bring the forge in line.
// Pure: it opens, changes and closes nothing, and an empty list means that nothing is left to do.
import { compareBy, sortedBy } from '../base/order.ts'
import type { Judgement } from '../domain/finding.ts'
import { policiesById } from '../domain/finding-figures.ts'
import type { LoadedCard } from '../domain/model-card.ts'
import type { PlannedAction } from '../domain/plan.ts'
import { championOf, demandedRemedies } from './demanded-remedies.ts'
import { demandedSince } from './demanded-since.ts'
import { keptOpenings, type OpeningsOf, type RankedOpening } from './kept-openings.ts'
import { planEnds } from './plan-ends.ts'
import { type Opening, planOpenings } from './plan-openings.ts'
import { planTriggers } from './plan-triggers.ts'
import { closeAction, heldAction, openAction } from './proposal-action.ts'
import { OPEN_LIMIT } from './proposal-gates.ts'
import { proposalsOf } from './proposals-of.ts'
import { isInEffect } from './remedy-effect.ts'
import type { RemedyContext, RemedyInput } from './remedy-input.ts'

/** Closes, updates, openings by urgency, triggers; closes, updates and triggers by model, environment and action. */
export function planRemedies(input: RemedyInput): PlannedAction[] {
  const language = input.rulebook.governance.institution.languages[0] ?? 'pt'
  const context = { ...input, policies: policiesById(input.rulebook), language }
  const kept = keptOpenings(context)
  const plans = input.judgements.map((judgement) => planJudged(judgement, context, kept))
  const closings = [...plans.flatMap((plan) => plan.closings), ...closeAbandoned(context)]
  const openings = plans.flatMap((plan) => plan.openings)
  const open = input.proposals.filter((one) => one.state === 'open').length - closings.length
  return [
    ...closings.sort(byPlace),
    ...plans.flatMap((plan) => plan.updates).sort(byPlace),
    ...limited(byUrgency(openings), OPEN_LIMIT - open),
    ...planTriggers(context).sort(byPlace),
  ]
}

interface DeploymentPlan {
  readonly closings: readonly PlannedAction[]
  readonly updates: readonly PlannedAction[]
  readonly openings: readonly RankedOpening[]
}

const NOTHING: DeploymentPlan = { closings: [], updates: [], openings: [] }

function planJudged(judgement: Judgement, context: RemedyContext, kept: OpeningsOf): DeploymentPlan {
  const { model, cause } = judgement.verdict
  const loaded = context.cards.get(model)
  // What could not be judged says nothing: its proposals stay as they are.
  if (cause === 'invalid' || loaded === undefined) return NOTHING
  // Without proposals there is nothing to update or to close.
  const openings = kept(judgement, () => planDeployment(judgement, loaded, context).openings)
  return openings === null ? planDeployment(judgement, loaded, context) : { ...NOTHING, openings }
}

function planDeployment(judgement: Judgement, loaded: LoadedCard, context: RemedyContext): DeploymentPlan {
  const { environment, version } = judgement.verdict
  const deployment = championOf(loaded.card, environment)
  if (deployment === null || deployment.version !== version) return NOTHING
  const proposals = proposalsOf(loaded.card, environment, context.proposals)
  const since = demandedSince(proposals, context, version)
  const remedies = demandedRemedies(judgement, loaded.card, deployment, { ...context, since }).map((remedy) => ({
    ...remedy,
    key: proposals.keyFor(remedy.action),
  }))
  const pending = remedies.filter(
    (remedy) => !isInEffect(remedy, loaded.card, deployment, proposals.known(remedy.action)),
  )
  const { openings, updates, standing } = planOpenings({ pending, proposals, loaded }, context)
  const ends = planEnds({ verdict: judgement.verdict, remedies, pending, standing, proposals }, context)
  const isClosing = new Set(ends.closings.map((action) => action.key))
  return {
    closings: ends.closings,
    updates: [...updates, ...ends.updates].filter((action) => !isClosing.has(action.key)),
    openings: openings.map((opening) => ranked(opening, context)),
  }
}

const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info']

function ranked({ remedy, loaded, known, gated }: Opening, context: RemedyContext): RankedOpening {
  return {
    held: heldAction(remedy),
    gated,
    isMandatory: remedy.isMandatory,
    severity: Math.min(...remedy.failures.map((failure) => SEVERITIES.indexOf(failure.severity))),
    open: () => openAction(remedy, known, loaded, context),
  }
}

/** Open proposals of deployments that their card no longer has. Without a card that can be read nothing is known. */
function closeAbandoned(context: RemedyContext): PlannedAction[] {
  if (context.proposals.length === 0) return []
  const cards = [...context.cards.values()].map(({ card }) => card)
  return context.proposals.flatMap((proposal) => {
    if (proposal.state !== 'open' || proposal.action === 'promote') return []
    const card = cards.find((one) => one.id === proposal.model || one.formerly?.includes(proposal.model))
    if (card === undefined || championOf(card, proposal.environment) !== null) return []
    return [closeAction(proposal, proposal.isOnBase ? 'merged' : 'withdrawn')]
  })
}

/** Openings beyond the limit are gated; a rollback never is, but takes its place. Only what opens is written. */
function limited(openings: readonly RankedOpening[], places: number): PlannedAction[] {
  let left = places
  return openings.map((opening) => {
    const { held } = opening
    const isBeyond = left <= 0 && held.remedy !== 'rollback'
    const gated = opening.gated ?? (isBeyond ? ({ by: 'limit', until: null } as const) : null)
    if (gated !== null) return { ...held, gated }
    left--
    return opening.open()
  })
}

/** Rollbacks, then what a mandatory policy demands, then by severity and place. */
function byUrgency(openings: readonly RankedOpening[]): RankedOpening[] {
  return sortedBy(
    openings,
    ({ held }) => (held.remedy === 'rollback' ? '0' : '1'),
    ({ isMandatory }) => (isMandatory ? '0' : '1'),
    ({ severity }) => String(severity),
    ({ held }) => [held.model, held.environment, held.remedy].join('\0'),
  )
}

const byPlace = compareBy<PlannedAction>(({ model, environment, remedy, kind, key }) =>
  [model, environment, remedy, kind, key].join('\0'),
)
