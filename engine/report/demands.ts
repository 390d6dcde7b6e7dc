// What a run demands of whom, and by when: each deployment's remedy with its owners, deadline and proposal.
// The deadline counts from the day the demand was first recorded, so it does not move with each run.
import { compareBy } from '../base/order.ts'
import { deploymentKey, findingsByDeployment } from '../domain/by-deployment.ts'
import type { Decision } from '../domain/decision.ts'
import { dueDay } from '../domain/figures.ts'
import type { BindingFailure, Verdict } from '../domain/finding.ts'
import { isBinding, policiesById } from '../domain/finding-figures.ts'
import { formatInstant, type Instant } from '../domain/instant.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Policy } from '../domain/policy.ts'
import type { RecordedDemand } from '../domain/recorded-run.ts'
import { type DemandStanding, standingOf } from './demand-standing.ts'
import { type KnownRemedies, knownRemedies } from './known-remedies.ts'
import type { OpenProposal, ReportInput } from './report-input.ts'

/** What can be demanded. */
export type Demanded = RecordedDemand['action']

/** What is demanded of one deployment, of whom and by when. */
export interface Demand {
  readonly model: string
  readonly environment: string
  readonly version: string | null
  /** As the policies name it. */
  readonly action: Demanded
  /** What is to be done: another where the card or the time makes it so, and why. */
  readonly effective: Demanded
  readonly instead: DemandStanding['instead']
  /** The card does what is demanded, or was given the request: nobody has to act before the version changes. */
  readonly isAnswered: boolean
  readonly blocks: boolean
  /** As the card has them: `team:…`, `user:…`. */
  readonly owners: readonly string[]
  readonly since: Instant
  /** The last local day in time; null where no policy sets one, and where it is answered. */
  readonly dueDay: string | null
  readonly isOverdue: boolean
  /** `isDue`: it took the place of what was demanded. Null where none is, and where what was demanded is done. */
  readonly escalation: { readonly action: Demanded; readonly day: string; readonly isDue: boolean } | null
  /** Ids of the policies whose unwaived failures bind, sorted. */
  readonly policies: readonly string[]
  readonly failing: number
  /** Of what is to be done, else of what stands in its place. */
  readonly proposal: OpenProposal | null
  /** The action of this run that opens, updates or holds back the proposal. */
  readonly planned: PlannedAction | null
  /** What a person decided of that proposal, or of the one that stands in its place. */
  readonly decision: Decision | null
  /** Every action that some policy demands, weaker ones too: an escalation counts from each one's own beginning. */
  readonly standings: readonly (DemandStanding & { readonly asked: Demanded })[]
}

/** What demands are made from, besides the failures. */
export type DemandInput = Omit<ReportInput, 'plan' | 'untold' | 'fileChanges' | 'messageOf'> & {
  readonly actions: readonly PlannedAction[]
}

/** One deployment's verdict with the failures that bind. */
export interface Failing {
  readonly verdict: Verdict
  readonly failures: readonly BindingFailure[]
}

/**
 * Those that are due first standing before, then those without a deadline or answered; then by model. One a deployment,
 * the strongest; where that is answered also the next, until one is not.
 */
export function demandsOf(input: ReportInput): Demand[] {
  const failures = findingsByDeployment(input.plan.findings, isBinding)
  const failing = input.plan.verdicts.map((verdict) => ({
    verdict,
    failures: failures.get(deploymentKey(verdict)) ?? [],
  }))
  return demandsFrom(failing, { ...input, actions: input.plan.actions })
}

/** The same from the failures alone. */
export function demandsFrom(deployments: readonly Failing[], input: DemandInput): Demand[] {
  const known = knownRemedies(input)
  const demands = deployments.flatMap((one) => demandsAt(one, known, input))
  return demands.sort(
    compareBy(
      (d) => d.dueDay ?? (d.isAnswered ? '9999-' : '9999'),
      (d) => d.model,
      (d) => d.environment,
      (d) => d.version,
    ),
  )
}

/**
 * What run.json keeps of the demands: one a model, environment, version and action, with its earliest beginning. Where a
 * deployment could not be judged nobody knows whether its demands ended, so those last recorded are kept.
 */
export function recordedDemands(
  demands: readonly Demand[],
  { plan, previous }: Pick<ReportInput, 'plan' | 'previous'>,
): RecordedDemand[] {
  const unjudged = new Set(
    plan.verdicts.flatMap((v) => (v.outcome === 'error' ? [`${v.model}\0${v.environment}`] : [])),
  )
  const kept = (previous?.demands ?? []).filter((one) => unjudged.has(`${one.model}\0${one.environment}`))
  const byRemedy = new Map<string, RecordedDemand>()
  for (const one of [...kept, ...demands.flatMap(recordsOf)]) {
    const key = `${one.model}\0${one.environment}\0${one.action}\0${one.version ?? ''}`
    const before = byRemedy.get(key)
    if (before === undefined || one.since < before.since) byRemedy.set(key, one)
  }
  return [...byRemedy.values()].sort(
    compareBy(
      (d) => d.model,
      (d) => d.environment,
      (d) => d.action,
      (d) => d.version ?? null,
    ),
  )
}

/** Strongest first (EVALUATION.md, Demand). */
const STRENGTH: readonly Demanded[] = ['rollback', 'hold', 'retrain']

function demandsAt({ verdict, failures }: Failing, known: KnownRemedies, input: DemandInput): Demand[] {
  if (verdict.demand === 'none') return []
  const policies = policiesById(input.rulebook)
  const binding = [...new Set(failures.map(({ policy }) => policy))].sort().flatMap((id) => policies.get(id) ?? [])
  const isMandatory = new Set(failures.filter((f) => f.enforcement === 'mandatory').map(({ policy }) => policy))
  const actionOf = (policy: Policy) => demandedAction(policy, isMandatory.has(policy.id))
  const asked = new Set([verdict.demand, ...binding.flatMap((policy) => actionOf(policy) ?? [])])
  const standings = STRENGTH.filter((action) => asked.has(action)).map((action) => ({
    asked: action,
    ...standingOf(
      { verdict, asked: action, demanding: binding.filter((policy) => actionOf(policy) === action) },
      known,
      input,
    ),
  }))
  const last = standings.findIndex(({ isAnswered }) => !isAnswered)
  const shown = last === -1 ? standings.slice(0, 1) : standings.slice(0, last + 1)
  const about = {
    ...{ model: verdict.model, environment: verdict.environment, version: verdict.version, blocks: verdict.blocks },
    owners: input.cards.get(verdict.model)?.card.owners ?? [],
    policies: binding.map((policy) => policy.id),
    failing: failures.length,
  }
  return shown.map((standing, i) => ({
    ...about,
    ...toldOf(standing, verdict, known, input),
    standings: i === 0 ? standings : [],
  }))
}

type Told = Omit<
  Demand,
  'model' | 'environment' | 'version' | 'blocks' | 'owners' | 'policies' | 'failing' | 'standings'
>

function toldOf(
  standing: Demand['standings'][number],
  verdict: Verdict,
  known: KnownRemedies,
  { now, rulebook }: DemandInput,
): Told {
  const { asked, effective, instead, isAnswered, since, due, escalation } = standing
  const { timeZone } = rulebook.governance.institution
  const proposal = known.proposal(verdict, effective)
  const planned = known.planned(verdict, effective)
  return {
    action: asked,
    effective,
    instead,
    isAnswered,
    since,
    dueDay: due === null || isAnswered ? null : dueDay(due, timeZone),
    isOverdue: due !== null && !isAnswered && due <= now,
    escalation: escalation && {
      action: escalation.action,
      day: dueDay(escalation.at, timeZone),
      isDue: escalation.at <= now,
    },
    proposal,
    planned,
    decision: known.decision(verdict, effective, proposal?.key ?? planned?.key ?? null),
  }
}

function recordsOf({ model, environment, version, standings }: Demand): RecordedDemand[] {
  return standings.map(({ asked, since, isAnswered, renewed, steps }) => ({
    model,
    environment,
    ...(version !== null && { version }),
    action: asked,
    since: formatInstant(since),
    ...(isAnswered && { answered: true }),
    ...(renewed !== null && { renewed: formatInstant(renewed) }),
    ...(steps.length > 0 && { steps }),
  }))
}

/** A mandatory failure without a remedy demands a hold (EVALUATION.md). */
function demandedAction({ remediate }: Policy, isMandatory: boolean): Demanded | null {
  if (remediate.action !== 'none') return remediate.action
  return isMandatory ? 'hold' : null
}
