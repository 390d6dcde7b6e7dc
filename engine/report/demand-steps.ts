// Days that pass unanswered: which deadlines and escalations have come since demands were recorded, and when the next one
// comes. Only recorded demands are looked at, so a plan that has none reads no finding for this.

import type { PassedDay } from '../domain/demand-step.ts'
import { dueDay } from '../domain/figures.ts'
import type { BindingFailure, Judgement } from '../domain/finding.ts'
import { isBinding } from '../domain/finding-figures.ts'
import type { Instant } from '../domain/instant.ts'
import { type Demand, type DemandInput, demandsFrom } from './demands.ts'

/** What time alone has changed. */
export interface DemandSteps {
  /** All that stand unanswered, those told before too. */
  readonly passed: readonly PassedDay[]
  /** Whether one of them is not recorded yet. */
  readonly isNews: boolean
  /** The first instant at which there is another; Infinity where none is to come. */
  readonly next: Instant
}

/** Of the deployments whose demands the last run recorded. */
export function demandSteps(judgements: readonly Judgement[], input: DemandInput): DemandSteps {
  const recorded = input.previous?.demands ?? []
  if (recorded.length === 0) return { passed: [], isNews: false, next: Number.POSITIVE_INFINITY }
  const places = new Set(recorded.map(({ model, environment }) => `${model}\0${environment}`))
  const failing = judgements
    .filter(({ verdict }) => verdict.demand !== 'none' && places.has(`${verdict.model}\0${verdict.environment}`))
    .map((judgement) => ({ verdict: judgement.verdict, failures: bindingOf(judgement) }))
  const demands = demandsFrom(failing, input)
  return {
    passed: demands.flatMap((demand) => passedDays(demand, input)),
    isNews: newPassedDays(demands, input).length > 0,
    next: nextInstant(demands, input.now),
  }
}

/** Those that no recorded run has told. */
export function newPassedDays(
  demands: readonly Demand[],
  input: Pick<DemandInput, 'rulebook' | 'previous'>,
): PassedDay[] {
  const told = input.previous?.demands ?? []
  const isTold = ({ model, environment, version, asked, step }: PassedDay) =>
    told.some(
      (one) =>
        one.model === model &&
        one.environment === environment &&
        (one.version ?? null) === version &&
        one.action === asked &&
        one.steps?.includes(step) === true,
    )
  return demands.flatMap((demand) => passedDays(demand, input)).filter((day) => !isTold(day))
}

/** Findings may still be bytes, so they are asked for only where there is no list of the failures. */
function bindingOf(judgement: Judgement): readonly BindingFailure[] {
  return judgement.binding ?? judgement.findings.filter(isBinding)
}

function passedDays(demand: Demand, { rulebook }: Pick<DemandInput, 'rulebook'>): PassedDay[] {
  const { timeZone } = rulebook.governance.institution
  return demand.standings.flatMap(({ asked, steps, since, renewed, due, escalation, effective }) =>
    steps.flatMap((step): PassedDay[] => {
      const at = step === 'overdue' ? due : (escalation?.at ?? null)
      const { model, environment, version } = demand
      if (at === null) return []
      const about = { model, environment, version, step, asked, effective, day: dueDay(at, timeZone) }
      return [{ ...about, since: step === 'overdue' ? (renewed ?? since) : since }]
    }),
  )
}

function nextInstant(demands: readonly Demand[], now: Instant): Instant {
  const dates = demands.flatMap(({ standings }) =>
    standings.flatMap(({ due, escalation, isAnswered }) => (isAnswered ? [] : [due, escalation?.at ?? null])),
  )
  return dates.reduce<Instant>(
    (next, at) => (at !== null && at > now && at < next ? at : next),
    Number.POSITIVE_INFINITY,
  )
}
