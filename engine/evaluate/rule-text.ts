// The parts of a message that a rule and its values give: value, limit, what is required, what it is about.
import { formatBeside, formatDay, formatNumber, formatPercent } from '../domain/figures.ts'
import { isRealDay } from '../domain/instant.ts'
import type { CardTest, FailsAfter, MetricRule, Policy, Versus } from '../domain/policy.ts'
import type { Assessment } from './assessment.ts'
import { pathText } from './card-rule.ts'
import type { CompiledRule } from './compile.ts'
import type { Deployed } from './deployed.ts'
import type { Sentences } from './sentences.ts'

/** What the text of a finding is made of. */
export interface Told {
  readonly policy: Policy
  readonly rule: CompiledRule
  readonly deployed: Deployed
  readonly assessment: Assessment
}

/** The metric's title and subject; what a free-form rule lacks, else the policy's title; the path of a card rule. */
export function whatText(told: Told): string {
  const { rule, assessment, policy } = told
  if (rule.form !== 'metric') return assessment.names?.map(named).join(', ') ?? policy.title
  const title = metricTitle(told) ?? rule.rule.metric
  return assessment.named.text === null ? title : `${title} (${named(assessment.named.text)})`
}

/** The users' own names stand in backticks, whatever is in them. */
export function named(name: string): string {
  return `\`${name.replaceAll('`', "'")}\``
}

/** The metric in the language of the messages; null for rules of other forms. */
export function metricTitle({ rule, deployed }: Told): string | null {
  if (rule.form !== 'metric') return null
  const { metrics, language } = deployed.compiled
  return metrics.get(rule.rule.metric)?.title[language] ?? rule.rule.metric
}

/** The value compared, or all card values that offend; `null` where there is none. */
export function valueText(told: Told): string | null {
  const { assessment, rule, deployed } = told
  const { language } = deployed.compiled
  if (assessment.why.kind === 'offends') {
    const { values } = assessment.why
    return values.length === 0 ? null : valueWords(values, told)
  }
  if (assessment.value === undefined) return null
  const compared = assessment.adjusted ?? assessment.value
  if (rule.form !== 'metric') return formatNumber(compared, { language })
  return formatBeside(compared, limitsOf(rule.rule), { language, unit: rule.rule.unit })
}

function limitsOf({ comparison }: MetricRule): readonly number[] {
  if (comparison === null) return []
  return comparison.op === 'between' ? comparison.limit : [comparison.limit]
}

/** A number in the unit of the rule's metric, or in none. */
export function numberText(value: number, { rule, deployed }: Told): string {
  const { language } = deployed.compiled
  return formatNumber(value, rule.form === 'metric' ? { language, unit: rule.rule.unit } : { language })
}

/** The value with what it was compared by: its adjusted form, or the value before. */
export function judgedText(told: Told, words: Sentences): string {
  const { assessment } = told
  const value = valueText(told) ?? ''
  if (assessment.value === undefined) return value
  if (assessment.adjusted !== undefined) return words.adjusted(numberText(assessment.value, told), value)
  const { versus } = assessment
  if (versus === undefined) return value
  return words.moved(value, numberText(versus.value, told), changeText(told, versus.change))
}

/** The rule's limit alone; `null` for rules without one. */
export function limitText(told: Told): string | null {
  const { rule } = told
  if (rule.form === 'logic') return null
  if (rule.form === 'card') return cardLimitText(rule.rule.test, told)
  const { comparison, change } = rule.rule
  if (change !== null) return amountText(told, change.amount)
  if (comparison === null) return null
  if (comparison.op !== 'between') return numberText(comparison.limit, told)
  return comparison.limit.map((end) => numberText(end, told)).join('–')
}

function cardLimitText(test: CardTest, told: Told): string | null {
  if (test.op === 'present') return null
  return 'limit' in test ? numberText(test.limit, told) : valueWords(test.values, told)
}

/** `at least 0.80`, `between 1 and 2`, `a drop of at most 5% against the baseline`. */
export function requirementText(rule: MetricRule, told: Told, words: Sentences): string {
  if (rule.change !== null && rule.versus !== null) {
    return words.change(rule.change.direction, limitText(told) ?? '', versusText(rule.versus, words))
  }
  if (rule.comparison === null) return ''
  if (rule.comparison.op === 'between') {
    const [low, high] = rule.comparison.limit
    return words.between(numberText(low, told), numberText(high, told))
  }
  return words.limits[rule.comparison.op](numberText(rule.comparison.limit, told))
}

function versusText(versus: Versus, words: Sentences): string {
  if (versus.kind === 'rolling') return words.rolling(versus.days)
  return versus.kind === 'baseline' ? words.baseline : words.previous
}

/** With its sign; a percentage where the rule speaks of one. */
export function changeText(told: Told, change: number): string {
  const text = amountText(told, change)
  return change > 0 ? `+${text}` : text
}

/** A number as the rule's own limit is written: a percentage beside a relative change. */
export function amountText(told: Told, amount: number): string {
  const { rule, deployed } = told
  const isRelative = rule.form === 'metric' && rule.rule.change?.relative === true
  return isRelative ? formatPercent(amount, deployed.compiled.language) : numberText(amount, told)
}

/** `failsAfter` in words: how many failing windows it takes. */
export function failsAfterText(failsAfter: FailsAfter, words: Sentences): string {
  if (failsAfter.kind === 'consecutive') return words.consecutive(failsAfter.count)
  if (failsAfter.kind === 'of-last') return words.ofLast(failsAfter.count, failsAfter.of)
  return words.withinDays(failsAfter.count, failsAfter.days)
}

/** Why a card rule fails, naming every value that offends. */
export function cardSentence(test: CardTest, path: readonly string[], told: Told, words: Sentences): string {
  const { why } = told.assessment
  const said = why.kind === 'offends' ? namedValues(why.values, told) : ''
  const where = named(pathText(path))
  switch (test.op) {
    case 'present':
      return test.wanted ? words.absent(where) : words.unwanted(where, said)
    case 'oneOf':
      return words.notOneOf(where, said, namedValues(test.values, told))
    case 'noneOf':
      return words.barred(where, said)
    case 'withinDays':
      return words.tooLongAgo(where, daysText(why.kind === 'offends' ? why.values : [], told), test.limit)
    default:
      return words.beyond(where, said, words.limits[test.op](numberText(test.limit, told)))
  }
}

function daysText(values: readonly unknown[], told: Told): string {
  const { language } = told.deployed.compiled
  return values
    .map((value) =>
      typeof value === 'string' && isRealDay(value) ? formatDay(value, language) : namedValues([value], told),
    )
    .join(', ')
}

/** As `valueWords`, with texts as names. */
export function namedValues(values: readonly unknown[], told: Told): string {
  return values.map((value) => (typeof value === 'string' ? named(value) : valueWords([value], told))).join(', ')
}

/** Card values as a list: texts as they are, numbers as the language writes them, all else as JSON. */
export function valueWords(values: readonly unknown[], { deployed }: Told): string {
  const { language } = deployed.compiled
  return values
    .map((value) => {
      if (typeof value === 'number') return formatNumber(value, { language })
      return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
    })
    .join(', ')
}
