// Checks without a result that differ in their rule and subject alone: one row says of all of them what each would, so that
// they do not bury the failures beside them.
import type { Finding } from '../domain/finding.ts'

/** Findings of one deployment, policy, outcome and cause, in the order given. */
export interface FindingGroup {
  readonly first: Finding
  readonly findings: readonly Finding[]
}

/** What stands in rows of its own, by policy with the failing ones first, and what is told together. */
export interface GroupedFindings {
  readonly byPolicy: readonly (readonly [policy: string, findings: readonly Finding[]])[]
  readonly groups: readonly FindingGroup[]
}

/** Arbitrary: fewer are as easily read one by one. */
const FEWEST = 3

/** Of one deployment; each finding stands in exactly one place. */
export function groupFindings(findings: readonly Finding[]): GroupedFindings {
  const alike = Map.groupBy(findings, groupKey)
  const groups = [...alike].flatMap(([key, own]): FindingGroup[] => {
    const [first] = own
    return key === null || first === undefined || own.length < FEWEST ? [] : [{ first, findings: own }]
  })
  const grouped = new Set(groups.flatMap((group) => group.findings))
  const byPolicy = Map.groupBy(
    findings.filter((finding) => !grouped.has(finding)),
    ({ policy }) => policy,
  )
  const fails = (own: readonly Finding[]) => own.some(({ outcome }) => outcome === 'fail')
  return { byPolicy: [...byPolicy].sort(([, a], [, b]) => Number(fails(b)) - Number(fails(a))), groups }
}

/** Null: it says something of its own. */
function groupKey({ policy, outcome, cause, value }: Finding): string | null {
  if (value !== undefined || (outcome !== 'error' && outcome !== 'skip')) return null
  return `${policy}\0${outcome}\0${cause ?? ''}`
}
