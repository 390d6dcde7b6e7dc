// The section that comes first: what changed since the last recorded run.

import { code, joined, type Markdown, md, prose, trusted } from '../base/markdown-text.ts'
import type { Decision } from '../domain/decision.ts'
import type { PassedDay } from '../domain/demand-step.ts'
import { formatDay } from '../domain/figures.ts'
import type { Finding } from '../domain/finding.ts'
import { isWaived, limitFigure, ruleOf, subjectOf, valueFigure } from '../domain/finding-figures.ts'
import { localDay, parseInstant } from '../domain/instant.ts'
import type { PlannedAction } from '../domain/plan.ts'
import { reasonText } from '../domain/vocabulary.ts'
import { newPassedDays } from './demand-steps.ts'
import type { Demand } from './demands.ts'
import { boundedLines, decisionLine, deploymentName, environmentName, type ReportContext } from './report-context.ts'
import type { FileChange } from './report-input.ts'
import { changesOf, type FindingChange, newDecisions, proposalActions, type VerdictChange } from './run-changes.ts'

/** Arbitrary: more lines than this nobody reads; all are in run.json. */
const MOST = 50

/** Blocks of Markdown, as those of every section: what changed since the last run, first of all. */
export function changesSection(context: ReportContext, demands: readonly Demand[]): string[] {
  const { words, input } = context
  const title = `## 1. ${words.changes.title}`
  const proposals = [
    ...list(context, words.changes.passed, newPassedDays(demands, input), passedLine),
    ...list(context, words.changes.decisions, newDecisions(input), decidedLine),
    ...list(context, words.changes.proposals, proposalActions(input), proposalLine),
  ]
  const changes = changesOf(input)
  if (changes === null || input.previous === null) return [title, words.changes.first, ...proposals]
  const w = words.changes
  const blocks = [
    ...list(context, w.worse, changes.worse, verdictLine),
    ...list(context, w.better, changes.better, verdictLine),
    ...list(
      context,
      w.arrived,
      changes.arrived,
      (v) => md`${deploymentName(v, context)}: ${trusted(context.vocabulary.outcome[v.outcome])}`,
    ),
    ...list(context, w.left, changes.left, (v) => deploymentName(v, context)),
    ...list(context, w.appeared, changes.appeared, findingLine),
    ...list(context, w.moved, changes.moved, movedLine),
    ...list(context, w.resolved, changes.resolved, findingLine),
    ...list(context, w.dropped, changes.dropped, findingLine),
    ...proposals,
    ...list(context, w.files, input.fileChanges ?? [], fileLine),
  ]
  const unknown = input.fileChanges === null ? [w.filesUnknown] : []
  const isSame = blocks.length === 0 && unknown.length === 0
  return [title, sinceText(context), ...(isSame ? [w.nothing] : blocks), ...unknown]
}

function sinceText({ input: { previous }, words, timeZone, language }: ReportContext): string {
  const at = parseInstant(previous?.plan.now ?? '')
  const day = at === null ? '—' : formatDay(localDay(at, timeZone), language)
  return words.changes.since(code(previous?.run ?? '').markdown, day)
}

function list<T>(
  context: ReportContext,
  title: string,
  items: readonly T[],
  line: (item: T, context: ReportContext) => Markdown,
): string[] {
  if (items.length === 0) return []
  return [
    `**${title}** (${items.length})`,
    boundedLines(items, MOST, context, (item) => line(item, context)).join('\n'),
  ]
}

function passedLine(passed: PassedDay, context: ReportContext): Markdown {
  const { words, vocabulary, language } = context
  const { asked, effective, step } = passed
  const day = formatDay(passed.day, language)
  const action = `**${vocabulary.action[step === 'overdue' ? asked : effective]}**`
  const said =
    step === 'overdue'
      ? words.changes.wasDue(action, day)
      : words.demands.insteadOf(action, words.demands.notDoneBy(vocabulary.action[asked], day))
  return md`${deploymentName(passed, context)}: ${trusted(said)}`
}

function verdictLine({ before, after }: VerdictChange, context: ReportContext): Markdown {
  const { vocabulary, words } = context
  const version =
    before.version === after.version
      ? trusted('')
      : md` (${code(before.version ?? '—')} → ${code(after.version ?? '—')})`
  const change = `${vocabulary.outcome[before.outcome]} → ${vocabulary.outcome[after.outcome]}`
  const block =
    before.blocks === after.blocks ? '' : `, ${after.blocks ? words.changes.nowBlocks : words.changes.blocksNoMore}`
  return md`${deploymentName(after, context)}${version}: ${trusted(change + block)}`
}

function findingLine(finding: Finding, context: ReportContext): Markdown {
  const { language, policies } = context
  const value = valueFigure(finding, ruleOf(finding, policies), language)
  const limit = limitFigure(finding, ruleOf(finding, policies), language)
  const numbers = value === null ? '' : `, ${value}${limit === null ? '' : ` (${limit})`}`
  return md`${findingName(finding, context)}: ${trusted(outcomeText(finding, context) + numbers)}`
}

function movedLine({ before, after }: FindingChange, context: ReportContext): Markdown {
  return md`${findingName(after, context)}: ${trusted(`${outcomeText(before, context)} → ${outcomeText(after, context)}`)}`
}

function findingName(finding: Finding, context: ReportContext): Markdown {
  const subject = subjectOf(finding.subject)
  const rule = code(`${finding.policy}/${finding.rule}`)
  return md`${deploymentName(finding, context)} · ${rule}${subject === null ? trusted('') : md` · ${code(subject)}`}`
}

function outcomeText(finding: Finding, { vocabulary, language }: ReportContext): string {
  const cause = finding.cause === undefined ? '' : ` (${vocabulary.cause[finding.cause]})`
  const waived = isWaived(finding) ? `, ${vocabulary.waived(formatDay(finding.waiver?.expires ?? '', language))}` : ''
  return vocabulary.outcome[finding.outcome] + cause + waived
}

function decidedLine(decision: Decision, context: ReportContext): Markdown {
  const { proposal, action, model, environment } = decision
  const remedy = trusted(context.vocabulary.action[action])
  return md`${code(proposal)} (${remedy}, ${code(model)} · ${environmentName(environment, context)}): ${decisionLine(decision, context)}`
}

function proposalLine(action: PlannedAction, context: ReportContext): Markdown {
  const { words, vocabulary, language } = context
  const verbs: Readonly<Record<string, string>> = {
    'open-proposal': words.changes.opens,
    'update-proposal': words.changes.updates,
    'close-proposal': words.changes.closes,
  }
  const remedy = action.remedy === undefined ? '' : vocabulary.action[action.remedy]
  const about = md`${code(action.model ?? '—')} · ${environmentName(action.environment ?? '—', context)}`
  const why = action.kind === 'open-proposal' ? rulesText(action.reason) : prose(reasonText(action.reason, language))
  return md`${code(action.key.slice(0, 10))} (${trusted(remedy)}, ${about}): ${trusted(verbs[action.kind] ?? action.kind)} (${why})`
}

/** The rules that a proposal is opened for, with how many more there are. */
function rulesText(reason: string): Markdown {
  return joined(
    reason.split(', ').map((rule) => code(rule)),
    ', ',
  )
}

function fileLine(change: FileChange, { words }: ReportContext): Markdown {
  return md`${trusted(words.changes[change.kind])} ${code(change.id)}: ${trusted(words.changes[change.how])}`
}
