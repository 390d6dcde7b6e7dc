// Which remedies a change of a card carries out, whoever made it: what the engine would propose is approved as its proposal
// is, on whatever branch it comes. Pure.
import { isDeepStrictEqual } from 'node:util'
import type { ModelCard } from '../domain/model-card.ts'
import type { Proposal } from '../domain/proposal.ts'
import { championOf } from './demanded-remedies.ts'
import { proposalKey, requestId } from './identity.ts'

/** What a card's change does. */
export interface CarriedRemedy {
  readonly model: string
  /** Null: a request that is of no environment of the card, so that somebody else wrote it. */
  readonly environment: string | null
  readonly action: 'retrain' | 'rollback' | 'hold'
}

/**
 * A retrain request, a hold for the engine's kind of reason, and a version that the card listed before in the place of a
 * newer one: that is a rollback only where one is asked for.
 */
export function remediesIn(before: ModelCard, after: ModelCard): CarriedRemedy[] {
  const names = [after.id, ...(after.formerly ?? [])]
  const request = after.retrain?.request
  const isRequested = request !== undefined && !isDeepStrictEqual(request, before.retrain?.request)
  const asked = isRequested
    ? environmentsOf(after).filter((environment) =>
        names.some((name) => requestId(proposalKey(name, environment, 'retrain'), request.evidence) === request.id),
      )
    : []
  const retrains = isRequested && asked.length === 0 ? [null] : asked
  return [
    ...retrains.map((environment) => ({ model: after.id, environment, action: 'retrain' }) as const),
    ...environmentsOf(after).flatMap((environment) => deployedRemedies(before, after, environment)),
  ]
}

function deployedRemedies(before: ModelCard, after: ModelCard, environment: string): CarriedRemedy[] {
  const [was, is] = [championOf(before, environment), championOf(after, environment)]
  if (was === null || is === null) return []
  const isHeld = is.hold === true && was.hold !== true && RULES.test(is.reason ?? '')
  const isBack = is.version !== was.version && before.versions?.some(({ version }) => version === is.version) === true
  return [
    ...(isHeld ? [{ model: after.id, environment, action: 'hold' } as const] : []),
    ...(isBack ? [{ model: after.id, environment, action: 'rollback' } as const] : []),
  ]
}

/** The reason that the engine gives: rules, as `rulesOf` in proposal-action.ts lists them. */
const RULES = /^[a-z0-9-]+\/[a-z0-9-]+(, [a-z0-9-]+\/[a-z0-9-]+)*(, \+\d+)?$/

function environmentsOf(card: ModelCard): string[] {
  const deployments = card.deployment === undefined ? [] : [card.deployment].flat()
  return [...new Set(deployments.map(({ environment }) => environment))]
}

/** Whether a proposal is for what a change carries out. */
export function isFor(proposal: Proposal, { environment, action }: CarriedRemedy, names: readonly string[]): boolean {
  return (
    proposal.action === action &&
    names.includes(proposal.model) &&
    (environment === null || proposal.environment === environment)
  )
}
