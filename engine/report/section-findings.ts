// All findings, by deployment and then by policy, with their numbers; and the controls that they touch.

import { code, joined, type Markdown, md, prose, table, trusted } from '../base/markdown-text.ts'
import { deploymentKey } from '../domain/by-deployment.ts'
import { formatDay, formatNumber, formatWindow } from '../domain/figures.ts'
import type { Cause, Finding } from '../domain/finding.ts'
import {
  changeFigure,
  intervalFigure,
  isWaived,
  limitFigure,
  marginFigure,
  OUTCOMES,
  ruleOf,
  subjectOf,
  valueFigure,
  waiverApprover,
} from '../domain/finding-figures.ts'
import type { Coverage } from './coverage.ts'
import { type FindingGroup, groupFindings } from './group-findings.ts'
import { counted, deploymentName, type ReportContext } from './report-context.ts'
import { ownersText } from './section-demands.ts'
import { cutCount, type ListedDeployment, selectFindings } from './select-findings.ts'

/** Those that a report has room for, and how many more there are. */
export function findingsSection(context: ReportContext, coverage: Coverage): string[] {
  const { words, input } = context
  const title = `## 3. ${words.findings.title}`
  const selected = selectFindings(input.plan.findings)
  if (selected.length === 0) return [title, noneText(context, coverage)]
  const shown = selected.filter((deployment) => deployment.listed.length > 0)
  const wholeCut = selected.some((deployment) => cutCount(deployment.cut) > 0)
  const total = shown.reduce((sum, deployment) => sum + deployment.listed.length, 0)
  return [
    title,
    ...(wholeCut ? [words.findings.cutAll(counted(total, context), context.fullPath.markdown)] : []),
    ...shown.flatMap((deployment) => deploymentBlocks(deployment, context, coverage)),
    ...countedOnly(
      selected.filter((deployment) => deployment.listed.length === 0),
      context,
    ),
  ]
}

/** What was not judged did not pass. */
function noneText(context: ReportContext, { checks, broken }: Coverage): string {
  const { none, noneMade, nonePassed } = context.words.findings
  if (checks === 0) return noneMade
  return broken.length === 0 ? none : nonePassed(counted(broken.length, context))
}

function deploymentBlocks(deployment: ListedDeployment, context: ReportContext, coverage: Coverage): string[] {
  const { words, vocabulary, input } = context
  const first = deployment.listed[0]
  if (first === undefined) return []
  const card = input.cards.get(first.model)?.card
  const state = vocabulary.state[coverage.states.get(deploymentKey(first)) ?? 'insufficient']
  const tier =
    card === undefined
      ? trusted('')
      : md`${trusted(words.findings.tier)}: ${trusted(vocabulary.tier[card.risk.tier])} · `
  const about = md`${card === undefined ? trusted('') : md`${card.title} · `}${tier}${trusted(words.findings.owners)}: ${ownersText(first.model, context)}`
  const { byPolicy, groups } = groupFindings(deployment.listed)
  return [
    `### ${md`${deploymentName(first, context)}: ${trusted(state)}`.markdown}`,
    about.markdown,
    ...byPolicy.flatMap(([policy, findings]) => policyBlocks(policy, findings, context)),
    ...groupBlocks(groups, context),
    ...(cutCount(deployment.cut) > 0
      ? [words.findings.cutModel(counted(cutCount(deployment.cut), context), cutKinds(deployment, context))]
      : []),
  ]
}

function policyBlocks(id: string, findings: readonly Finding[], context: ReportContext): string[] {
  const { words, vocabulary, policies } = context
  const first = findings[0]
  if (first === undefined) return []
  const policy = policies.get(id)
  const controls = first.controls.map((control) => controlText(control, context))
  const parts: Markdown[] = [
    md`**${code(id)}**`,
    ...(policy === undefined ? [] : [prose(policy.title)]),
    trusted(`${words.findings.severity}: ${vocabulary.severity[first.severity]}`),
    trusted(vocabulary.enforcement[first.enforcement]),
    ...(controls.length === 0 ? [] : [md`${trusted(words.findings.controls)}: ${joined(controls, '; ')}`]),
  ]
  const w = words.findings
  const header = [w.outcome, w.rule, w.subject, w.value, w.limit, w.margin, w.sample, w.window, w.note]
  return [
    joined(parts, ' · ').markdown,
    table(
      header,
      findings.map((finding) => findingRow(finding, context)),
    ),
  ]
}

function groupBlocks(groups: readonly FindingGroup[], context: ReportContext): string[] {
  if (groups.length === 0) return []
  const w = context.words.findings
  return [
    `**${w.grouped}**`,
    table(
      [w.outcome, w.policy, w.count, w.window, w.note, w.which],
      groups.map((group) => groupRow(group, context)),
    ),
  ]
}

function groupRow({ first, findings }: FindingGroup, context: ReportContext): (Markdown | null)[] {
  const { vocabulary, words } = context
  const windows = new Set(findings.map(({ window }) => JSON.stringify(window)))
  const message = messageText(first, context)
  const notes: Markdown[] = [
    ...(first.cause === undefined ? [] : [trusted(vocabulary.cause[first.cause])]),
    ...(message === '' ? [] : [md`${trusted(words.findings.example)}: ${prose(message)}`]),
  ]
  return [
    trusted(`**${vocabulary.outcome[first.outcome]}**`),
    md`${code(first.policy)} (${trusted(vocabulary.enforcement[first.enforcement])})`,
    trusted(counted(findings.length, context)),
    windows.size === 1 ? windowCell(first, context) : null,
    joined(notes, '; '),
    joined([...Map.groupBy(findings, ({ rule }) => rule)].map(namesOfRule), '; '),
  ]
}

/** `missing-values`: `amount` `3ba2fc1c03d9ea4d`, … */
function namesOfRule([rule, findings]: readonly [string, readonly Finding[]]): Markdown {
  const names = findings.map(({ subject, id }) => {
    const name = subjectOf(subject)
    return name === null ? code(id) : md`${code(name)} ${code(id)}`
  })
  return md`${code(rule)}: ${joined(names, ', ')}`
}

/** The header says that windows are UTC. */
function windowCell({ window }: Finding, { language }: ReportContext): Markdown | null {
  return window === null ? null : prose(formatWindow(window, language).replace(/ UTC$/, ''))
}

function findingRow(finding: Finding, context: ReportContext): (Markdown | null)[] {
  const { language, vocabulary, policies } = context
  const subject = subjectOf(finding.subject)
  const outcome = vocabulary.outcome[finding.outcome]
  return [
    trusted(`**${isWaived(finding) ? vocabulary.waivedOutcome(outcome) : outcome}**`),
    code(finding.rule),
    subject === null ? null : code(subject),
    figure(valueFigure(finding, ruleOf(finding, policies), language)),
    figure(limitFigure(finding, ruleOf(finding, policies), language)),
    figure(marginFigure(finding, language)),
    finding.n === undefined ? null : trusted(formatNumber(finding.n, { language })),
    windowCell(finding, context),
    noteCell(finding, context),
  ]
}

function noteCell(finding: Finding, context: ReportContext): Markdown {
  const { language, vocabulary, words } = context
  const interval = intervalFigure(finding, language)
  const change = changeFigure(finding, ruleOf(finding, context.policies), language)
  const message = messageText(finding, context)
  const parts: Markdown[] = [
    ...(finding.cause === undefined ? [] : [trusted(vocabulary.cause[finding.cause])]),
    ...(message === '' ? [] : [prose(message)]),
    ...(interval === null ? [] : [trusted(`${words.findings.interval} ${interval}`)]),
    ...(change === null ? [] : [trusted(change)]),
    ...(finding.adjusted === undefined
      ? []
      : [trusted(`${words.findings.adjusted} ${formatNumber(finding.adjusted, { language, unit: 'p-value' })}`)]),
    ...(finding.waiver === undefined ? [] : [waivedNote(finding, finding.waiver, context)]),
    code(`${finding.file}:${finding.line}:${finding.column}`),
    code(finding.id),
  ]
  return joined(parts, '; ')
}

function waivedNote(
  finding: Finding,
  { id, expires }: NonNullable<Finding['waiver']>,
  context: ReportContext,
): Markdown {
  const { language, words, input } = context
  const who = waiverApprover(finding, input.rulebook)
  const approver = who === null ? '' : code(who).markdown
  return trusted(words.findings.waivedBy(code(id).markdown, formatDay(expires, language), approver))
}

/** Causes whose words, with the window beside them, say what the message does. */
const TOLD_BY_CAUSE: readonly (Cause | undefined)[] = ['missing', 'stale', 'sample']

function messageText(finding: Finding, { input, language }: ReportContext): string {
  if (input.messageOf !== undefined) return input.messageOf(finding, language)
  const isItsLanguage = language === (input.rulebook.governance.institution.languages[0] ?? 'pt')
  const saysMore = finding.value === undefined && !TOLD_BY_CAUSE.includes(finding.cause)
  return isItsLanguage || saysMore ? finding.message : ''
}

function figure(text: string | null): Markdown | null {
  return text === null ? null : trusted(text)
}

/** `lgpd/art-6-ix` (LGPD, art. 6º, IX): what it cites, else its framework; both stand in the table of controls. */
function controlText(id: string, { controls, language }: ReportContext): Markdown {
  const cited = controls.get(id)
  return cited === undefined ? code(id) : md`${code(id)} (${cited.control.cites ?? cited.framework.title[language]})`
}

function cutKinds({ cut }: ListedDeployment, context: ReportContext): string {
  return OUTCOMES.flatMap((outcome) =>
    cut[outcome] === undefined ? [] : [`${context.vocabulary.outcomes[outcome]}: ${counted(cut[outcome], context)}`],
  ).join(', ')
}

/** Deployments for which there was no place: their findings by outcome, all together. */
function countedOnly(deployments: readonly ListedDeployment[], context: ReportContext): string[] {
  if (deployments.length === 0) return []
  const sum = OUTCOMES.map((outcome) => ({
    outcome,
    count: deployments.reduce((n, d) => n + (d.cut[outcome] ?? 0), 0),
  }))
  const kinds = sum
    .filter(({ count }) => count > 0)
    .map(({ outcome, count }) => `${context.vocabulary.outcomes[outcome]}: ${counted(count, context)}`)
  return [`${context.words.findings.cutModels(counted(deployments.length, context))} ${kinds.join(', ')}.`]
}
