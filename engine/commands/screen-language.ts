// In which language a verb speaks that judges nothing: `--lang`, else the first language of governance.yaml, else English,
// since whoever verifies the log of others has no settings of theirs. Diagnostics and faults are English everywhere.
import { Fault } from '../base/fault.ts'
import type { Language } from '../domain/governance.ts'
import { loadGovernance } from '../load/load-governance.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { Invocation } from './command.ts'
import { governanceOverride } from './governance-override.ts'
import { openTree } from './open-repository.ts'

/** What is wrong with the repository is told by others: a language is always chosen. */
export function screenLanguage(invocation: Invocation): Language {
  const { lang } = invocation.globals
  if (lang !== null) return lang
  try {
    const { governance, value } = loadGovernance(openTree(invocation), {
      metrics: metricsById,
      ...governanceOverride(invocation),
    })
    return (value === null ? undefined : governance.institution.languages[0]) ?? 'en'
  } catch (error) {
    if (error instanceof Fault) return 'en'
    throw error
  }
}
