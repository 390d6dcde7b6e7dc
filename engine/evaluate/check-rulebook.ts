// What evaluation finds wrong with policies before it judges by them. An error here stops the evaluation.
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Rulebook } from '../domain/governance.ts'
import type { Metric } from '../domain/metric.ts'
import { guardRules } from './logic-rule.ts'
import { messageDiagnostics } from './template.ts'
import { waiverDiagnostics } from './waivers.ts'

/** Free-form rules that the guard refuses, waivers that overlap, placeholders that nothing fills. Unsorted. */
export function checkRulebook(rulebook: Rulebook, metrics: ReadonlyMap<string, Metric>): Diagnostic[] {
  return [...guardRules(rulebook, metrics), ...waiverDiagnostics(rulebook.waivers), ...messageDiagnostics(rulebook)]
}
