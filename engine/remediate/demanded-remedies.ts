// One deployment's binding failures → the remedies they demand, strongest first. Here a demand becomes something that
// can be proposed: an escalation that is due, a retrain without a recipe and a rollback without a target become others.
import { compareBy, compareText } from '../base/order.ts'
import type { BindingFailure, Finding, Judgement, Outcome } from '../domain/finding.ts'
import { isBinding, subjectOf } from '../domain/finding-figures.ts'
import type { Rulebook } from '../domain/governance.ts'
import { addDuration, type Instant } from '../domain/instant.ts'
import { type Deployment, deploymentsOf, type ModelCard } from '../domain/model-card.ts'
import type { Action, Policy } from '../domain/policy.ts'
import type { Violation } from '../domain/proposal.ts'
import { evidenceOf, proposalKey, sortedViolations } from './identity.ts'
import { rollbackTarget } from './rollback-target.ts'

/** What policies can demand, and a proposal can do. */
export type Demandable = 'rollback' | 'hold' | 'retrain'

/** Strongest first (EVALUATION.md, Demand). */
export const STRENGTH: readonly Demandable[] = ['rollback', 'hold', 'retrain']

/** Why a failure's remedy is another than its policy names. */
export type Instead =
  | { readonly asked: 'retrain'; readonly why: 'no-recipe' }
  | { readonly asked: 'rollback'; readonly why: 'no-target' }
  | { readonly asked: Demandable; readonly why: 'escalated' }

/** What a deployment's failures demand, as it can be proposed. */
export interface DemandedRemedy {
  readonly model: string
  readonly environment: string
  readonly version: string
  readonly action: Demandable
  readonly key: string
  readonly evidence: string
  readonly violations: readonly Violation[]
  /** The failures behind it, in the order of findings. */
  readonly failures: readonly BindingFailure[]
  /** The same as whole findings, read when they are asked for: few remedies are written out. */
  readonly findings: () => readonly Finding[]
  /** The version that a rollback returns to. */
  readonly target: string | null
  /** What its policies name in its place, and why it is not that: each once, strongest first. */
  readonly instead: readonly Instead[]
  /** Whether a mandatory policy is among them. */
  readonly isMandatory: boolean
}

/** What a demand depends on besides the failures. */
export interface DemandContext {
  readonly now: Instant
  readonly rulebook: Rulebook
  readonly policies: ReadonlyMap<string, Policy>
  /** Outcomes of the verdicts last recorded, by `deploymentKey`. */
  readonly outcomes: ReadonlyMap<string, Outcome>
  /** Since when an action has been demanded of a deployment; null where it is new. */
  readonly since: (model: string, environment: string, action: Demandable) => Instant | null
}

/** The deployment that a verdict is about; null for challengers, shadows and whatever the card no longer deploys. */
export function championOf(card: ModelCard, environment: string): Deployment | null {
  const isChampion = (one: Deployment) => one.environment === environment && (one.role ?? 'champion') === 'champion'
  return deploymentsOf(card).find(isChampion) ?? null
}

/** Strongest first, one an action. */
export function demandedRemedies(
  judgement: Judgement,
  card: ModelCard,
  deployment: Deployment,
  context: DemandContext,
): DemandedRemedy[] {
  const byAction = new Map<Demandable, { readonly failures: BindingFailure[]; readonly instead: Instead[] }>()
  const target = rollbackTarget(card, deployment, context.outcomes)
  for (const failure of bindingFailures(judgement)) {
    const wanted = wantedAction(failure, card, deployment, context)
    if (wanted === null) continue
    const { action, instead } = feasible(wanted, card, target)
    const group = byAction.get(action) ?? { failures: [], instead: [] }
    byAction.set(action, group)
    group.failures.push(failure)
    if (instead !== null) group.instead.push(instead)
  }
  return STRENGTH.flatMap((action) => {
    const group = byAction.get(action)
    if (group === undefined) return []
    const { failures } = group
    const findings = () => findingsOf(failures, judgement)
    const instead = eachOnce(group.instead)
    return [{ ...remedyOf(action, failures, card, deployment, target, context), instead, findings }]
  })
}

function eachOnce(list: readonly Instead[]): Instead[] {
  const known = new Map(list.map((one) => [`${STRENGTH.indexOf(one.asked)} ${one.why}`, one]))
  return [...known].sort(([a], [b]) => compareText(a, b)).map(([, one]) => one)
}

/** Findings may still be bytes, so they are asked for only where there is no list of the failures. */
function bindingFailures(judgement: Judgement): readonly BindingFailure[] {
  return judgement.binding ?? judgement.findings.filter(isBinding)
}

function findingsOf(failures: readonly BindingFailure[], { findings }: Judgement): readonly Finding[] {
  const named = new Set(failures.map((failure) => violationOf(failure).join('\0')))
  return findings.filter((finding) => isBinding(finding) && named.has(violationOf(finding).join('\0'))).sort(byRule)
}

/** A failure's [policy, rule, subject text]. */
export function violationOf(finding: BindingFailure): Violation {
  return [finding.policy, finding.rule, subjectOf(finding.subject)]
}

interface Wanted {
  readonly action: Demandable
  readonly instead: Instead | null
}

function wantedAction(
  finding: BindingFailure,
  card: ModelCard,
  deployment: Deployment,
  context: DemandContext,
): Wanted | null {
  const policy = context.policies.get(finding.policy)
  const action = policy?.remediate.action ?? 'none'
  const first = named(action, finding)
  if (first === null) return null
  const asked = { action: first, instead: null }
  if (policy === undefined || isHeld(first, card, deployment, context)) return asked
  const { escalateTo, after } = policy.remediate
  const since = context.since(finding.model, finding.environment, first)
  if (escalateTo === undefined || after === undefined || since === null) return asked
  const isDue = context.now >= addDuration(since, after, context.rulebook.governance.institution)
  const escalated = isDue ? (named(escalateTo, finding) ?? first) : first
  return escalated === first ? asked : { action: escalated, instead: { asked: first, why: 'escalated' } }
}

/** What is demanded comes to a hold, and the deployment is held: who does not use a model any more is not pressed further. */
function isHeld(first: Demandable, card: ModelCard, deployment: Deployment, { outcomes }: DemandContext): boolean {
  if (deployment.hold !== true) return false
  const wanted = { action: first, instead: null }
  return feasible(wanted, card, rollbackTarget(card, deployment, outcomes)).action === 'hold'
}

/** A mandatory failure without a remedy demands a hold. */
function named(action: Action, finding: BindingFailure): Demandable | null {
  if (action !== 'none') return action
  return finding.enforcement === 'mandatory' ? 'hold' : null
}

function feasible(wanted: Wanted, card: ModelCard, target: string | null): Wanted {
  const { action } = wanted
  if (action === 'retrain' && card.retrain === undefined)
    return { action: 'hold', instead: { asked: 'retrain', why: 'no-recipe' } }
  if (action === 'rollback' && target === null)
    return { action: 'hold', instead: { asked: 'rollback', why: 'no-target' } }
  return wanted
}

function remedyOf(
  action: Demandable,
  failures: readonly BindingFailure[],
  card: ModelCard,
  { environment, version }: Deployment,
  rollsBackTo: string | null,
  { policies }: DemandContext,
): Omit<DemandedRemedy, 'findings' | 'instead'> {
  const violations = sortedViolations(failures.map(violationOf))
  const target = action === 'rollback' ? rollsBackTo : null
  return {
    model: card.id,
    environment,
    version,
    action,
    key: proposalKey(card.id, environment, action),
    evidence: evidenceOf({ violations, policies, version, target, candidate: null }),
    violations,
    failures: [...failures].sort(byRule),
    target,
    isMandatory: failures.some((finding) => finding.enforcement === 'mandatory'),
  }
}

const byRule = compareBy<BindingFailure>(
  (f) => f.policy,
  (f) => f.rule,
  (f) => subjectOf(f.subject),
)
