// An explained finding, or a model's verdicts and findings, as a person reads them in the terminal.
import { alignRows } from '../base/text-columns.ts'
import type { Decision } from '../domain/decision.ts'
import { formatNumber, formatWindow } from '../domain/figures.ts'
import type { Finding, Judgement } from '../domain/finding.ts'
import { isWaived, policiesById, ruleOf, subjectOf } from '../domain/finding-figures.ts'
import type { Rulebook } from '../domain/governance.ts'
import type { LoadedCard } from '../domain/model-card.ts'
import type { Control, Framework } from '../domain/policy.ts'
import { vocabularyOf } from '../domain/vocabulary.ts'
import type { Trace } from '../evaluate/trace.ts'
import { worstFirst } from '../report/select-findings.ts'
import { stepLines } from './explain-steps.ts'
import { type HistoryPoint, sparkline } from './measured-history.ts'
import { findingMark, findingRow, waivedText } from './plan-text-findings.ts'
import { decisionShown, outcomeMark, painted, shown, type Terminal } from './terminal-text.ts'

/** All that is shown of one finding. */
export interface Explanation {
  readonly trace: Trace
  readonly history: readonly HistoryPoint[]
  readonly controls: readonly {
    readonly id: string
    readonly framework: Framework | null
    readonly control: Control | null
  }[]
  readonly card: LoadedCard | null
  /** What people decided of the deployment's proposals. */
  readonly decisions: readonly Decision[]
  /** Some proposal of the deployment waits for a word. */
  readonly isProposed: boolean
}

/** How it came about, its history, controls, waivers, places, and what to do next. */
export function explanationText(
  { trace, history, controls, card, decisions, isProposed }: Explanation,
  rulebook: Rulebook,
  on: Terminal,
): string {
  const { finding } = trace
  const { words } = on
  const rule = ruleOf(finding, policiesById(rulebook))
  const place = `${shown(finding.file, 120)}:${finding.line}:${finding.column}`
  return [
    headLines(finding, rulebook, on),
    section(
      words.trace.title,
      stepLines(trace, rule, on, rulebook.governance.institution.timeZone).map((text, i) => `${i + 1}. ${text}`),
      on,
    ),
    historyLines(history, finding.unit, on),
    section(words.controlsTitle, controlLines(controls, on), on),
    section(words.waiversTitle, [waivedText(finding, rulebook, on) ?? words.noWaiver], on),
    section(words.whereTitle, [place, ...(card === null ? [] : [shown(card.file, 120)])], on),
    section(words.whatNext, advice(finding, decidedLines(decisions, rulebook, on), isProposed, on), on),
  ]
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

/** Verdicts, then all findings that were kept, worst first, with their ids. */
export function modelText(
  judgements: readonly Judgement[],
  decisions: readonly Decision[],
  rulebook: Rulebook,
  on: Terminal,
): string {
  const policies = policiesById(rulebook)
  const vocabulary = vocabularyOf(on.language)
  const verdicts = judgements.flatMap(({ verdict }) => {
    const notes = [
      verdict.cause === undefined ? null : vocabulary.cause[verdict.cause],
      verdict.blocks ? on.words.blocks : null,
      verdict.demand === 'none' ? null : on.words.demands(vocabulary.action[verdict.demand]),
    ].filter((note) => note !== null)
    const name = [verdict.model, verdict.environment, verdict.version ?? '—'].map((text) => shown(text, 40)).join('  ')
    const line = `${outcomeMark(verdict.outcome, on)} ${vocabulary.outcome[verdict.outcome]}  ${name}  ${notes.join(', ')}`
    const { model, environment, demand } = verdict
    const own = decisions.filter((one) => one.model === model && one.environment === environment && demand !== 'none')
    return [line.trimEnd(), ...decidedLines(own, rulebook, on).map((text) => `    ${text}`)]
  })
  const findings = worstFirst(judgements.flatMap((judgement) => judgement.findings))
  const rows = alignRows(findings.map((finding) => findingRow(finding, policies, on)))
  const lines = findings.map((finding, i) => `${findingMark(finding, on)} ${rows[i] ?? ''}`)
  const title = listTitle(judgements, findings.length, on)
  return [...verdicts, '', painted(title, 'bold', on), ...lines].join('\n')
}

function listTitle(judgements: readonly Judgement[], count: number, on: Terminal): string {
  if (count > 0) return on.words.findings(formatNumber(count, { language: on.language }))
  const outcomes = judgements.map(({ verdict }) => verdict.outcome)
  if (outcomes.every((outcome) => outcome === 'pass')) return on.words.allPass
  return outcomes.includes('error') ? on.words.notJudged : on.words.noChecks
}

function headLines(finding: Finding, rulebook: Rulebook, on: Terminal): string[] {
  const vocabulary = vocabularyOf(on.language)
  const policy = rulebook.policies.find(({ id }) => id === finding.policy)
  const subject = subjectOf(finding.subject) ?? vocabulary.model
  const what = [
    `${finding.policy}/${finding.rule}`,
    subject,
    finding.model,
    finding.environment,
    finding.version ?? '—',
  ]
  const outcome = vocabulary.outcome[finding.outcome]
  const how = [vocabulary.enforcement[finding.enforcement], `${vocabulary.severity[finding.severity]}`, finding.id]
  return [
    `${findingMark(finding, on)} ${isWaived(finding) ? vocabulary.waivedOutcome(outcome) : outcome}  ${what.map((text) => shown(text)).join('  ')}`,
    painted(`  ${how.join('  ')}${policy === undefined ? '' : `  ${shown(policy.title, 120)}`}`, 'dim', on),
    `  ${shown(finding.message, 300)}`,
  ]
}

function historyLines(history: readonly HistoryPoint[], unit: string | undefined, on: Terminal): string[] {
  const { words, language } = on
  if (history.length === 0) return section(words.historyTitle, [words.noHistory], on)
  const rows = history.map(({ window, value, n }) => [
    formatWindow(window, language),
    value === null ? '—' : formatNumber(value, { language, ...(unit !== undefined && { unit }) }),
    n === undefined ? '' : `n ${formatNumber(n, { language })}`,
  ])
  return section(`${words.historyTitle}  ${sparkline(history)}`, alignRows(rows, ['left', 'right', 'right']), on)
}

function controlLines(controls: Explanation['controls'], on: Terminal): string[] {
  if (controls.length === 0) return [on.words.noControls]
  const vocabulary = vocabularyOf(on.language)
  return controls.map(({ id, framework, control }) => {
    if (framework === null || control === null) return shown(id)
    const cites = control.cites === undefined ? '' : `, ${control.cites}`
    return `${shown(id)}  ${shown(`${framework.title[on.language]}${cites}: ${control.demand[on.language]}`, 240)} (${vocabulary.controlStatus[control.status]})`
  })
}

function advice(finding: Finding, decided: readonly string[], isProposed: boolean, { words }: Terminal): string[] {
  if (finding.outcome === 'pass') return [words.adviceNothing]
  if (finding.outcome === 'warn' || isWaived(finding)) return [words.adviceWatch]
  if (finding.cause === 'invalid' || finding.cause === 'definition' || finding.cause === 'not-evaluable')
    return [words.adviceFix]
  if (finding.outcome !== 'fail') return [words.adviceSupply]
  return [
    ...(finding.value === undefined ? [words.adviceFix] : []),
    ...decided,
    ...(decided.length === 0 || isProposed ? [words.adviceRetrain] : []),
    words.adviceWaiver,
  ]
}

/** `retrain: merged on 2026-11-22 by team:credit-models; waiting for the candidate` */
function decidedLines(decisions: readonly Decision[], { governance }: Rulebook, on: Terminal): string[] {
  const { timeZone } = governance.institution
  return decisions.map(
    (decision) =>
      `${vocabularyOf(on.language).action[decision.action]}: ${decisionShown(decision, { timeZone, isRequestedNow: false }, on)}`,
  )
}

function section(title: string, lines: readonly string[], on: Terminal): string[] {
  return [painted(title, 'bold', on), ...lines.map((line) => `  ${line}`)]
}
