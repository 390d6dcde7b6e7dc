// What a run demands of whom, and by when: each deployment's remedy with its owners, deadline and proposal.
// The deadline counts from the day the demand was first recorded, so it does not move with each run.
import { compareBy } from '../base/order.ts'
import { deploymentKey, findingsByDeployment } from '../domain/by-deployment.ts'
import { dueDay } from '../domain/figures.ts'
import type { Finding, Verdict } from '../domain/finding.ts'
import { isWaived, policiesById } from '../domain/finding-figures.ts'
import {
  addDuration,
  type Calendar,
  type Duration,
  formatInstant,
  type Instant,
  parseInstant,
} from '../domain/instant.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { Action, Policy } from '../domain/policy.ts'
import type { RecordedDemand } from '../domain/recorded-run.ts'
import type { OpenProposal, ReportInput } from './report-input.ts'

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
  readonly proposal: OpenProposal | null
  /** The action of this run that opens, updates or holds back the proposal. */
  readonly planned: PlannedAction | null
}

/** In the order of the verdicts, those that are due first standing before. */
export function demandsOf(input: ReportInput): Demand[] {
  const policies = policiesById(input.rulebook)
  const failures = findingsByDeployment(input.plan.findings, binds)
  const known: Known = {
    proposals: byRemedy(input.proposals),
    planned: byRemedy(input.plan.actions.flatMap((a) => (a.remedy === undefined ? [] : { ...a, action: a.remedy }))),
    recorded: byRemedy(input.previous?.demands ?? []),
  }
  const demands = input.plan.verdicts.flatMap((verdict) => {
    if (verdict.demand === 'none') return []
    return [demandOf(verdict, verdict.demand, failures.get(deploymentKey(verdict)) ?? [], policies, known, input)]
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

/** What run.json keeps of the demands. */
export function recordedDemands(demands: readonly Demand[]): RecordedDemand[] {
  return demands
    .map(({ model, environment, action, since }) => ({ model, environment, action, since: formatInstant(since) }))
    .sort(
      compareBy(
        (d) => d.model,
        (d) => d.environment,
        (d) => d.action,
      ),
    )
}

/** What is already known of demands, by `remedyKey`. */
interface Known {
  readonly proposals: ReadonlyMap<string, OpenProposal>
  readonly planned: ReadonlyMap<string, PlannedAction>
  readonly recorded: ReadonlyMap<string, RecordedDemand>
}

function demandOf(
  verdict: Verdict,
  action: Exclude<Action, 'none'>,
  failing: readonly Finding[],
  policies: ReadonlyMap<string, Policy>,
  known: Known,
  input: ReportInput,
): Demand {
  const key = remedyKey({ ...verdict, action })
  const { model, environment, version } = verdict
  const calendar = input.rulebook.governance.institution
  const binding = [...new Set(failing.map((finding) => finding.policy))].sort()
  const demanding = binding
    .flatMap((id) => policies.get(id) ?? [])
    .filter((policy) => policy.remediate.action === action)
  const proposal = known.proposals.get(key) ?? null
  const since = earliestInstant(input.now, [known.recorded.get(key)?.since, proposal?.openedAt])
  const due = earliest(
    demanding.map((policy) => policy.remediate.dueIn),
    since,
    calendar,
  )
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
    policies: binding,
    failing: failing.length,
    proposal,
    planned: known.planned.get(key) ?? null,
  }
}

/** Unwaived failures under approval or mandatory policies. */
function binds(finding: Finding): boolean {
  return finding.outcome === 'fail' && !isWaived(finding) && finding.enforcement !== 'advisory'
}

function earliestInstant(now: Instant, texts: readonly (string | undefined)[]): Instant {
  return Math.min(now, ...texts.flatMap((text) => (text === undefined ? [] : (parseInstant(text) ?? []))))
}

function earliest(durations: readonly (Duration | undefined)[], from: Instant, calendar: Calendar): Instant | null {
  const instants = durations.flatMap((duration) =>
    duration === undefined ? [] : addDuration(from, duration, calendar),
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

interface Remedied {
  readonly model?: string
  readonly environment?: string
  readonly action: string
}

function byRemedy<T extends Remedied>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((one) => [remedyKey(one), one]))
}

function remedyKey(one: Remedied): string {
  return `${one.model ?? ''}\0${one.environment ?? ''}\0${one.action}`
}
