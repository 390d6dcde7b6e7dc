// What was checked and what is not known: every figure with its denominator; and problems in files.

import { code, joined, type Markdown, md, table, trusted } from '../base/markdown-text.ts'
import { deploymentKey } from '../domain/by-deployment.ts'
import { formatShare } from '../domain/figures.ts'
import type { Verdict } from '../domain/finding.ts'
import { OUTCOMES } from '../domain/finding-figures.ts'
import { type Coverage, total } from './coverage.ts'
import { boundedLines, counted, environmentName, leftOut, type ReportContext } from './report-context.ts'

/** Arbitrary. */
const MOST_DEPLOYMENTS = 300
const MOST_DIAGNOSTICS = 50

/** What was judged, and what is not known, with denominators. */
export function coverageSection(context: ReportContext, coverage: Coverage): string[] {
  const { words } = context
  return [
    `## 5. ${words.coverage.title}`,
    table([words.item, words.content], totals(coverage, context)),
    `### ${words.coverage.unknownTitle}`,
    ...unknownBlocks(coverage, context),
    ...deploymentBlocks(coverage, context),
    ...diagnosticBlocks(context),
  ]
}

function totals(coverage: Coverage, context: ReportContext): (Markdown | null)[][] {
  const { words, language, vocabulary } = context
  const w = words.coverage
  const outOfModels = (count: number) => formatShare(count, coverage.models, language)
  const outOfDeployments = (count: number) => formatShare(count, coverage.deployments, language)
  const rows: (readonly [string, string])[] = [
    [w.models, counted(coverage.models, context)],
    [w.retired, outOfModels(coverage.retired)],
    [w.withoutDeployment, outOfModels(coverage.withoutDeployment)],
    [w.broken, outOfModels(coverage.broken.length)],
    [w.deployments, counted(coverage.deployments, context)],
    [w.withoutPolicy, outOfDeployments(coverage.withoutPolicy)],
    [w.invalid, outOfDeployments(coverage.invalid)],
    [w.checks, counted(coverage.checks, context)],
    [w.withResult, formatShare(coverage.conclusive, coverage.checks, language)],
    [w.withoutResult, formatShare(coverage.checks - coverage.conclusive, coverage.checks, language)],
    ...OUTCOMES.map((outcome): readonly [string, string] => [
      `${vocabulary.outcomes[outcome]}`,
      formatShare(coverage.counts[outcome], coverage.checks, language),
    ]),
  ]
  return rows.map(([name, value]) => [trusted(name), trusted(value)])
}

function unknownBlocks(coverage: Coverage, context: ReportContext): string[] {
  const { words, vocabulary } = context
  const w = words.coverage
  const broken =
    coverage.broken.length === 0 ? [] : [`${w.nothingJudged}: ${modelList(coverage.broken, context).markdown}.`]
  if (coverage.unknown.length === 0)
    return broken.length > 0 ? broken : [coverage.checks === 0 ? w.noChecks : w.unknownNone]
  const rows = coverage.unknown.map(({ outcome, cause, count }) => [
    trusted(cause === null ? (outcome === 'warn' ? w.unproven : w.noCause) : vocabulary.cause[cause]),
    trusted(vocabulary.outcome[outcome]),
    trusted(formatShare(count, coverage.checks, context.language)),
  ])
  return [table([w.cause, words.findings.outcome, w.count], rows), ...broken]
}

const MOST_MODELS = 50

function modelList(models: readonly string[], context: ReportContext): Markdown {
  const shown = models.slice(0, MOST_MODELS).map((model) => code(model))
  return joined(
    models.length > MOST_MODELS ? [...shown, trusted(leftOut(models.length - MOST_MODELS, context))] : shown,
    ', ',
  )
}

function deploymentBlocks(coverage: Coverage, context: ReportContext): string[] {
  const { words, vocabulary, input } = context
  const { verdicts } = input.plan
  if (verdicts.length === 0) return []
  const w = words.coverage
  const header = [
    w.model,
    w.environment,
    w.version,
    words.summary.state,
    w.conclusive,
    ...OUTCOMES.map((o) => vocabulary.outcomes[o]),
  ]
  const rows = verdicts.slice(0, MOST_DEPLOYMENTS).map((verdict) => deploymentRow(verdict, coverage, context))
  const rest = verdicts.length > MOST_DEPLOYMENTS ? [leftOut(verdicts.length - MOST_DEPLOYMENTS, context)] : []
  return [`### ${w.byDeployment}`, table(header, rows), ...rest]
}

function deploymentRow(verdict: Verdict, coverage: Coverage, context: ReportContext): (Markdown | null)[] {
  const { vocabulary, language } = context
  const state = vocabulary.state[coverage.states.get(deploymentKey(verdict)) ?? 'insufficient']
  const cause = verdict.cause === undefined ? '' : ` (${vocabulary.cause[verdict.cause]})`
  const checks = total(verdict.counts)
  return [
    code(verdict.model),
    environmentName(verdict.environment, context),
    verdict.version === null ? null : code(verdict.version),
    trusted(state + cause),
    trusted(formatShare(checks - (coverage.unknownAt.get(deploymentKey(verdict)) ?? 0), checks, language)),
    ...OUTCOMES.map((outcome) => trusted(counted(verdict.counts[outcome], context))),
  ]
}

function diagnosticBlocks(context: ReportContext): string[] {
  const { words, input } = context
  const { diagnostics } = input.plan
  if (diagnostics.length === 0) return []
  const lines = boundedLines(diagnostics, MOST_DIAGNOSTICS, context, (d) => {
    const place = code(`${d.file}:${d.line}:${d.column}`)
    return md`${place} ${code(d.code)} (${trusted(words.coverage.severities[d.severity])}): ${d.message}`
  })
  return [`### ${words.coverage.diagnostics} (${counted(diagnostics.length, context)})`, lines.join('\n')]
}
