// Which findings a report of people's length lists: the worst of each deployment, within a number for the whole;
// every finding that is left out is counted.
import { findingsByDeployment, isNoPass } from '../domain/by-deployment.ts'
import type { Finding, Outcome } from '../domain/finding.ts'
import { isWaived, OUTCOMES } from '../domain/finding-figures.ts'
import type { Enforcement, PolicySeverity } from '../domain/policy.ts'

/** What is listed of one deployment, and what is only counted. */
export interface ListedDeployment {
  /** `deploymentKey` */
  readonly key: string
  /** In the plan's order. */
  readonly listed: readonly Finding[]
  /** Left out, by outcome. */
  readonly cut: Readonly<Partial<Record<Outcome, number>>>
}

/** How many findings are listed: of one deployment, and in all. */
export interface ListingLimits {
  readonly perDeployment: number
  readonly whole: number
}

/** Arbitrary: about half a megabyte of Markdown, which forges still render. */
export const LIMITS: ListingLimits = { perDeployment: 40, whole: 1000 }

/**
 * Deployments in the plan's order; those with the worst findings get places first. Passes are never listed.
 * `listed` and `cut` together are all findings that are no pass.
 */
export function selectFindings(findings: readonly Finding[], limits: ListingLimits = LIMITS): ListedDeployment[] {
  const groups = [...findingsByDeployment(findings, isNoPass)].map(([key, all]) => ({
    key,
    all,
    worst: worstFirst(all),
  }))
  const places = new Map<string, number>()
  let left = limits.whole
  for (const { key, worst } of [...groups].sort((a, b) => rankOf(a.worst[0]) - rankOf(b.worst[0]))) {
    const count = Math.min(left, limits.perDeployment, worst.length)
    places.set(key, count)
    left -= count
  }
  return groups.map(({ key, all, worst }) => {
    const chosen = new Set(worst.slice(0, places.get(key) ?? 0))
    return {
      key,
      listed: all.filter((finding) => chosen.has(finding)),
      cut: countByOutcome(all.filter((f) => !chosen.has(f))),
    }
  })
}

/** Over all outcomes. */
export function cutCount(cut: ListedDeployment['cut']): number {
  return OUTCOMES.reduce((sum, outcome) => sum + (cut[outcome] ?? 0), 0)
}

/** A stable order: of equally bad findings the plan's order stays. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => rankOf(a) - rankOf(b))
}

const ENFORCEMENTS: readonly Enforcement[] = ['mandatory', 'approval', 'advisory']
const SEVERITIES: readonly PolicySeverity[] = ['critical', 'high', 'medium', 'low', 'info']

/** Lower is worse: outcome (a waived failure stands with the warnings), enforcement, severity. */
function rankOf(finding: Finding | undefined): number {
  if (finding === undefined) return Number.POSITIVE_INFINITY
  const outcome = OUTCOMES.indexOf(isWaived(finding) ? 'warn' : finding.outcome)
  return outcome * 100 + ENFORCEMENTS.indexOf(finding.enforcement) * 10 + SEVERITIES.indexOf(finding.severity)
}

function countByOutcome(findings: readonly Finding[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {}
  for (const { outcome } of findings) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}
