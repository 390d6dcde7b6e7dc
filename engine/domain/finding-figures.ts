// The numbers of a finding in words: value, limit with its comparison, margin, change, interval.
// What a finding does not have is null. Texts from data are not escaped here: that is the sink's business.
import { formatBeside, formatNumber, formatPercent } from './figures.ts'
import type { Finding, Outcome, Subject } from './finding.ts'
import type { Language, Rulebook } from './governance.ts'
import type { Policy, Rule } from './policy.ts'
import { subjectText } from './snapshot.ts'
import { vocabularyOf } from './vocabulary.ts'

/** What one evidence says of one requirement; `FRAMEWORKS.md`, honest-report rules: never conformity for lack of data. */
export type Conformity = 'conforming' | 'notConforming' | 'notApplicable' | 'insufficient'

/** Worst first. */
export const OUTCOMES: readonly Outcome[] = ['fail', 'error', 'warn', 'skip', 'pass']

/** The rule that a finding is of; undefined where the policies no longer have it. */
export function ruleOf(
  finding: Pick<Finding, 'policy' | 'rule'>,
  policies: ReadonlyMap<string, Policy>,
): Rule | undefined {
  return policies.get(finding.policy)?.rules.find((rule) => rule.id === finding.rule)
}

const byId = new WeakMap<Rulebook, ReadonlyMap<string, Policy>>()

/** Made once a rulebook. */
export function policiesById(rulebook: Rulebook): ReadonlyMap<string, Policy> {
  let policies = byId.get(rulebook)
  if (policies === undefined) {
    policies = new Map(rulebook.policies.map((policy) => [policy.id, policy]))
    byId.set(rulebook, policies)
  }
  return policies
}

/** `sex=F`, `income`; null for the model itself. */
export function subjectOf(subject: Subject | null): string | null {
  return subject === null ? null : subjectText(subject)
}

/** A `fail` that a waiver excuses: it counts as `warn`. */
export function isWaived(finding: Finding): boolean {
  return finding.outcome === 'fail' && finding.waiver !== undefined
}

/** Who approved a finding's waiver; null without one, or where the repository no longer has it. */
export function waiverApprover({ waiver }: Finding, { waivers }: Pick<Rulebook, 'waivers'>): string | null {
  return waivers.find(({ id }) => id === waiver?.id)?.approvedBy ?? null
}

/** An unwaived failure under an approval or mandatory policy: what a remedy is demanded for. */
export function isBinding(finding: Finding): boolean {
  return finding.outcome === 'fail' && !isWaived(finding) && finding.enforcement !== 'advisory'
}

/**
 * A waived failure stays `notConforming`; a warning is `conforming` only where the value is inside its limit,
 * since one whose interval or run of windows merely does not prove the failure proves nothing.
 */
export function conformityOf(finding: Finding): Conformity {
  if (finding.outcome === 'fail') return 'notConforming'
  if (finding.outcome === 'pass') return 'conforming'
  if (finding.cause === 'no-policy') return 'notApplicable'
  const isInside = finding.outcome === 'warn' && finding.cause === undefined && (finding.margin ?? -1) >= 0
  return isInside ? 'conforming' : 'insufficient'
}

/**
 * The value in the words of a language, as tables show it; null where there is none. Of a rule about a change also the
 * change, in the terms of the limit, and from what: `0.6462 (-18.8% from 0.7966)`.
 */
export function valueFigure(finding: Finding, rule: Rule | undefined, language: Language): string | null {
  const { value, versus } = finding
  if (value === undefined) return null
  const now = formatBeside(value, limitsOf(finding), { language, ...unitOf(finding) })
  if (versus === undefined || rule?.form !== 'metric' || rule.change === null) return now
  const { change } = versus
  const amount = rule.change.relative ? formatPercent(change, language) : number(change, finding, language)
  const before = number(versus.value, finding, language)
  return `${now} (${vocabularyOf(language).from(change > 0 ? `+${amount}` : amount, before)})`
}

/** `≥ 0,80`, `queda de até 5 %`, `de 0,10 a 0,30`; the bare number where the rule is not known any more. */
export function limitFigure(finding: Finding, rule: Rule | undefined, language: Language): string | null {
  const words = vocabularyOf(language)
  if (rule?.form === 'metric' && rule.change !== null) {
    const amount = rule.change.relative
      ? formatPercent(rule.change.amount, language)
      : number(rule.change.amount, finding, language)
    return rule.change.direction === 'drops' ? words.dropsAtMost(amount) : words.risesAtMost(amount)
  }
  if (finding.limit === undefined) return null
  if (typeof finding.limit !== 'number')
    return words.between(number(finding.limit[0], finding, language), number(finding.limit[1], finding, language))
  if (rule?.form === 'card' && rule.test.op === 'withinDays')
    return words.withinDays(number(finding.limit, finding, language))
  return signOf(rule) + number(finding.limit, finding, language)
}

/** `+0,02`, `-0,06`: how far on the good side of the limit. */
export function marginFigure(finding: Finding, language: Language): string | null {
  if (finding.margin === undefined) return null
  const text = number(finding.margin, finding, language)
  return finding.margin > 0 ? `+${text}` : text
}

/** `era 0,81` where an earlier value is known and `valueFigure` does not have it. */
export function changeFigure(finding: Finding, rule: Rule | undefined, language: Language): string | null {
  if (finding.versus === undefined || (finding.value !== undefined && isAboutChange(rule))) return null
  return vocabularyOf(language).was(number(finding.versus.value, finding, language))
}

function isAboutChange(rule: Rule | undefined): boolean {
  return rule?.form === 'metric' && rule.change !== null
}

/** `0,70–0,78` */
export function intervalFigure(finding: Finding, language: Language): string | null {
  if (finding.interval === undefined) return null
  return `${number(finding.interval[0], finding, language)}–${number(finding.interval[1], finding, language)}`
}

const SIGNS: Readonly<Record<string, string>> = { atLeast: '≥ ', atMost: '≤ ', below: '< ', above: '> ', equals: '= ' }

function signOf(rule: Rule | undefined): string {
  if (rule?.form === 'metric') return SIGNS[rule.comparison?.op ?? ''] ?? ''
  if (rule?.form === 'card') return SIGNS[rule.test.op] ?? ''
  return ''
}

function number(value: number, finding: Finding, language: Language): string {
  return formatNumber(value, { language, ...unitOf(finding) })
}

function unitOf(finding: Finding): { readonly unit?: string } {
  return finding.unit === undefined ? {} : { unit: finding.unit }
}

function limitsOf(finding: Finding): readonly number[] {
  if (finding.limit === undefined) return []
  return typeof finding.limit === 'number' ? [finding.limit] : finding.limit
}
