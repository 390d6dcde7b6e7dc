// The worst findings of a plan in the terminal: numbers in columns, then where the rule stands and what it says.
import { alignRows } from '../base/text-columns.ts'
import { formatDay, formatNumber } from '../domain/figures.ts'
import type { Finding } from '../domain/finding.ts'
import {
  isWaived,
  limitFigure,
  marginFigure,
  policiesById,
  ruleOf,
  subjectOf,
  valueFigure,
  waiverApprover,
} from '../domain/finding-figures.ts'
import type { Rulebook } from '../domain/governance.ts'
import type { Policy } from '../domain/policy.ts'
import { vocabularyOf } from '../domain/vocabulary.ts'
import type { ReportInput } from '../report/report-input.ts'
import { worstFirst } from '../report/select-findings.ts'
import { outcomeMark, painted, shown, type Terminal } from './terminal-text.ts'

/** Those that the plan lists, worst first, at most `most` of them. */
export function findingLines(input: ReportInput, on: Terminal, most: number): string[] {
  const { findings, verdicts } = input.plan
  if (findings.length === 0)
    return verdicts.length > 0 && verdicts.every((v) => v.outcome === 'pass') ? [on.words.allPass] : []
  const listed = worstFirst(findings).slice(0, most)
  const count = (n: number) => formatNumber(n, { language: on.language })
  const title =
    findings.length > most
      ? on.words.worst(count(most), count(findings.length))
      : on.words.findings(count(findings.length))
  const policies = policiesById(input.rulebook)
  const rows = alignRows(listed.map((finding) => findingRow(finding, policies, on)))
  const lines = listed.flatMap((finding, i) => [
    `${findingMark(finding, on)} ${rows[i] ?? ''}`,
    placeLine(finding, input.rulebook, on),
  ])
  return [painted(title, 'bold', on), ...lines]
}

/** A waived failure counts as a warning, and is marked as one. */
export function findingMark(finding: Finding, on: Terminal): string {
  return outcomeMark(isWaived(finding) ? 'warn' : finding.outcome, on)
}

/** Outcome, model, rule, subject, value or cause, limit, margin, enforcement, id: cells of one line. */
export function findingRow(finding: Finding, policies: ReadonlyMap<string, Policy>, { language }: Terminal): string[] {
  const vocabulary = vocabularyOf(language)
  const limit = limitFigure(finding, ruleOf(finding, policies), language)
  const value = valueFigure(finding, ruleOf(finding, policies), language)
  const cause = finding.cause === undefined ? '' : vocabulary.cause[finding.cause]
  const margin = marginFigure(finding, language)
  return [
    isWaived(finding)
      ? vocabulary.waivedOutcome(vocabulary.outcome[finding.outcome])
      : vocabulary.outcome[finding.outcome],
    shown(finding.model, 40),
    shown(`${finding.policy}/${finding.rule}`, 60),
    shown(subjectOf(finding.subject) ?? '', 40),
    [value ?? '', value !== null && cause !== '' ? `(${cause})` : cause].filter((part) => part !== '').join(' '),
    limit ?? '',
    margin === null ? '' : `(${margin})`,
    vocabulary.enforcement[finding.enforcement],
    finding.id,
  ]
}

function placeLine(finding: Finding, rulebook: Rulebook, on: Terminal): string {
  const place = `${shown(finding.file, 100)}:${finding.line}:${finding.column}`
  const waived = waivedText(finding, rulebook, on)
  return painted(`    ${place}  ${shown(finding.message, 160)}${waived === null ? '' : `; ${waived}`}`, 'dim', on)
}

/** `waived until 2013-08-31 by user:teresa (compas-age-2013)`; null without a waiver. */
export function waivedText(finding: Finding, rulebook: Rulebook, { language }: Terminal): string | null {
  const { waiver } = finding
  if (waiver === undefined) return null
  const vocabulary = vocabularyOf(language)
  const day = formatDay(waiver.expires, language)
  const who = waiverApprover(finding, rulebook)
  return `${who === null ? vocabulary.waived(day) : vocabulary.waivedBy(day, shown(who, 60))} (${shown(waiver.id, 60)})`
}
