// How hard a policy binds where. What the enforcement files leave out is told when they are loaded.
import type { Rulebook } from '../domain/governance.ts'
import type { Enforcement } from '../domain/policy.ts'

/** Where a card without a deployment is judged: advisory, whatever files there are. */
export const NO_ENVIRONMENT = 'none'

/** A policy that is not listed, or an environment without a file, is advisory. */
export function enforcementOf(rulebook: Rulebook, environment: string, policy: string): Enforcement {
  if (environment === NO_ENVIRONMENT) return 'advisory'
  return rulebook.enforcement.get(environment)?.get(policy) ?? 'advisory'
}
