// How one demand stands: since when, by when, what is to be done for it now, and whether that is done.

import type { DemandStep } from '../domain/demand-step.ts'
import type { Verdict } from '../domain/finding.ts'
import type { Instant } from '../domain/instant.ts'
import { deploymentsOf } from '../domain/model-card.ts'
import type { Policy } from '../domain/policy.ts'
import { beginningOf, type Escalation, earliestDue, firstEscalation, renewalOf } from './demand-dates.ts'
import type { Demanded, DemandInput } from './demands.ts'
import type { KnownRemedies } from './known-remedies.ts'

/** How a demand stands at the time of a run. */
export interface DemandStanding {
  readonly since: Instant
  /** When it was demanded again after it had been answered; null: it never was. */
  readonly renewed: Instant | null
  readonly due: Instant | null
  /** Null also where what was demanded is done. */
  readonly escalation: Escalation | null
  readonly effective: Demanded
  /** Why something else is to be done than what the policies name; null where it is that. */
  readonly instead: 'escalated' | 'no-recipe' | 'no-target' | null
  readonly isAnswered: boolean
  /** Dates that have passed unanswered, of a demand that an earlier run recorded; none while a person's word holds it back. */
  readonly steps: readonly DemandStep[]
}

/** One demand of one deployment. */
export interface AskedDemand {
  readonly verdict: Verdict
  readonly asked: Demanded
  /** The policies that name it. */
  readonly demanding: readonly Policy[]
}

/** The same for every verb and report, so that what is told once is what stands there. */
export function standingOf(
  { verdict, asked, demanding }: AskedDemand,
  known: KnownRemedies,
  input: DemandInput,
): DemandStanding {
  const { now, rulebook } = input
  const calendar = rulebook.governance.institution
  const beginnings = known.beginnings(verdict, asked)
  const since = beginningOf(now, beginnings)
  const escalation = firstEscalation(asked, demanding, since, calendar)
  const { effective, instead } = effectiveOf({ verdict, asked }, escalation, known, input)
  const isAnswered = isDone(effective, verdict, known, input)
  const isOver = isAnswered && effective === 'hold'
  const again = renewalOf(isAnswered, beginnings)
  const renewed = again === null ? null : (again.at ?? now)
  const due = earliestDue(demanding, renewed ?? since, calendar)
  const isSilenced = isHeldBack(known.planned(verdict, effective)?.gated?.by)
  const isOld = beginnings.recorded.length > 0 && !isAnswered && !isSilenced
  return {
    since,
    renewed,
    due,
    escalation: isOver ? null : escalation,
    effective,
    instead,
    isAnswered,
    steps: !isOld
      ? []
      : [
          ...(due !== null && due <= now ? ['overdue' as const] : []),
          ...(instead === 'escalated' ? ['escalated' as const] : []),
        ],
  }
}

function effectiveOf(
  { verdict, asked }: Pick<AskedDemand, 'verdict' | 'asked'>,
  escalation: Escalation | null,
  known: KnownRemedies,
  input: DemandInput,
): Pick<DemandStanding, 'effective' | 'instead'> {
  const first = feasible(asked, verdict, known, input)
  const isDue = escalation !== null && escalation.at <= input.now
  // Who does not use a model any more is not pressed further.
  if (!isDue || (first.effective === 'hold' && isHeld(verdict, input))) return first
  const { effective } = feasible(escalation.action, verdict, known, input)
  return effective === first.effective ? first : { effective, instead: 'escalated' }
}

function feasible(
  wanted: Demanded,
  verdict: Verdict,
  known: KnownRemedies,
  input: DemandInput,
): Pick<DemandStanding, 'effective' | 'instead'> {
  if (known.isPending(verdict, wanted)) return { effective: wanted, instead: null }
  if (wanted === 'retrain' && input.cards.get(verdict.model)?.card.retrain === undefined)
    return { effective: 'hold', instead: 'no-recipe' }
  // A rollback that can be done is pending until another version is judged, so this one has no target.
  if (wanted === 'rollback' && (known.isPending(verdict, 'hold') || isHeld(verdict, input)))
    return { effective: 'hold', instead: 'no-target' }
  return { effective: wanted, instead: null }
}

/** Nothing is left to propose, and the card says what was to be done. */
function isDone(effective: Demanded, verdict: Verdict, known: KnownRemedies, input: DemandInput): boolean {
  if (known.isPending(verdict, effective) || effective === 'rollback') return false
  if (effective === 'hold') return isHeld(verdict, input)
  const request = input.cards.get(verdict.model)?.card.retrain?.request
  return request !== undefined || known.wasMerged(verdict, 'retrain')
}

function isHeld(verdict: Verdict, { cards }: DemandInput): boolean {
  const card = cards.get(verdict.model)?.card
  if (card === undefined) return false
  return deploymentsOf(card).some(
    (one) =>
      one.environment === verdict.environment &&
      one.version === verdict.version &&
      (one.role ?? 'champion') === 'champion' &&
      one.hold === true,
  )
}

/** By a person's word: who has spoken is not reminded while it holds. */
function isHeldBack(by: string | undefined): boolean {
  return by === 'snoozed' || by === 'closed' || by === 'cool-down'
}
