// Which definitions the repository's rules name, so that they are measured, and what a second definition does to rules that
// name none: such a rule ends in an error (EVALUATION.md), which is told when the second one comes.
import { compareText } from '../base/order.ts'
import type { Policy } from '../domain/policy.ts'
import type { Measurement } from '../domain/snapshot.ts'

/** Of the rules of all policies. */
export function namedDefinitions(policies: readonly Policy[]): ReadonlySet<string> {
  const rules = policies.flatMap((policy) => policy.rules)
  return new Set(rules.flatMap((rule) => (rule.form === 'metric' && rule.definition ? [rule.definition] : [])))
}

/** A note for each metric that now has several definitions while a rule names none. */
export function ambiguityNotes(measurements: readonly Measurement[], policies: readonly Policy[]): readonly string[] {
  const byMetric = Map.groupBy(measurements, ({ metric }) => metric)
  return [...byMetric].flatMap(([metric, all]) => {
    const definitions = new Set(all.map(({ definition }) => definition ?? metric))
    const unclear = definitions.size < 2 ? [] : rulesWithout(metric, policies)
    if (unclear.length === 0) return []
    const rules = unclear.map((id) => `\`${id}\``).join(', ')
    const named = [...definitions].sort(compareText).map((one) => `\`${one}\``)
    return [
      `\`${metric}\` is measured by ${definitions.size} definitions (${named.join(', ')}): ${rules} must name one with \`definition\`, or end in an error`,
    ]
  })
}

function rulesWithout(metric: string, policies: readonly Policy[]): readonly string[] {
  return policies.flatMap(({ id, rules }) =>
    rules
      .filter((rule) => rule.form === 'metric' && rule.metric === metric && rule.definition === undefined)
      .map((rule) => `${id}/${rule.id}`),
  )
}
