// How much was really checked: every figure with its denominator, and what is unknown by cause.

import { deploymentKey, NO_ENVIRONMENT } from '../domain/by-deployment.ts'
import type { Cause, Finding, Outcome, Verdict } from '../domain/finding.ts'
import { type Conformity, conformityOf, OUTCOMES } from '../domain/finding-figures.ts'
import { deploymentsOf } from '../domain/model-card.ts'
import type { ReportInput } from './report-input.ts'

/** Findings by outcome. */
export type Counts = Readonly<Record<Outcome, number>>

/** What was and what was not judged, in numbers. */
export interface Coverage {
  /** Those whose card cannot be read too. */
  readonly models: number
  /** Ids of models of which nothing was judged, because their files are broken. */
  readonly broken: readonly string[]
  readonly retired: number
  /** Cards that are not retired and have no deployment: judged by card rules alone. */
  readonly withoutDeployment: number
  readonly deployments: number
  /** Models without a deployment that were judged by card rules: they are none. */
  readonly undeployed: number
  /** Deployments to which no policy applies, and those whose files are broken. */
  readonly withoutPolicy: number
  readonly invalid: number
  /** Checks by outcome, and all of them. */
  readonly counts: Counts
  readonly checks: number
  /** Checks that reached a result; these and the unknown ones are all of them. */
  readonly conclusive: number
  /** Checks that gave neither a pass nor a proven failure, by outcome and cause (null: none told). */
  readonly unknown: readonly { readonly outcome: Outcome; readonly cause: Cause | null; readonly count: number }[]
  /** How many of them, by deployment. */
  readonly unknownAt: ReadonlyMap<string, number>
  /** By deployment, and for models without one. */
  readonly states: ReadonlyMap<string, Conformity>
}

/** Of the whole plan, whatever a report lists. */
export function coverageOf(input: ReportInput): Coverage {
  const { verdicts } = input.plan
  const cards = [...input.cards.values()].map((loaded) => loaded.card)
  const counts = sumCounts(verdicts)
  const checks = total(counts)
  const unknown = unknownByCause(input)
  const deployed = verdicts.filter(isDeployed)
  return {
    models: new Set([...input.cards.keys(), ...verdicts.map(({ model }) => model)]).size,
    broken: [...new Set(verdicts.filter(({ cause }) => cause === 'invalid').map(({ model }) => model))],
    retired: cards.filter((card) => card.stage === 'retired').length,
    withoutDeployment: cards.filter((card) => card.stage !== 'retired' && deploymentsOf(card).length === 0).length,
    deployments: deployed.length,
    undeployed: verdicts.filter((one) => !isDeployed(one) && one.cause !== 'invalid').length,
    withoutPolicy: deployed.filter((verdict) => verdict.cause === 'no-policy').length,
    invalid: deployed.filter((verdict) => verdict.cause === 'invalid').length,
    counts,
    checks,
    conclusive: checks - unknown.reduce((sum, { count }) => sum + count, 0),
    unknown,
    unknownAt: unknownByDeployment(input),
    states: statesOf(input),
  }
}

/** Over all outcomes. */
export function total(counts: Counts): number {
  return OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0)
}

/** Whether a verdict is about a deployment: a model without one is judged by card rules alone. */
export function isDeployed({ environment }: Pick<Verdict, 'environment'>): boolean {
  return environment !== NO_ENVIRONMENT
}

/** By outcome, over deployments. */
export function sumCounts(verdicts: readonly Verdict[]): Counts {
  const sum: Record<Outcome, number> = { pass: 0, warn: 0, fail: 0, error: 0, skip: 0 }
  for (const { counts } of verdicts) for (const outcome of OUTCOMES) sum[outcome] += counts[outcome]
  return sum
}

function unknownByCause(input: ReportInput): Coverage['unknown'] {
  const byCause = new Map<string, { outcome: Outcome; cause: Cause | null; count: number }>()
  for (const finding of input.plan.findings) {
    if (!isUnknown(finding)) continue
    const { outcome, cause = null } = finding
    const key = `${OUTCOMES.indexOf(outcome)} ${cause ?? ''}`
    const entry = byCause.get(key) ?? { outcome, cause, count: 0 }
    entry.count++
    byCause.set(key, entry)
  }
  return [...byCause].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
}

function unknownByDeployment({ plan }: ReportInput): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const finding of plan.findings)
    if (isUnknown(finding)) counts.set(deploymentKey(finding), (counts.get(deploymentKey(finding)) ?? 0) + 1)
  return counts
}

/** Neither a pass nor a proven failure. */
function isUnknown(finding: Finding): boolean {
  return conformityOf(finding) === 'insufficient'
}

const WORST: readonly Conformity[] = ['notConforming', 'insufficient', 'notApplicable', 'conforming']

/** A deployment conforms only where checks were made and every one of them conforms. */
function statesOf(input: ReportInput): ReadonlyMap<string, Conformity> {
  const worst = new Map<string, Conformity>()
  for (const finding of input.plan.findings) {
    const key = deploymentKey(finding)
    const state = conformityOf(finding)
    const before = worst.get(key)
    if (before === undefined || WORST.indexOf(state) < WORST.indexOf(before)) worst.set(key, state)
  }
  return new Map(input.plan.verdicts.map((verdict) => [deploymentKey(verdict), stateOf(verdict, worst)]))
}

function stateOf(verdict: Verdict, worst: ReadonlyMap<string, Conformity>): Conformity {
  if (verdict.outcome === 'fail') return 'notConforming'
  if (verdict.cause === 'no-policy') return 'notApplicable'
  const ofFindings = worst.get(deploymentKey(verdict))
  if (ofFindings !== undefined && ofFindings !== 'conforming' && ofFindings !== 'notApplicable') return ofFindings
  return verdict.counts.pass + verdict.counts.warn > 0 && verdict.outcome !== 'error' ? 'conforming' : 'insufficient'
}
