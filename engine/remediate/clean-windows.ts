// When a problem counts as over: each violated requirement must have been met in K = 2 windows since it last failed.
// Missing data is neither: it does not bring the end nearer, and it does not undo what was seen.
import type { Finding } from '../domain/finding.ts'
import { conformityOf, isBinding } from '../domain/finding-figures.ts'
import type { Policy } from '../domain/policy.ts'
import type { CleanWindow, Proposal, Violation } from '../domain/proposal.ts'
import { violationOf } from './demanded-remedies.ts'

/** Arbitrary, and part of the contract (REMEDIATION.md, Lifecycle). */
export const CLEAN_WINDOWS = 2

/** How the violations of an open proposal stand today. */
export type Standing =
  /** Something of it still fails. */
  | { readonly state: 'violated' }
  /** Nothing fails; `clean` is what is known now. */
  | { readonly state: 'clearing'; readonly clean: readonly CleanWindow[] }
  | { readonly state: 'resolved'; readonly clean: readonly CleanWindow[] }
  /** No longer a reason for a proposal: all of it waived, or the policies ask for it no more. */
  | { readonly state: 'waived' | 'withdrawn' }

/** How the violations that a proposal names stand in the findings of today. */
export function standingOf(
  proposal: Pick<Proposal, 'violations' | 'clean'>,
  findings: readonly Finding[],
  policies: ReadonlyMap<string, Policy>,
): Standing {
  const byName = new Map(findings.map((finding) => [nameOf(violationOf(finding)), finding]))
  const rules = new Set(findings.map(({ policy, rule }) => nameOf([policy, rule, null])))
  const own = proposal.violations
    .map((violation) => ({ violation, finding: byName.get(nameOf(violation)) ?? null }))
    .filter(({ violation, finding }) => finding !== null || isUnmeasured(violation, rules, policies))
  const open = own.filter(({ finding }) => finding?.outcome !== 'fail')
  const fails = own.filter(({ finding }) => finding?.outcome === 'fail')
  if (fails.some(({ finding }) => finding !== null && isBinding(finding))) return { state: 'violated' }
  if (open.length === 0) {
    return { state: fails.some(({ finding }) => finding?.waiver !== undefined) ? 'waived' : 'withdrawn' }
  }
  const clean = open.reduce((known, { violation, finding }) => withWindow(known, violation, finding), proposal.clean)
  const isOver = open.every(({ violation, finding }) => isClean(finding) && cleanEnough(violation, clean))
  return { state: isOver ? 'resolved' : 'clearing', clean }
}

/** A group or endpoint that the newest window lacks, while its rule is still asked: missing data, no end of the problem. */
function isUnmeasured(
  [policy, rule]: Violation,
  rules: ReadonlySet<string>,
  policies: ReadonlyMap<string, Policy>,
): boolean {
  const asked = policies.get(policy)?.rules.find((one) => one.id === rule)
  const isMeasured = asked?.form === 'metric' && (asked.each === 'group' || asked.each === 'endpoint')
  return isMeasured && rules.has(nameOf([policy, rule, null]))
}

/** Met, or met with a warning; a warning that only says "not proven yet" does not count. */
function isClean(finding: Finding | null): boolean {
  return finding !== null && conformityOf(finding) === 'conforming'
}

function withWindow(
  known: readonly CleanWindow[],
  violation: Violation,
  finding: Finding | null,
): readonly CleanWindow[] {
  if (!isClean(finding)) return known
  const end = finding?.window?.end ?? null
  const isKnown = known.some((one) => nameOf(one.violation) === nameOf(violation) && one.end === end)
  return isKnown ? known : [...known, { violation, end }]
}

/** A card has no windows: what is put right in it is right. */
function cleanEnough(violation: Violation, clean: readonly CleanWindow[]): boolean {
  const own = clean.filter((one) => nameOf(one.violation) === nameOf(violation))
  return own.length >= CLEAN_WINDOWS || own.some((one) => one.end === null)
}

function nameOf([policy, rule, subject]: Violation): string {
  return JSON.stringify([policy, rule, subject])
}
