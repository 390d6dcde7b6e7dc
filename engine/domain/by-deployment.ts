// Findings and verdicts by the deployment they are about.
import type { Finding, Verdict } from './finding.ts'

/** Where a model without a deployment is judged, by card rules alone. */
export const NO_ENVIRONMENT = 'none'

/** Names one deployment in maps; ids hold no NUL. */
export function deploymentKey(d: Pick<Verdict, 'model' | 'environment' | 'version'>): string {
  return `${d.model}\0${d.environment}\0${d.version ?? ''}`
}

/** In the order given; only findings that `keep` accepts. */
export function findingsByDeployment(
  findings: readonly Finding[],
  keep: (finding: Finding) => boolean = () => true,
): ReadonlyMap<string, readonly Finding[]> {
  const byDeployment = new Map<string, Finding[]>()
  for (const finding of findings) {
    if (!keep(finding)) continue
    const key = deploymentKey(finding)
    const list = byDeployment.get(key)
    if (list === undefined) byDeployment.set(key, [finding])
    else list.push(finding)
  }
  return byDeployment
}

/** Whether a finding is listed in its verdict, in run.json and by default in a plan. */
export function isNoPass(finding: Finding): boolean {
  return finding.outcome !== 'pass'
}
