// How hard a policy binds where: the enforcement files, and what they leave out.
import { compareText } from '../base/order.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Rulebook } from '../domain/governance.ts'
import type { Enforcement } from '../domain/policy.ts'

/** Where a card without a deployment is judged: advisory, whatever files there are. */
export const NO_ENVIRONMENT = 'none'

/** A policy that is not listed, or an environment without a file, is advisory. */
export function enforcementOf(rulebook: Rulebook, environment: string, policy: string): Enforcement {
  if (environment === NO_ENVIRONMENT) return 'advisory'
  return rulebook.enforcement.get(environment)?.get(policy) ?? 'advisory'
}

/** A warning for each environment in use that has no file, and for each policy that its file does not list. */
export function enforcementDiagnostics(rulebook: Rulebook, environments: Iterable<string>): Diagnostic[] {
  const inUse = [...new Set(environments)].filter((e) => e !== NO_ENVIRONMENT).sort(compareText)
  return inUse.flatMap((environment) => {
    const file = `policies/enforcement/${environment}.yaml`
    const listed = rulebook.enforcement.get(environment)
    if (listed === undefined) return rulebook.policies.length === 0 ? [] : [noFile(environment, file)]
    return rulebook.policies
      .filter((policy) => !listed.has(policy.id))
      .map((policy) => ({
        ...policy.place,
        severity: 'warning' as const,
        code: 'evaluate/not-enforced' as const,
        message: `policy \`${policy.id}\` is not listed in \`${file}\`, so it is advisory there`,
        hint: `add \`${policy.id}: advisory\` (or approval, mandatory) to that file`,
      }))
  })
}

function noFile(environment: string, file: string): Diagnostic {
  return {
    file,
    line: 1,
    column: 1,
    severity: 'warning',
    code: 'evaluate/not-enforced',
    message: `environment \`${environment}\` has no enforcement file, so every policy is advisory there`,
    hint: `write \`${file}\``,
  }
}
