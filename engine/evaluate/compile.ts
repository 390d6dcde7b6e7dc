// A rulebook made ready to judge many models: selectors and limits as closures, everything in the order of findings.
// Pure; a compiled rulebook is kept for as long as its rulebook's digest stays the same.
import { compareText } from '../base/order.ts'
import type { Language, Rulebook } from '../domain/governance.ts'
import type { Calendar, Duration } from '../domain/instant.ts'
import { type FeatureKinds, featureKinds, type Metric } from '../domain/metric.ts'
import type { CardRule, LogicRule, MetricRule, OnMissing, Policy, Rule } from '../domain/policy.ts'
import { compileSelector, type Selects } from '../domain/selector.ts'
import { compileComparison, compileWarnAt, type Limit } from './comparison.ts'
import { type PValueRules, pValueRules } from './large-samples.ts'
import { type CompiledLogic, compileLogic } from './logic-rule.ts'
import { compileTemplate, type Template } from './template.ts'
import { indexWaivers, type WaiverIndex } from './waivers.ts'

/** A rulebook ready to judge any number of models. It is never changed. */
export interface CompiledRulebook {
  readonly rulebook: Rulebook
  readonly metrics: ReadonlyMap<string, Metric>
  readonly language: Language
  readonly calendar: Calendar
  /** By id; the rules of each by id. */
  readonly policies: readonly CompiledPolicy[]
  readonly waivers: WaiverIndex
  /** Rules on p-values, which large windows are warned of. */
  readonly tests: readonly PValueRules[]
  /** What rules read: a metric, by one definition where a rule names it. Rules hold the index. */
  readonly readings: readonly MetricWanted[]
  /** Indexes of all metrics about protected attributes or their groups. */
  readonly attributeReadings: readonly number[]
}

/** What a rule reads of a window; `definition` undefined: whichever is there, if there is one. */
export interface MetricWanted {
  readonly metric: string
  readonly definition: string | undefined
}

/** One policy with its selector and rules as closures. */
export interface CompiledPolicy {
  readonly policy: Policy
  readonly selects: Selects
  /** Its message in the chosen language, or null: default sentences. */
  readonly template: Template | null
  readonly rules: readonly CompiledRule[]
}

/** A rule of any of the three forms. */
export type CompiledRule = CompiledMetricRule | CompiledCardRule | CompiledLogicRule

/** A metric rule with its limits as closures; `reading` is its index in `CompiledRulebook.readings`. */
export interface CompiledMetricRule {
  readonly form: 'metric'
  readonly rule: MetricRule
  readonly reading: number
  /** Which of the card's features are missing data when they are not measured; `null`: the metric is of no feature. */
  readonly kinds: FeatureKinds | null
  readonly onMissing: OnMissing
  readonly staleAfter: Duration | undefined
  readonly limit: Limit
  readonly warnLimit: Limit | null
  /** p-values of several subjects: Benjamini–Hochberg before they are compared. */
  readonly adjusts: boolean
  /** A value alone decides, so a passing one needs no more than `passes`. */
  readonly simple: boolean
  /** Neither fails nor warns. */
  readonly passes: (value: number) => boolean
}

/** A card rule needs no more than itself. */
export interface CompiledCardRule {
  readonly form: 'card'
  readonly rule: CardRule
  readonly onMissing: OnMissing
}

/** A free-form rule behind the guard. */
export interface CompiledLogicRule {
  readonly form: 'logic'
  readonly rule: LogicRule
  readonly onMissing: OnMissing
  readonly staleAfter: Duration | undefined
  readonly logic: CompiledLogic
}

interface Options {
  readonly metrics: ReadonlyMap<string, Metric>
  readonly language: Language
}

/** The rulebook must be one whose rules were accepted by the loader and by `guardRules`. */
export function compileRulebook(rulebook: Rulebook, options: Options): CompiledRulebook {
  const { timeZone, holidays } = rulebook.governance.institution
  const readings = new ReadingTable()
  const policies = [...rulebook.policies]
    .sort((a, b) => compareText(a.id, b.id))
    .map((policy) => compilePolicy(policy, options, readings))
  return {
    rulebook,
    metrics: options.metrics,
    language: options.language,
    calendar: { timeZone, holidays },
    policies,
    waivers: indexWaivers(rulebook.waivers, timeZone),
    tests: pValueRules(rulebook.policies),
    attributeReadings: attributeMetrics(rulebook, options.metrics).map((metric) => readings.indexOf(metric, undefined)),
    readings: readings.list,
  }
}

class ReadingTable {
  readonly list: MetricWanted[] = []
  private readonly indexes = new Map<string, number>()

  indexOf(metric: string, definition: string | undefined): number {
    const key = JSON.stringify([metric, definition])
    const known = this.indexes.get(key)
    if (known !== undefined) return known
    this.indexes.set(key, this.list.length)
    return this.list.push({ metric, definition }) - 1
  }
}

function compilePolicy(policy: Policy, { metrics, language }: Options, readings: ReadingTable): CompiledPolicy {
  const rules = [...policy.rules].sort((a, b) => compareText(a.id, b.id))
  const message = policy.message[language]
  return {
    policy,
    selects: compileSelector(policy.appliesTo),
    template: message === undefined ? null : compileTemplate(message),
    rules: rules.map((rule) => compileRule(rule, policy, metrics, readings)),
  }
}

function compileRule(
  rule: Rule,
  policy: Policy,
  metrics: ReadonlyMap<string, Metric>,
  readings: ReadingTable,
): CompiledRule {
  const { onMissing } = policy
  const staleAfter = rule.staleAfter ?? policy.staleAfter
  if (rule.form === 'card') return { form: 'card', rule, onMissing }
  if (rule.form === 'metric') return { ...compileMetricRule(rule, metrics, readings), onMissing, staleAfter }
  const logic = compileLogic(rule, { metrics, params: policy.params }, (metric) => readings.indexOf(metric, undefined))
  return { form: 'logic', rule, onMissing, staleAfter, logic }
}

/** A rule with `versus` alone has no limit of its own. */
const NO_LIMIT: Limit = { holds: () => true, reaches: () => true, margin: () => Number.POSITIVE_INFINITY }

function compileMetricRule(
  rule: MetricRule,
  metrics: ReadonlyMap<string, Metric>,
  readings: ReadingTable,
): Omit<CompiledMetricRule, 'onMissing' | 'staleAfter'> {
  const limit = rule.comparison === null ? NO_LIMIT : compileComparison(rule.comparison)
  const warnLimit = rule.comparison === null ? null : compileWarnAt(rule.comparison, rule.warnAt)
  const metric = metrics.get(rule.metric)
  const adjusts = rule.isPValue && rule.each !== null && rule.correction !== 'none' && rule.change === null
  return {
    form: 'metric',
    rule,
    reading: readings.indexOf(rule.metric, rule.definition),
    kinds: metric === undefined ? null : featureKinds(metric, rule.definition),
    limit,
    warnLimit,
    adjusts,
    simple: rule.comparison !== null && rule.change === null && !adjusts,
    passes: warnLimit === null ? limit.holds : (value) => limit.holds(value) && warnLimit.holds(value),
  }
}

function attributeMetrics(rulebook: Rulebook, metrics: ReadonlyMap<string, Metric>): string[] {
  const listed = [...metrics.values()].filter((m) => m.subject === 'protected' || m.subject === 'group')
  const ruled = rulebook.policies
    .flatMap((policy) => policy.rules)
    .filter((rule) => rule.form === 'metric' && (rule.each === 'protected' || rule.each === 'group'))
    .map((rule) => (rule as MetricRule).metric)
  return [...new Set([...listed.map((m) => m.id), ...ruled])].sort(compareText)
}
