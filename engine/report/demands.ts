// What a run demands of whom, and by when: each deployment's remedy with its owners, deadline and proposal.
// The deadline counts from the day the demand was first recorded, so it does not move with each run.
import { compareBy } from '../base/order.ts'
import { deploymentKey, findingsByDeployment } from '../domain/by-deployment.ts'
import type { Decision } from '../domain/decision.ts'
import { dueDay } from '../domain/figures.ts'
import type { Finding, Verdict } from '../domain/finding.ts'
import { isWaived, policiesById } from '../domain/finding-figures.ts'
import { addDuration, type Calendar, formatInstant, type Instant, parseInstant } from '../domain/instant.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Action, Policy } from '../domain/policy.ts'
import type { RecordedDemand } from '../domain/recorded-run.ts'
import { type Beginnings, type KnownRemedies, knownRemedies } from './known-remedies.ts'
import type { OpenProposal, ReportInput } from './report-input.ts'

/** What is demanded of one deployment, of whom and by when. */
export interface Demand {
  readonly model: string
  readonly environment: string
  readonly version: string | null
  readonly action: Exclude<Action, 'none'>
  readonly blocks: boolean
  /** As the card has them: `team:…`, `user:…`. */
  readonly owners: readonly string[]
  readonly since: Instant
  /** The last local day in time; null where no policy sets one. */
  readonly dueDay: string | null
  readonly isOverdue: boolean
  readonly escalation: { readonly action: Action; readonly day: string } | null
  /** Ids of the policies whose unwaived failures bind, sorted. */
  readonly policies: readonly string[]
  readonly failing: number
  /** Of the same action, else of what stands in its place (a hold, where nothing can be retrained). */
  readonly proposal: OpenProposal | null
  /** The action of this run that opens, updates or holds back the proposal. */
  readonly planned: PlannedAction | null
  /** What a person decided of that proposal, or of the one that stands in its place. */
  readonly decision: Decision | null
  /** Every action that some policy demands, weaker ones too: an escalation counts from each one's own beginning. */
  readonly recorded: readonly RecordedDemand[]
}

/** Those that are due first standing before; then by model. */
export function demandsOf(input: ReportInput): Demand[] {
  const policies = policiesById(input.rulebook)
  const failures = findingsByDeployment(input.plan.findings, binds)
  const known = knownRemedies(input)
  const demands = input.plan.verdicts.flatMap((verdict) => {
    if (verdict.demand === 'none') return []
    const failing = failures.get(deploymentKey(verdict)) ?? []
    return [demandOf({ verdict, action: verdict.demand, failing, policies, known }, input)]
  })
  return demands.sort(
    compareBy(
      (d) => d.dueDay ?? '9999',
      (d) => d.model,
      (d) => d.environment,
      (d) => d.version,
    ),
  )
}

/**
 * What run.json keeps of the demands: one a model, environment and action, with its earliest beginning. Where a deployment
 * could not be judged nobody knows whether its demands ended, so those last recorded are kept.
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
  for (const one of [...kept, ...demands.flatMap((demand) => demand.recorded)]) {
    const key = `${one.model}\0${one.environment}\0${one.action}`
    const before = byRemedy.get(key)
    if (before === undefined || one.since < before.since) byRemedy.set(key, one)
  }
  return [...byRemedy.values()].sort(
    compareBy(
      (d) => d.model,
      (d) => d.environment,
      (d) => d.action,
    ),
  )
}

interface Demanded {
  readonly verdict: Verdict
  readonly action: Exclude<Action, 'none'>
  readonly failing: readonly Finding[]
  readonly policies: ReadonlyMap<string, Policy>
  readonly known: KnownRemedies
}

function demandOf({ verdict, action, failing, policies, known }: Demanded, input: ReportInput): Demand {
  const { model, environment, version } = verdict
  const calendar = input.rulebook.governance.institution
  const binding = [...new Set(failing.map((finding) => finding.policy))].sort().flatMap((id) => policies.get(id) ?? [])
  const isMandatory = new Set(failing.filter((f) => f.enforcement === 'mandatory').map((finding) => finding.policy))
  const actionOf = (policy: Policy) => demandedAction(policy, isMandatory.has(policy.id))
  const demanding = binding.filter((policy) => actionOf(policy) === action)
  const sinceOf = (one: Action) => beginningOf(input.now, known.beginnings(verdict, one))
  const since = sinceOf(action)
  const due = earliestDue(demanding, since, calendar)
  const proposal = known.proposal(verdict, action)
  const planned = known.planned(verdict, action)
  return {
    model,
    environment,
    version,
    action,
    blocks: verdict.blocks,
    owners: input.cards.get(model)?.card.owners ?? [],
    since,
    dueDay: due === null ? null : dueDay(due, calendar.timeZone),
    isOverdue: due !== null && due <= input.now,
    escalation: escalationOf(demanding, since, calendar),
    policies: binding.map((policy) => policy.id),
    failing: failing.length,
    proposal,
    planned,
    decision: known.decision(verdict, action, proposal?.key ?? planned?.key ?? null),
    recorded: [...new Set([action, ...binding.flatMap((policy) => actionOf(policy) ?? [])])].map((one) => ({
      model,
      environment,
      action: one,
      since: formatInstant(sinceOf(one)),
    })),
  }
}

/** A mandatory failure without a remedy demands a hold (EVALUATION.md). */
function demandedAction({ remediate }: Policy, isMandatory: boolean): Exclude<Action, 'none'> | null {
  if (remediate.action !== 'none') return remediate.action
  return isMandatory ? 'hold' : null
}

/** Unwaived failures under approval or mandatory policies. */
function binds(finding: Finding): boolean {
  return finding.outcome === 'fail' && !isWaived(finding) && finding.enforcement !== 'advisory'
}

/** What is recorded stays: neither a clock that went back nor what was opened by it begins a demand anew. */
function beginningOf(now: Instant, { recorded, opened }: Beginnings): Instant {
  const instantsOf = (texts: readonly string[]) => texts.flatMap((text) => parseInstant(text) ?? [])
  const known = instantsOf(recorded)
  return known.length > 0 ? Math.min(...known) : Math.min(now, ...instantsOf(opened))
}

function earliestDue(demanding: readonly Policy[], from: Instant, calendar: Calendar): Instant | null {
  const instants = demanding.flatMap(({ remediate: { dueIn } }) =>
    dueIn === undefined ? [] : addDuration(from, dueIn, calendar),
  )
  return instants.length === 0 ? null : Math.min(...instants)
}

function escalationOf(demanding: readonly Policy[], since: Instant, calendar: Calendar): Demand['escalation'] {
  const steps = demanding.flatMap(({ remediate: { escalateTo, after } }) =>
    escalateTo === undefined || after === undefined
      ? []
      : [{ action: escalateTo, at: addDuration(since, after, calendar) }],
  )
  const first = steps.reduce<(typeof steps)[number] | null>((a, b) => (a === null || b.at < a.at ? b : a), null)
  return first === null ? null : { action: first.action, day: dueDay(first.at, calendar.timeZone) }
}
