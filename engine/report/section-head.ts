// The head of a report: which run this is, how anybody recomputes it, and the result in a few lines.

import { code, joined, type Markdown, md, table, trusted } from '../base/markdown-text.ts'
import { deploymentKey } from '../domain/by-deployment.ts'
import { formatMoment, formatShare } from '../domain/figures.ts'
import type { Verdict } from '../domain/finding.ts'
import type { Conformity } from '../domain/finding-figures.ts'
import { parseInstant } from '../domain/instant.ts'
import { type Coverage, isDeployed } from './coverage.ts'
import type { Demand } from './demands.ts'
import { counted, type ReportContext } from './report-context.ts'

const MOST_DIRTY = 5
const STATES: readonly Conformity[] = ['notConforming', 'insufficient', 'conforming', 'notApplicable']

/** Which run this is, of which commit, and how its digest is computed again. */
export function headSection(context: ReportContext): string[] {
  const { input, words } = context
  const { plan, previous } = input
  const rows: (readonly [string, Markdown])[] = [
    [words.head.run, code(plan.run)],
    [words.head.now, momentText(plan.now, context)],
    [words.head.commit, plan.commit === null ? trusted(words.head.noCommit) : code(plan.commit)],
    ...(plan.dirty.length > 0 ? [[words.head.dirty, dirtyText(context)] as const] : []),
    [
      words.head.previous,
      previous === null
        ? trusted(words.head.none)
        : md`${code(previous.run)} · ${momentText(previous.plan.now, context)}`,
    ],
    [words.head.digest, code(plan.digest)],
    [words.head.rulebook, code(input.rulebook.digest)],
    [words.head.recompute, trusted(words.head.recomputeHow(code(recomputeCommand(context)).markdown))],
    [words.head.full, context.fullPath],
  ]
  return [
    md`# ${trusted(words.title)}: ${input.rulebook.governance.institution.name}`.markdown,
    words.nature,
    table(
      [words.item, words.content],
      rows.map(([name, value]) => [trusted(`**${name}**`), value]),
    ),
  ]
}

/** The result in a few lines, still part of the head: the first section is what changed. */
export function summarySection(context: ReportContext, coverage: Coverage, demands: readonly Demand[]): string[] {
  const { language, words, input } = context
  const broken = coverage.broken.length
  const notJudged = broken === 0 ? [] : [`**${words.summary.broken(formatShare(broken, coverage.models, language))}**`]
  if (coverage.deployments + coverage.undeployed === 0)
    return [...notJudged, ...(broken === 0 ? [words.summary.noneJudged] : [])]
  const answered = demands.filter(({ isAnswered }) => isAnswered).length
  const { deployments, undeployed } = coverage
  const blocking = input.plan.verdicts.filter((verdict) => verdict.blocks && isDeployed(verdict)).length
  return [
    ...notJudged,
    stateTable(context, coverage),
    [
      ...(deployments === 0 ? [] : [words.summary.blocking(formatShare(blocking, deployments, language))]),
      words.summary.demanded(
        counted(demands.length - answered, context),
        answered === 0 ? '' : counted(answered, context),
      ),
      words.summary.checks(formatShare(coverage.conclusive, coverage.checks, language)),
      ...(undeployed === 0 ? [] : [words.summary.undeployed(counted(undeployed, context))]),
    ].join(' '),
  ]
}

/** Deployments by state; models that are deployed nowhere stand in a column of their own. */
function stateTable(context: ReportContext, { states, deployments, undeployed }: Coverage): string {
  const { language, words, vocabulary, input } = context
  const judged = input.plan.verdicts.filter((one) => isDeployed(one) || one.cause !== 'invalid')
  const shareOf = (state: Conformity, isOf: (verdict: Verdict) => boolean, whole: number) => {
    const own = judged.filter((one) => isOf(one) && states.get(deploymentKey(one)) === state)
    return trusted(formatShare(own.length, whole, language))
  }
  const rows = STATES.map((state) => [
    trusted(vocabulary.state[state]),
    ...(deployments === 0 ? [] : [shareOf(state, isDeployed, deployments)]),
    ...(undeployed === 0 ? [] : [shareOf(state, (one) => !isDeployed(one), undeployed)]),
  ])
  const header = [
    words.summary.state,
    ...(deployments === 0 ? [] : [words.summary.deployments]),
    ...(undeployed === 0 ? [] : [words.summary.withoutDeployment]),
  ]
  return table(header, rows)
}

/** The command whose `digest` must be equal: the same commit and the same `now`. */
export function recomputeCommand({ input: { plan } }: ReportContext): string {
  const ref = plan.commit === null ? '' : ` --ref ${plan.commit}`
  return `tutela plan${ref} --now ${plan.now} --format json`
}

function momentText(text: string, { timeZone, language }: ReportContext): Markdown {
  const at = parseInstant(text)
  return at === null
    ? code(text)
    : md`${trusted(formatMoment(at, timeZone, language))} (${code(timeZone)}) · ${code(text)}`
}

function dirtyText(context: ReportContext): Markdown {
  const { dirty } = context.input.plan
  const shown = joined(
    dirty.slice(0, MOST_DIRTY).map((path) => code(path)),
    ', ',
  )
  return dirty.length > MOST_DIRTY ? md`${shown}, … (${counted(dirty.length, context)})` : shown
}
