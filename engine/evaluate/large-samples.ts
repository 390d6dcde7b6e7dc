// Rules on p-values over windows so large that every difference is significant: a warning when loaded (METRICS.md). It
// looks at the newest windows alone, and at none where no such rule applies.
import { compareText } from '../base/order.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import { deploymentsOf, type ModelCard } from '../domain/model-card.ts'
import type { MetricRule, Policy } from '../domain/policy.ts'
import { compileSelector, type Selects } from '../domain/selector.ts'
import type { SnapshotHistory } from '../domain/snapshot.ts'
import { groupByWindow, windowsMeasuring } from './metric-history.ts'

/** Rows, from METRICS.md. */
export const MOST_ROWS_OF_A_TEST = 100_000

/** The rules on p-values of one policy. */
export interface PValueRules {
  readonly selects: Selects
  readonly rules: readonly MetricRule[]
}

const CODE = 'evaluate/large-sample'

/** Empty in most repositories: then nothing else here needs to be asked. */
export function pValueRules(policies: readonly Policy[]): readonly PValueRules[] {
  return policies.flatMap((policy) => {
    const rules = policy.rules.filter((rule) => rule.form === 'metric' && rule.isPValue) as readonly MetricRule[]
    return rules.length === 0 ? [] : [{ selects: compileSelector(policy.appliesTo), rules }]
  })
}

/** One warning for each rule that reads a window of more rows, whatever the deployment. Rows that are not told are none. */
export function largeSamples(all: readonly PValueRules[], card: ModelCard, history: SnapshotHistory): Diagnostic[] {
  const applied = all.filter(({ selects }) => selects(card)).flatMap(({ rules }) => rules)
  if (applied.length === 0) return []
  const deployments = deploymentsOf(card).map(({ version, environment }) =>
    groupByWindow(history.windows(version, environment, 'monitoring')),
  )
  return applied.flatMap((rule) => {
    const newest = deployments.map((windows) => windowsMeasuring(windows, rule.metric, rule.definition).at(0))
    const rows = newest.flatMap((window) => window?.readings.map(({ measurement }) => measurement.n ?? 0) ?? [])
    const most = rows.reduce((a, b) => Math.max(a, b), 0)
    return most > MOST_ROWS_OF_A_TEST ? [largeSample(rule, card.id, most)] : []
  })
}

function largeSample(rule: MetricRule, model: string, rows: number): Diagnostic {
  return {
    ...rule.place,
    severity: 'warning',
    code: CODE,
    message: `rule \`${rule.id}\` tests \`${rule.metric}\`, and the newest window of \`${model}\` has ${rows} rows: above ${MOST_ROWS_OF_A_TEST}, differences that do not matter are significant`,
    hint: 'limit an effect size, such as `drift.psi` or `drift.wasserstein_normed`, in place of the test or beside it',
  }
}

/** Of the warnings of many models at one rule, the first by its text, which counts the others; all else as it is. */
export function foldLargeSamples(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const large = diagnostics.filter(({ code }) => code === CODE)
  if (large.length < 2) return diagnostics
  const byRule = Map.groupBy(large, ({ file, line, column }) => `${file}:${line}:${column}`)
  const folded = [...byRule.values()].flatMap((list) => {
    const [first, ...others] = [...list].sort((a, b) => compareText(a.message, b.message))
    if (first === undefined) return []
    const count = others.length === 1 ? 'one more model' : `${others.length} more models`
    return [others.length === 0 ? first : { ...first, message: `${first.message}; so it is with ${count}` }]
  })
  return [...diagnostics.filter(({ code }) => code !== CODE), ...folded]
}
