// Who must do what by when: remedies with their owners and deadlines, then errors that block until they are repaired.

import { code, joined, type Markdown, md, table, trusted } from '../base/markdown-text.ts'
import { deploymentKey, findingsByDeployment } from '../domain/by-deployment.ts'
import { formatDay } from '../domain/figures.ts'
import type { Finding, Verdict } from '../domain/finding.ts'
import { lastLocalDay, localDay, parseInstant } from '../domain/instant.ts'
import type { Demand } from './demands.ts'
import { counted, decisionLine, deploymentName, leftOut, type ReportContext } from './report-context.ts'

/** Arbitrary. */
const MOST = 200
const MOST_POLICIES = 4

/** What is demanded of whom by when, and which files or measurements have to be repaired. */
export function demandsSection(context: ReportContext, demands: readonly Demand[]): string[] {
  const { words, timeZone } = context
  const title = `## 2. ${words.demands.title}`
  const repairs = [...brokenBlocks(context), ...repairBlocks(context)]
  if (demands.length === 0) return [title, ...(repairs.length === 0 ? [words.demands.none] : repairs)]
  const { due, who, what, why, proposal } = words.demands
  return [
    title,
    table(
      [due, who, what, words.coverage.model, why, proposal],
      demands.slice(0, MOST).map((demand) => demandRow(demand, context)),
    ),
    ...(demands.length > MOST ? [leftOut(demands.length - MOST, context)] : []),
    words.demands.calendar(code(timeZone).markdown),
    ...repairs,
  ]
}

function demandRow(demand: Demand, context: ReportContext): (Markdown | null)[] {
  const { words, vocabulary } = context
  const action = `**${vocabulary.action[demand.effective]}**${demand.blocks ? ` (${vocabulary.blocks})` : ''}`
  return [
    dueCell(demand, context),
    ownersText(demand.model, context),
    trusted(demand.instead === null ? action : words.demands.insteadOf(action, whyText(demand, context))),
    deploymentName(demand, context),
    md`${policyList(demand.policies)} (${trusted(words.demands.failing(counted(demand.failing, context)))})`,
    proposalCell(demand, context),
  ]
}

function whyText(demand: Demand, context: ReportContext): string {
  if (demand.instead === 'escalated') return escalatedText(demand, context)
  const asked = context.vocabulary.action[demand.action]
  const { noRecipe, noTarget } = context.words.demands
  return demand.instead === 'no-recipe' ? noRecipe(asked) : noTarget(asked)
}

/** What was demanded first, and until when it was not done. */
function escalatedText({ action, escalation }: Demand, { words, vocabulary, language }: ReportContext): string {
  const day = escalation === null ? '—' : formatDay(escalation.day, language)
  return words.demands.notDoneBy(vocabulary.action[action], day)
}

function dueCell(demand: Demand, context: ReportContext): Markdown {
  const { words, language, vocabulary, timeZone } = context
  const due = demand.isAnswered
    ? words.demands.answered
    : demand.dueDay === null
      ? words.demands.noDue
      : `**${formatDay(demand.dueDay, language)}**`
  const late = demand.isOverdue ? ` (${words.demands.overdue})` : ''
  const since = words.demands.since(formatDay(localDay(demand.since, timeZone), language))
  const { escalation } = demand
  const then =
    escalation === null || escalation.isDue || escalation.action === demand.effective
      ? ''
      : `; ${words.demands.thenAction(vocabulary.action[escalation.action], formatDay(escalation.day, language))}`
  return trusted(`${due}${late}, ${since}${then}`)
}

function proposalCell(demand: Demand, context: ReportContext): Markdown {
  const { effective: action, proposal, planned, decision } = demand
  const { words, vocabulary, language, timeZone } = context
  const remedy = proposal?.action ?? planned?.remedy ?? decision?.action ?? action
  const other = trusted(remedy === action ? '' : `${vocabulary.action[remedy]}: `)
  if (proposal !== null) {
    const said = decision === null ? trusted('') : md`, ${decisionLine(decision, context)}`
    return md`${other}${code(proposal.id)}${proposal.url === undefined ? trusted('') : md` ${code(proposal.url)}`}${said}`
  }
  // A person's word says more than that it holds the proposal back.
  const isPersons = planned === null || (planned.gated !== undefined && PERSONS.has(planned.gated.by))
  if (decision !== null && isPersons) return md`${other}${code(decision.proposal)}, ${decisionLine(decision, context)}`
  if (planned === null) return trusted(words.demands.noProposal)
  if (planned.gated === undefined)
    return md`${other}${code(planned.key.slice(0, 10))}, ${trusted(words.demands.openedHere)}`
  const { by, until } = planned.gated
  const at = parseInstant(until ?? '')
  const day = at === null ? '' : ` ${words.demands.until(formatDay(lastLocalDay(at, timeZone), language))}`
  return md`${other}${trusted(words.demands.gated(vocabulary.gate[by]) + day)}`
}

const PERSONS: ReadonlySet<string> = new Set(['snoozed', 'closed', 'cool-down'])

function policyList(policies: readonly string[]): Markdown {
  const shown = joined(
    policies.slice(0, MOST_POLICIES).map((id) => code(id)),
    ', ',
  )
  return policies.length > MOST_POLICIES ? md`${shown}, … +${policies.length - MOST_POLICIES}` : shown
}

/** Models of which nothing was judged, with whoever must put their files right, and where they are broken. */
function brokenBlocks(context: ReportContext): string[] {
  const { words, input } = context
  const broken = input.plan.verdicts.filter(({ cause }) => cause === 'invalid')
  if (broken.length === 0) return []
  const { who, what, why, brokenTitle, brokenWhat } = words.demands
  const rows = broken
    .slice(0, MOST)
    .map((verdict) => [
      ownersText(verdict.model, context),
      deploymentName(verdict, context),
      trusted(`**${brokenWhat}**${verdict.blocks ? ` (${context.vocabulary.blocks})` : ''}`),
      placesOf(verdict.model, context),
    ])
  return [
    `### ${brokenTitle}`,
    table([who, words.coverage.model, what, why], rows),
    ...(broken.length > MOST ? [leftOut(broken.length - MOST, context)] : []),
  ]
}

const MOST_PLACES = 3

/** Where the files of a model are wrong: its folder, and snapshot files of its name. */
function placesOf(model: string, context: ReportContext): Markdown {
  const isOwn = (file: string) =>
    file.startsWith(`models/${model}/`) || (file.split('/').at(-1) ?? '').startsWith(`${model}.`)
  const own = context.input.plan.diagnostics.filter(({ file, severity }) => severity === 'error' && isOwn(file))
  if (own.length === 0) return trusted(context.words.demands.brokenElsewhere)
  const shown = own.slice(0, MOST_PLACES).map((d) => md`${code(`${d.file}:${d.line}:${d.column}`)} ${d.message}`)
  const rest = own.length - shown.length
  return joined(rest > 0 ? [...shown, trusted(`… +${counted(rest, context)}`)] : shown, '; ')
}

/** Owners of a model as code, or that it has none. */
export function ownersText(model: string, { input, words }: ReportContext): Markdown {
  if (!input.cards.has(model)) return trusted(words.demands.unreadCard)
  const owners = input.cards.get(model)?.card.owners ?? []
  return owners.length === 0
    ? trusted(words.demands.noOwner)
    : joined(
        owners.map((owner) => code(owner)),
        ', ',
      )
}

function repairBlocks(context: ReportContext): string[] {
  const { words, input } = context
  const errors = findingsByDeployment(
    input.plan.findings,
    (f) => f.outcome === 'error' && f.enforcement === 'mandatory',
  )
  const blocked = input.plan.verdicts.filter((v) => errors.has(deploymentKey(v)))
  if (blocked.length === 0) return []
  const rows = blocked.slice(0, MOST).map((v) => repairRow(v, errors.get(deploymentKey(v)) ?? [], context))
  const { who, what, why } = words.demands
  return [
    `### ${words.demands.repairTitle}`,
    table([who, words.coverage.model, what, why], rows),
    ...(blocked.length > MOST ? [leftOut(blocked.length - MOST, context)] : []),
  ]
}

function repairRow(verdict: Verdict, errors: readonly Finding[], context: ReportContext): (Markdown | null)[] {
  const { vocabulary, words } = context
  const causes = [...new Set(errors.map((finding) => finding.cause ?? 'missing'))].sort()
  const policies = [...new Set(errors.map((finding) => finding.policy))].sort()
  const cause = trusted(causes.map((c) => vocabulary.cause[c]).join(', '))
  return [
    ownersText(verdict.model, context),
    deploymentName(verdict, context),
    trusted(words.demands.repairWhat),
    md`${policyList(policies)}: ${cause} (${counted(errors.length, context)})`,
  ]
}
