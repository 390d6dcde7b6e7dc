// The section that comes first: what changed since the last recorded run.

import { code, type Markdown, md, trusted } from '../base/markdown-text.ts'
import type { Decision } from '../domain/decision.ts'
import { formatDay } from '../domain/figures.ts'
import type { Finding } from '../domain/finding.ts'
import { isWaived, limitFigure, ruleOf, subjectOf, valueFigure } from '../domain/finding-figures.ts'
import { localDay, parseInstant } from '../domain/instant.ts'
import type { PlannedAction } from '../domain/plan.ts'
import { reasonText } from '../domain/vocabulary.ts'
import { boundedLines, decisionLine, deploymentName, type ReportContext } from './report-context.ts'
import type { FileChange } from './report-input.ts'
import { changesOf, type FindingChange, newDecisions, proposalActions, type VerdictChange } from './run-changes.ts'

/** Arbitrary: more lines than this nobody reads; all are in run.json. */
const MOST = 50

/** Blocks of Markdown, as those of every section: what changed since the last run, first of all. */
export function changesSection(context: ReportContext): string[] {
  const { words, input } = context
  const title = `## 1. ${words.changes.title}`
  const proposals = [
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
      (v) => md`${deploymentName(v)}: ${trusted(context.vocabulary.outcome[v.outcome])}`,
    ),
    ...list(context, w.left, changes.left, deploymentName),
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

function verdictLine({ before, after }: VerdictChange, { vocabulary, words }: ReportContext): Markdown {
  const version =
    before.version === after.version
      ? trusted('')
      : md` (${code(before.version ?? '—')} → ${code(after.version ?? '—')})`
  const change = `${vocabulary.outcome[before.outcome]} → ${vocabulary.outcome[after.outcome]}`
  const block =
    before.blocks === after.blocks ? '' : `, ${after.blocks ? words.changes.nowBlocks : words.changes.blocksNoMore}`
  return md`${deploymentName(after)}${version}: ${trusted(change + block)}`
}

function findingLine(finding: Finding, context: ReportContext): Markdown {
  const { language, policies } = context
  const value = valueFigure(finding, ruleOf(finding, policies), language)
  const limit = limitFigure(finding, ruleOf(finding, policies), language)
  const numbers = value === null ? '' : `, ${value}${limit === null ? '' : ` (${limit})`}`
  return md`${findingName(finding)}: ${trusted(outcomeText(finding, context) + numbers)}`
}

function movedLine({ before, after }: FindingChange, context: ReportContext): Markdown {
  return md`${findingName(after)}: ${trusted(`${outcomeText(before, context)} → ${outcomeText(after, context)}`)}`
}

function findingName(finding: Finding): Markdown {
  const subject = subjectOf(finding.subject)
  const rule = code(`${finding.policy}/${finding.rule}`)
  return md`${deploymentName(finding)} · ${rule}${subject === null ? trusted('') : md` · ${code(subject)}`}`
}

function outcomeText(finding: Finding, { vocabulary, language }: ReportContext): string {
  const cause = finding.cause === undefined ? '' : ` (${vocabulary.cause[finding.cause]})`
  const waived = isWaived(finding) ? `, ${vocabulary.waived(formatDay(finding.waiver?.expires ?? '', language))}` : ''
  return vocabulary.outcome[finding.outcome] + cause + waived
}

function decidedLine(decision: Decision, context: ReportContext): Markdown {
  const { proposal, action, model, environment } = decision
  const remedy = trusted(context.vocabulary.action[action])
  return md`${code(proposal)} (${remedy}, ${code(model)} · ${environment}): ${decisionLine(decision, context)}`
}

function proposalLine(action: PlannedAction, { words, vocabulary, language }: ReportContext): Markdown {
  const verbs: Readonly<Record<string, string>> = {
    'open-proposal': words.changes.opens,
    'update-proposal': words.changes.updates,
    'close-proposal': words.changes.closes,
  }
  const remedy = action.remedy === undefined ? '' : vocabulary.action[action.remedy]
  const about = md`${code(action.model ?? '—')} · ${action.environment ?? '—'}`
  return md`${code(action.key.slice(0, 10))} (${trusted(remedy)}, ${about}): ${trusted(verbs[action.kind] ?? action.kind)}. ${reasonText(action.reason, language)}`
}

function fileLine(change: FileChange, { words }: ReportContext): Markdown {
  return md`${trusted(words.changes[change.kind])} ${code(change.id)}: ${trusted(words.changes[change.how])}`
}
