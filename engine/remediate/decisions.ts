// Proposals → what people decided of them: merges, refusals and snoozes, with the roles of who did. What the engine closed
// by itself is none: its runs report that as their own actions.
import type { Decision } from '../domain/decision.ts'
import type { Governance } from '../domain/governance.ts'
import { formatInstant, type Instant } from '../domain/instant.ts'
import type { LoadedCard, ModelCard } from '../domain/model-card.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { Mark } from './delivered-marks.ts'
import { toldSnooze } from './proposal-gates.ts'
import { isSameName, teamsOf } from './roles.ts'

/** What decisions are told from, besides the proposals. */
export interface DecisionContext {
  readonly cards: ReadonlyMap<string, LoadedCard>
  readonly governance: Pick<Governance, 'people'>
  readonly now: Instant
  /** Marks of triggers that were begun; empty where they are not looked up. */
  readonly triggers: readonly Pick<Mark, 'key' | 'evidence' | 'at' | 'state'>[]
}

/** In the order of the proposals, at most one of each. */
export function decisionsOf(proposals: readonly Proposal[], context: DecisionContext): Decision[] {
  return proposals.flatMap((proposal) => decisionOf(proposal, context))
}

function decisionOf(proposal: Proposal, context: DecisionContext): Decision[] {
  const { id, key, environment, action, end, state } = proposal
  const card = cardOf(proposal.model, context.cards)
  const model = card?.id ?? proposal.model
  const about = { proposal: id, key, model, environment, action, until: null, trigger: null }
  const rolesOf = (name: string | undefined) => (name === undefined ? [] : roles(name, card, context))
  if (state === 'open') {
    // It came to the base by another way than the forge's, which learns of it from this run.
    if (proposal.isOnBase) return [{ ...about, how: 'merged', at: formatInstant(context.now), by: [], reason: null }]
    const { snooze } = proposal
    const until = toldSnooze(proposal, context.now)
    if (until === null) return []
    const at = snooze?.at ?? proposal.openedAt
    return [{ ...about, how: 'snoozed', at, by: rolesOf(snooze?.who), reason: snooze?.text ?? null, until }]
  }
  if (end === null) return []
  const by = rolesOf(end.who)
  if (state === 'merged')
    return [{ ...about, how: 'merged', at: end.at, by, reason: null, trigger: triggerOf(proposal, context) }]
  if (end.by !== 'person') return []
  const how = end.reason === 'rejected' ? 'rejected' : 'closed'
  const until = proposal.ignored.find(({ evidence }) => evidence === proposal.evidence)?.until ?? null
  return [{ ...about, how, at: end.at, by, reason: end.text ?? null, until }]
}

function cardOf(model: string, cards: DecisionContext['cards']): ModelCard | null {
  const own = cards.get(model)?.card
  if (own !== undefined) return own
  return [...cards.values()].find(({ card }) => card.formerly?.includes(model) === true)?.card ?? null
}

function roles(name: string, card: ModelCard | null, { governance }: DecisionContext): string[] {
  const teams = teamsOf(name, governance)
  if (teams.length > 0) return teams
  const named = [...(card?.owners ?? []), ...(card?.validator === undefined ? [] : [card.validator])]
  return named.filter((role) => isSameName(role, `user:${name}`)).slice(0, 1)
}

function triggerOf({ key, evidence, action }: Proposal, { triggers }: DecisionContext): Decision['trigger'] {
  const mark = action === 'retrain' ? triggers.find((one) => one.key === key && one.evidence === evidence) : undefined
  if (mark === undefined) return null
  const state = mark.state === 'failed' ? 'failed' : mark.state === 'started' ? 'unknown' : 'sent'
  return { at: mark.at, state }
}
