// What a notice says: a title, a few lines for people, and the same as data for machines.
// Every text from a card or measurement is made visible and one line; escaping for a sink is the channel's.
import { visibleText } from '../base/visible-text.ts'
import type { Finding, Verdict } from '../domain/finding.ts'
import { limitFigure, ruleOf, subjectOf, valueFigure } from '../domain/finding-figures.ts'
import type { Language } from '../domain/governance.ts'
import type { Notice } from '../domain/notice.ts'
import type { Policy, PolicySeverity } from '../domain/policy.ts'
import { vocabularyOf } from '../domain/vocabulary.ts'
import { english, type NoticeWords } from './notice-words.en.ts'
import { portuguese } from './notice-words.pt.ts'

/** What a notice is about. */
export interface Told {
  readonly run: string
  readonly channel: string
  readonly model: string
  readonly environment: string
  /** The deployments of that model and environment; several where a challenger runs beside the champion. */
  readonly verdicts: readonly Verdict[]
  /** Those told to this channel, worst first; empty: what was told before is over. */
  readonly findings: readonly Finding[]
  /** Failures that a waiver excuses. */
  readonly waived: number
}

/** Arbitrary: a message is read on a telephone, and is kept in run.json, which has all findings. */
const MOST = 5

/** Title, text and data of one notice, in one language. */
export function noticeContent(
  told: Told,
  policies: ReadonlyMap<string, Policy>,
  language: Language,
): Pick<Notice, 'title' | 'text' | 'data'> {
  const words = language === 'pt' ? portuguese : english
  const model = visibleText(told.model)
  const title = words.title(model, visibleText(told.environment), summary(told, words))
  return {
    title,
    text: [
      title,
      ...standing(told, words, language),
      ...(told.waived > 0 && told.findings.length > 0 ? [words.alsoWaived(told.waived)] : []),
      ...problemLines(told, policies, words, language),
      words.readOn(model),
    ].join('\n'),
    data: dataOf(told),
  }
}

const SEVERITIES: readonly PolicySeverity[] = ['critical', 'high', 'medium', 'low', 'info']
const ENFORCEMENTS = ['mandatory', 'approval', 'advisory']

/** Failures before errors, then by enforcement, severity and id. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  const rank = (f: Finding) =>
    (f.outcome === 'fail' ? 0 : 100) + ENFORCEMENTS.indexOf(f.enforcement) * 10 + SEVERITIES.indexOf(f.severity)
  return [...findings].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1))
}

function summary({ findings, verdicts, waived }: Told, words: NoticeWords): string {
  const failed = findings.filter((finding) => finding.outcome === 'fail').length
  const parts = [
    failed > 0 ? words.failed(failed) : '',
    findings.length > failed ? words.errors(findings.length - failed) : '',
  ]
  const said = parts.filter((part) => part !== '')
  if (said.length > 0) return said.join(words.and)
  return verdicts.some((verdict) => verdict.cause === 'invalid')
    ? words.invalid
    : waived > 0
      ? words.waived(waived)
      : words.resolved
}

function standing({ verdicts }: Told, words: NoticeWords, language: Language): string[] {
  const demand = verdicts.find((verdict) => verdict.demand !== 'none')?.demand
  return [
    ...(verdicts.some((verdict) => verdict.blocks) ? [words.blocks] : []),
    ...(demand === undefined ? [] : [words.demand(vocabularyOf(language).action[demand])]),
  ]
}

function problemLines(
  { findings }: Told,
  policies: ReadonlyMap<string, Policy>,
  words: NoticeWords,
  language: Language,
): string[] {
  const lines = findings.slice(0, MOST).map((finding) => `- ${problemLine(finding, policies, words, language)}`)
  return findings.length > MOST ? [...lines, `- ${words.more(findings.length - MOST)}`] : lines
}

function problemLine(
  finding: Finding,
  policies: ReadonlyMap<string, Policy>,
  words: NoticeWords,
  language: Language,
): string {
  const vocabulary = vocabularyOf(language)
  const value = valueFigure(finding, ruleOf(finding, policies), language)
  const limit = limitFigure(finding, ruleOf(finding, policies), language)
  const details = [
    subjectOf(finding.subject) ?? words.model,
    vocabulary.outcome[finding.outcome],
    finding.cause === undefined ? null : vocabulary.cause[finding.cause],
    value === null ? null : words.value(value),
    limit === null ? null : words.limit(limit),
  ]
  return visibleText(`${finding.policy}/${finding.rule}: ${details.filter((detail) => detail !== null).join(', ')}`)
}

function dataOf(told: Told): Notice['data'] {
  const { run, channel, model, environment, verdicts, findings, waived } = told
  return {
    run,
    channel,
    model,
    environment,
    outcomes: verdicts.map(({ version, outcome, blocks, demand }) => ({ version, outcome, blocks, demand })),
    problems: findings.length,
    ...(waived > 0 && { waived }),
    findings: findings.slice(0, MOST).map((f) => ({
      id: f.id,
      policy: f.policy,
      rule: f.rule,
      subject: subjectOf(f.subject),
      outcome: f.outcome,
      severity: f.severity,
      enforcement: f.enforcement,
      ...(f.cause !== undefined && { cause: f.cause }),
      ...(f.value !== undefined && { value: f.value }),
      ...(f.limit !== undefined && { limit: f.limit }),
    })),
  }
}
