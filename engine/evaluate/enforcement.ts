// How hard a policy binds where. What the enforcement files leave out is told when they are loaded.
import { NO_ENVIRONMENT } from '../domain/by-deployment.ts'
import type { Rulebook } from '../domain/governance.ts'
import type { Enforcement } from '../domain/policy.ts'

export { NO_ENVIRONMENT }

/** A policy that is not listed, an environment without a file, and a model without a deployment: advisory. */
export function enforcementOf(rulebook: Rulebook, environment: string, policy: string): Enforcement {
  if (environment === NO_ENVIRONMENT) return 'advisory'
  return rulebook.enforcement.get(environment)?.get(policy) ?? 'advisory'
}
