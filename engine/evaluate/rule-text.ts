// The parts of a message that a rule and its values give: value, limit, what is required, what it is about.
import type { CardTest, FailsAfter, MetricRule, Policy, Versus } from '../domain/policy.ts'
import type { Assessment } from './assessment.ts'
import { pathText } from './card-rule.ts'
import type { CompiledRule } from './compile.ts'
import type { Deployed } from './deployed.ts'
import { numberText, percentText } from './number-text.ts'
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
  if (rule.form !== 'metric') return assessment.names?.join(', ') ?? policy.title
  const title = metricTitle(told) ?? rule.rule.metric
  return assessment.named.text === null ? title : `${title} (${assessment.named.text})`
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
  return numberText(compared, language, rule.form === 'metric' ? nearestLimit(rule.rule, compared) : undefined)
}

function nearestLimit(rule: MetricRule, value: number): number | undefined {
  if (rule.comparison === null) return undefined
  if (rule.comparison.op !== 'between') return rule.comparison.limit
  const [low, high] = rule.comparison.limit
  return Math.abs(value - low) < Math.abs(value - high) ? low : high
}

/** The value with what it was compared by: its adjusted form, or the value before. */
export function judgedText(told: Told, words: Sentences): string {
  const { assessment, deployed } = told
  const { language } = deployed.compiled
  const value = valueText(told) ?? ''
  if (assessment.value === undefined) return value
  if (assessment.adjusted !== undefined) return words.adjusted(numberText(assessment.value, language), value)
  const { versus } = assessment
  if (versus === undefined) return value
  return words.moved(value, numberText(versus.value, language), changeText(told, versus.change))
}

/** The rule's limit alone; `null` for rules without one. */
export function limitText(told: Told): string | null {
  const { rule, deployed } = told
  const { language } = deployed.compiled
  if (rule.form === 'logic') return null
  if (rule.form === 'card') return cardLimitText(rule.rule.test, told)
  const { comparison, change } = rule.rule
  if (change !== null) {
    return change.relative ? percentText(change.amount, language) : numberText(change.amount, language)
  }
  if (comparison === null) return null
  if (comparison.op !== 'between') return numberText(comparison.limit, language)
  return comparison.limit.map((end) => numberText(end, language)).join('–')
}

function cardLimitText(test: CardTest, told: Told): string | null {
  if (test.op === 'present') return null
  return 'limit' in test ? numberText(test.limit, told.deployed.compiled.language) : valueWords(test.values, told)
}

/** `at least 0.8`, `between 1 and 2`, `a drop of at most 5% against the baseline`. */
export function requirementText(rule: MetricRule, told: Told, words: Sentences): string {
  const { language } = told.deployed.compiled
  if (rule.change !== null && rule.versus !== null) {
    return words.change(rule.change.direction, limitText(told) ?? '', versusText(rule.versus, words))
  }
  if (rule.comparison === null) return ''
  if (rule.comparison.op === 'between') {
    const [low, high] = rule.comparison.limit
    return words.between(numberText(low, language), numberText(high, language))
  }
  return words.limits[rule.comparison.op](numberText(rule.comparison.limit, language))
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
export function amountText({ rule, deployed }: Told, amount: number): string {
  const { language } = deployed.compiled
  const relative = rule.form === 'metric' && rule.rule.change?.relative === true
  return relative ? percentText(amount, language) : numberText(amount, language)
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
  const said = why.kind === 'offends' ? valueWords(why.values, told) : ''
  const where = pathText(path)
  switch (test.op) {
    case 'present':
      return test.wanted ? words.absent(where) : words.unwanted(where, said)
    case 'oneOf':
      return words.notOneOf(where, said, valueWords(test.values, told))
    case 'noneOf':
      return words.barred(where, said)
    case 'withinDays':
      return words.tooLongAgo(where, said, test.limit)
    default:
      return words.beyond(where, said, words.limits[test.op](numberText(test.limit, told.deployed.compiled.language)))
  }
}

/** Card values as a list: texts as they are, numbers as the language writes them, all else as JSON. */
export function valueWords(values: readonly unknown[], { deployed }: Told): string {
  const { language } = deployed.compiled
  return values
    .map((value) => {
      if (typeof value === 'number') return numberText(value, language)
      return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
    })
    .join(', ')
}
