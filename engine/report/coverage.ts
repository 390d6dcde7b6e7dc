// How much was really checked: every figure with its denominator, and what is unknown by cause.

import { deploymentKey } from '../domain/by-deployment.ts'
import type { Cause, Outcome, Verdict } from '../domain/finding.ts'
import { type Conformity, conformityOf, OUTCOMES } from '../domain/finding-figures.ts'
import { deploymentsOf } from '../domain/model-card.ts'
import type { ReportInput } from './report-input.ts'

/** Findings by outcome. */
export type Counts = Readonly<Record<Outcome, number>>

/** What was and what was not judged, in numbers. */
export interface Coverage {
  readonly models: number
  readonly retired: number
  /** Cards that are not retired and have no deployment: judged by card rules alone. */
  readonly withoutDeployment: number
  readonly deployments: number
  /** Deployments to which no policy applies, and those whose files are broken. */
  readonly withoutPolicy: number
  readonly invalid: number
  /** Checks by outcome, and all of them. */
  readonly counts: Counts
  readonly checks: number
  /** Checks that gave neither a pass nor a proven failure, by outcome and cause (null: none told). */
  readonly unknown: readonly { readonly outcome: Outcome; readonly cause: Cause | null; readonly count: number }[]
  /** By deployment. */
  readonly states: ReadonlyMap<string, Conformity>
}

/** Of the whole plan, whatever a report lists. */
export function coverageOf(input: ReportInput): Coverage {
  const { verdicts } = input.plan
  const cards = [...input.cards.values()].map((loaded) => loaded.card)
  const counts = sumCounts(verdicts)
  return {
    models: cards.length,
    retired: cards.filter((card) => card.stage === 'retired').length,
    withoutDeployment: cards.filter((card) => card.stage !== 'retired' && deploymentsOf(card).length === 0).length,
    deployments: verdicts.length,
    withoutPolicy: verdicts.filter((verdict) => verdict.cause === 'no-policy').length,
    invalid: verdicts.filter((verdict) => verdict.cause === 'invalid').length,
    counts,
    checks: total(counts),
    unknown: unknownByCause(input),
    states: statesOf(input),
  }
}

/** Over all outcomes. */
export function total(counts: Counts): number {
  return OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0)
}

/** Checks that reached a result: all but errors and skips. */
export function conclusive(counts: Counts): number {
  return counts.pass + counts.warn + counts.fail
}

/** By outcome, over deployments. */
export function sumCounts(verdicts: readonly Verdict[]): Counts {
  const sum: Record<Outcome, number> = { pass: 0, warn: 0, fail: 0, error: 0, skip: 0 }
  for (const { counts } of verdicts) for (const outcome of OUTCOMES) sum[outcome] += counts[outcome]
  return sum
}

function unknownByCause(input: ReportInput): Coverage['unknown'] {
  const byCause = new Map<string, { outcome: Outcome; cause: Cause | null; count: number }>()
  for (const { outcome, cause = null } of input.plan.findings) {
    if (outcome === 'pass' || outcome === 'fail' || (outcome === 'warn' && cause === null)) continue
    const key = `${OUTCOMES.indexOf(outcome)} ${cause ?? ''}`
    const entry = byCause.get(key) ?? { outcome, cause, count: 0 }
    entry.count++
    byCause.set(key, entry)
  }
  return [...byCause].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
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
