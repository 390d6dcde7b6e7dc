// The message of a finding: the policy's own words where they fit what happened, else a default sentence.
// Independent of `now`, because findings are kept between runs.
import { compareText } from '../base/order.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Language, Rulebook } from '../domain/governance.ts'
import { type Duration, formatInstant } from '../domain/instant.ts'
import type { CardTest, FailsAfter, MetricRule, Policy, Versus } from '../domain/policy.ts'
import type { Assessment, Why } from './assessment.ts'
import { pathText } from './card-rule.ts'
import type { CompiledRule } from './compile.ts'
import type { Deployed } from './deployed.ts'
import { numberText, percentText } from './number-text.ts'
import { SENTENCES, type Sentences } from './sentences.ts'

/** What the text of a finding is made of. */
export interface Told {
  readonly policy: Policy
  readonly rule: CompiledRule
  readonly deployed: Deployed
  readonly assessment: Assessment
}

export function messageOf(told: Told): string {
  const { language } = told.deployed.compiled
  const words = SENTENCES[language]
  const { why } = told.assessment
  const note = noteOf(why, words, language)
  const body = ownMessage(told, words) ?? defaultSentence(told, words)
  return note === null ? body : `${body} (${note})`
}

/** The template speaks of a value beyond its limit, so it is used where that is what happened. */
function ownMessage(told: Told, words: Sentences): string | null {
  const { language } = told.deployed.compiled
  const template = told.policy.message[language]
  const { kind } = told.assessment.why
  const beyond = kind === 'breaks' || kind === 'offends' || kind === 'uncertain' || kind === 'early'
  return template === undefined || !beyond ? null : fillTemplate(template, (name) => placeholder(name, told, words))
}

const PLACEHOLDER = /\{([A-Za-z]+)\}/g

/** `null` where a placeholder has no value for this finding; unknown ones are left as they are. */
function fillTemplate(template: string, valueOf: (name: Placeholder) => string | null): string | null {
  let complete = true
  const text = template.replace(PLACEHOLDER, (whole, name: string) => {
    if (!isPlaceholder(name)) return whole
    const value = valueOf(name)
    if (value === null) complete = false
    return value ?? ''
  })
  return complete ? text : null
}

const PLACEHOLDERS = [
  'value',
  'limit',
  'subject',
  'model',
  'metric',
  'margin',
  'n',
  'unit',
  'before',
  'change',
  'adjusted',
  'policy',
  'rule',
  'title',
  'version',
  'environment',
] as const
type Placeholder = (typeof PLACEHOLDERS)[number]

function isPlaceholder(name: string): name is Placeholder {
  return (PLACEHOLDERS as readonly string[]).includes(name)
}

/** Placeholders that no finding fills, one warning each, at the policy. */
export function messageDiagnostics(rulebook: Rulebook): Diagnostic[] {
  return rulebook.policies.flatMap((policy) => {
    const used = [policy.message.pt, policy.message.en].flatMap((text) => [...(text ?? '').matchAll(PLACEHOLDER)])
    const unknown = [...new Set(used.map((match) => match[1] ?? ''))].filter((name) => !isPlaceholder(name))
    return unknown.sort(compareText).map((name) => ({
      ...policy.place,
      severity: 'warning' as const,
      code: 'evaluate/unknown-placeholder' as const,
      message: `unknown placeholder \`{${name}}\` in \`message\``,
      hint: `placeholders: ${PLACEHOLDERS.map((p) => `{${p}}`).join(' ')}`,
    }))
  })
}

function placeholder(name: Placeholder, told: Told, words: Sentences): string | null {
  const { assessment, deployed, policy, rule } = told
  const { language } = deployed.compiled
  const number = (value: number | undefined) => (value === undefined ? null : numberText(value, language))
  switch (name) {
    case 'value':
      return valueText(told)
    case 'limit':
      return limitText(told)
    case 'subject':
      return assessment.named.text ?? words.theModel
    case 'model':
      return deployed.loaded.card.id
    case 'metric':
      return metricTitle(told)
    case 'margin':
      return number(assessment.margin)
    case 'n':
      return number(assessment.reading?.measurement.n)
    case 'unit':
      return rule.form === 'metric' ? rule.rule.unit : null
    case 'before':
      return number(assessment.versus?.value)
    case 'change':
      return assessment.versus === undefined ? null : changeText(told, assessment.versus.change)
    case 'adjusted':
      return number(assessment.adjusted)
    case 'policy':
      return policy.id
    case 'rule':
      return rule.rule.id
    case 'title':
      return policy.title
    case 'version':
      return deployed.version
    case 'environment':
      return deployed.environment
  }
}

function defaultSentence(told: Told, words: Sentences): string {
  const { assessment } = told
  const { why } = assessment
  const what = whatText(told, words)
  switch (why.kind) {
    case 'missing':
      return words.missing(what, why.what, why.reason)
    case 'stale':
      return words.stale(what, formatInstant(why.since), durationText(why.staleAfter))
    case 'sample':
      return words.sample(what, String(why.n), String(why.minSample))
    case 'definition':
      return words.definition(what, why.definitions.map(quote).join(words.and))
    case 'no-percentage':
      return words.noPercentage(what, numberText(why.before, told.deployed.compiled.language))
    case 'unusable':
      return words.unusable(what, why.values.map(valueWord).join(', '), why.wanted)
    default:
      return judgedSentence(told, words, what)
  }
}

function judgedSentence(told: Told, words: Sentences, what: string): string {
  const { rule, policy, assessment } = told
  const { why } = assessment
  if (rule.form === 'logic')
    return why.kind === 'offends' ? words.logicFails(policy.title) : words.logicHolds(policy.title)
  if (rule.form === 'card')
    return why.kind === 'offends'
      ? cardSentence(rule.rule.test, pathText(rule.rule.path), why.values, told, words)
      : words.cardHolds(what)
  const value = judgedValue(told, words) ?? ''
  const limit = requirementText(rule.rule, told, words)
  return why.kind === 'holds' || why.kind === 'near' || assessment.outcome === 'pass'
    ? words.holds(what, value, limit)
    : words.breaks(what, value, limit)
}

function cardSentence(test: CardTest, path: string, values: readonly unknown[], told: Told, words: Sentences): string {
  const { language } = told.deployed.compiled
  const said = values.map(valueWord).join(', ')
  switch (test.op) {
    case 'present':
      return test.wanted ? words.absent(path) : words.unwanted(path, said)
    case 'oneOf':
      return words.notOneOf(path, said, test.values.map(valueWord).join(', '))
    case 'noneOf':
      return words.barred(path, said)
    case 'withinDays':
      return words.tooLongAgo(path, said, test.limit)
    default:
      return words.beyond(path, said, words.limits[test.op](numberText(test.limit, language)))
  }
}

/** `drift.psi (income)` in the chosen language; the names of what a free-form rule lacks; the path of a card rule. */
function whatText(told: Told, words: Sentences): string {
  const { rule, assessment, policy } = told
  if (rule.form !== 'metric') return assessment.names?.join(words.and) ?? policy.title
  const title = metricTitle(told) ?? rule.rule.metric
  return assessment.named.text === null ? title : `${title} (${assessment.named.text})`
}

function metricTitle({ rule, deployed }: Told): string | null {
  if (rule.form !== 'metric') return null
  const { metrics, language } = deployed.compiled
  return metrics.get(rule.rule.metric)?.title[language] ?? rule.rule.metric
}

function valueText(told: Told): string | null {
  const { assessment, rule, deployed } = told
  const { language } = deployed.compiled
  if (assessment.why.kind === 'offends') {
    const { values } = assessment.why
    return values.length === 0
      ? null
      : values.map((v) => (typeof v === 'number' ? numberText(v, language) : valueWord(v))).join(', ')
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

function judgedValue(told: Told, words: Sentences): string | null {
  const { assessment, deployed } = told
  const { language } = deployed.compiled
  const value = valueText(told)
  if (value === null || assessment.value === undefined) return value
  if (assessment.adjusted !== undefined) return words.adjusted(numberText(assessment.value, language), value)
  const { versus } = assessment
  if (versus === undefined) return value
  return words.moved(value, numberText(versus.value, language), changeText(told, versus.change))
}

function limitText(told: Told): string | null {
  const { rule, deployed } = told
  const { language } = deployed.compiled
  if (rule.form === 'logic') return null
  if (rule.form === 'card') {
    const { test } = rule.rule
    if (test.op === 'present') return null
    return 'limit' in test ? numberText(test.limit, language) : test.values.map(valueWord).join(', ')
  }
  const { comparison, change } = rule.rule
  if (change !== null)
    return change.relative ? percentText(change.amount, language) : numberText(change.amount, language)
  if (comparison === null) return null
  if (comparison.op !== 'between') return numberText(comparison.limit, language)
  return comparison.limit.map((end) => numberText(end, language)).join('–')
}

function requirementText(rule: MetricRule, told: Told, words: Sentences): string {
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

function changeText({ rule, deployed }: Told, change: number): string {
  const { language } = deployed.compiled
  const relative = rule.form === 'metric' && rule.rule.change?.relative === true
  const text = relative ? percentText(change, language) : numberText(change, language)
  return change > 0 ? `+${text}` : text
}

function noteOf(why: Why, words: Sentences, language: Language): string | null {
  switch (why.kind) {
    case 'near':
      return words.near(numberText(why.warnAt, language))
    case 'uncertain':
      return words.uncertain(numberText(why.interval[0], language), numberText(why.interval[1], language))
    case 'early':
      return words.early(why.failed, failsAfterText(why.failsAfter, words))
    case 'shrunk':
      return words.shrunk(why.groups.join(', '))
    default:
      return null
  }
}

function failsAfterText(failsAfter: FailsAfter, words: Sentences): string {
  if (failsAfter.kind === 'consecutive') return words.consecutive(failsAfter.count)
  if (failsAfter.kind === 'of-last') return words.ofLast(failsAfter.count, failsAfter.of)
  return words.withinDays(failsAfter.count, failsAfter.days)
}

function durationText({ amount, unit }: Duration): string {
  return `${amount}${unit}`
}

/** A card's value in a message: texts as they are, all else as JSON. */
function valueWord(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
}

function quote(text: string): string {
  return `\`${text}\``
}
