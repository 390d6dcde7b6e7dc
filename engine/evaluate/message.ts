// The message of a finding: the policy's own words where they fit what happened, else a default sentence.
// Independent of `now`, because findings are kept between runs.
import { formatDuration, formatMoment, formatNumber } from '../domain/figures.ts'
import type { Language } from '../domain/governance.ts'
import type { Instant } from '../domain/instant.ts'
import type { Why } from './assessment.ts'
import {
  amountText,
  cardSentence,
  changeText,
  failsAfterText,
  judgedText,
  limitText,
  metricTitle,
  named,
  namedValues,
  numberText,
  requirementText,
  type Told,
  valueText,
  whatText,
} from './rule-text.ts'
import { SENTENCES, type Sentences } from './sentences.ts'
import { fillTemplate, type Placeholder, type Template } from './template.ts'

/** `template`: the policy's message in the chosen language, or null. */
export function messageOf(told: Told, template: Template | null): string {
  const { language } = told.deployed.compiled
  const words = SENTENCES[language]
  const own = template === null || !isBeyond(told.assessment.why) ? null : fillOwn(template, told, words)
  const body = own ?? defaultSentence(told, words)
  const note = noteOf(told, words)
  return note === null ? body : `${body} (${note})`
}

/** A template speaks of a value beyond its limit, so it is used where that is what happened. */
function isBeyond({ kind }: Why): boolean {
  return kind === 'breaks' || kind === 'offends' || kind === 'uncertain' || kind === 'early'
}

function fillOwn(template: Template, told: Told, words: Sentences): string | null {
  return fillTemplate(template, (name) => placeholderText(name, told, words))
}

function placeholderText(name: Placeholder, told: Told, words: Sentences): string | null {
  const { assessment, deployed, policy, rule } = told
  const number = (value: number | undefined) => (value === undefined ? null : numberText(value, told))
  switch (name) {
    case 'value':
      return valueText(told)
    case 'limit':
      return limitText(told)
    case 'subject':
      return assessment.named.text === null ? words.theModel : named(assessment.named.text)
    case 'model':
      return named(deployed.loaded.card.id)
    case 'metric':
      return metricTitle(told)
    case 'margin':
      return number(assessment.margin)
    case 'n':
      return countText(assessment.reading?.measurement.n, told)
    case 'unit':
      return rule.form === 'metric' ? rule.rule.unit : null
    case 'before':
      return number(assessment.versus?.value)
    case 'change':
      return assessment.versus === undefined ? null : changeText(told, assessment.versus.change)
    case 'adjusted':
      return number(assessment.adjusted)
    case 'policy':
      return named(policy.id)
    case 'rule':
      return named(rule.rule.id)
    case 'title':
      return policy.title
    case 'version':
      return deployed.version === null ? null : named(deployed.version)
    case 'environment':
      return named(deployed.environment)
  }
}

function languageOf({ deployed }: Told): Language {
  return deployed.compiled.language
}

/** The local day and minute. */
function momentText(at: Instant, told: Told): string {
  const { timeZone } = told.deployed.compiled.rulebook.governance.institution
  return formatMoment(at, timeZone, languageOf(told))
}

function countText(n: number | undefined, { deployed }: Told): string | null {
  return n === undefined ? null : formatNumber(n, { language: deployed.compiled.language })
}

function defaultSentence(told: Told, words: Sentences): string {
  const { why } = told.assessment
  const what = whatText(told)
  switch (why.kind) {
    case 'missing':
      return words.missing(what, why.what, why.reason)
    case 'stale':
      return words.stale(what, momentText(why.since, told), formatDuration(why.staleAfter, languageOf(told)))
    case 'sample':
      return words.sample(what, countText(why.n, told) ?? '', countText(why.minSample, told) ?? '')
    case 'definition':
      return words.definition(what, why.definitions.map((d) => `\`${d}\``).join(words.and))
    case 'no-percentage':
      return words.noPercentage(what, numberText(why.before, told))
    case 'unusable':
      return words.unusable(what, namedValues(why.values, told), why.wanted)
    default:
      return judgedSentence(told, words, what)
  }
}

function judgedSentence(told: Told, words: Sentences, what: string): string {
  const { rule, policy, assessment } = told
  const { kind } = assessment.why
  if (rule.form === 'logic') return kind === 'offends' ? words.logicFails(policy.title) : words.logicHolds(policy.title)
  if (rule.form === 'card') {
    return kind === 'offends' ? cardSentence(rule.rule.test, rule.rule.path, told, words) : words.cardHolds(what)
  }
  if (assessment.value === undefined) return what
  const value = judgedText(told, words)
  const limit = requirementText(rule.rule, told, words)
  const good = kind === 'holds' || kind === 'near' || kind === 'shrunk'
  return good ? words.holds(what, value, limit) : words.breaks(what, value, limit)
}

function noteOf(told: Told, words: Sentences): string | null {
  const { why } = told.assessment
  switch (why.kind) {
    case 'near':
      return words.near(amountText(told, why.warnAt))
    case 'uncertain':
      return words.uncertain(numberText(why.interval[0], told), numberText(why.interval[1], told))
    case 'early':
      return words.early(why.failed, failsAfterText(why.failsAfter, words))
    case 'shrunk':
      return words.shrunk(why.groups.map(named).join(', '), why.groups.length)
    default:
      return null
  }
}
