// What a run would do, in the terminal: each action, and for remedies who must do what by when.
import { alignRows } from '../base/text-columns.ts'
import type { Decision } from '../domain/decision.ts'
import { formatDay, formatNumber } from '../domain/figures.ts'
import { lastLocalDay, parseInstant } from '../domain/instant.ts'
import type { PlannedAction } from '../domain/plan.ts'
import { reasonText, vocabularyOf } from '../domain/vocabulary.ts'
import type { Demand } from '../report/demands.ts'
import type { ReportInput } from '../report/report-input.ts'
import type { PlanTextOptions } from './plan-text.ts'
import { decisionShown, painted, shown, type Terminal } from './terminal-text.ts'

/** Arbitrary. */
const MOST = 15
const KINDS: readonly PlannedAction['kind'][] = [
  'open-proposal',
  'update-proposal',
  'close-proposal',
  'trigger',
  'notify',
  'report',
  'anchor',
]

/** What is done, proposals first; then what is held back, and what people decided. */
export function actionLines(input: ReportInput, demands: readonly Demand[], { on, verb }: PlanTextOptions): string[] {
  const actions = [...input.plan.actions].sort((a, b) => rank(a) - rank(b))
  if (actions.length === 0) return [on.words.noActions]
  const title = painted(verb === 'run' ? on.words.actionsTaken : on.words.actionsPlanned, 'bold', on)
  const byPlace = new Map(demands.map((demand) => [placeKey(demand), demand]))
  const lines = (list: readonly PlannedAction[]) => {
    const rows = list.slice(0, MOST).map((action) => actionRow(action, byPlace.get(placeKey(action)), input, on))
    const rest = list.length - MOST
    const more = rest > 0 ? [`  ${on.words.moreActions(formatNumber(rest, { language: on.language }))}`] : []
    return [...alignRows(rows).map((line) => `  ${line}`), ...more]
  }
  const decided = demands.filter(isDecided).slice(0, MOST)
  const said = new Set(decided.flatMap(({ decision }) => decision?.key ?? []))
  // What is held back is not done, and a person's word is told with what was decided.
  const held = actions.filter(({ gated, key }) => gated !== undefined && !said.has(key))
  const section = (head: string, list: readonly string[]) =>
    list.length === 0 ? [] : ['', painted(head, 'bold', on), ...list]
  return [
    title,
    ...lines(actions.filter(({ gated }) => gated === undefined)),
    ...section(on.words.heldBack, lines(held)),
    ...section(
      on.words.decided,
      decided.map((demand) => `  ${decidedLine(demand, input, on)}`),
    ),
  ]
}

/** A person has spoken, and no action of this run says so. */
function isDecided({ decision, proposal, planned }: Demand): boolean {
  return decision !== null && (planned === null || planned.gated !== undefined || proposal !== null)
}

function decidedLine({ model, action, decision }: Demand, input: ReportInput, on: Terminal): string {
  const remedy = vocabularyOf(on.language).action[decision?.action ?? action]
  const said = decision === null ? '' : decisionIn(decision, input, on)
  return `${shown(decision?.proposal ?? '')}  ${shown(model, 40)}: ${remedy}; ${said}`
}

function decisionIn(decision: Decision, { plan, rulebook }: ReportInput, on: Terminal): string {
  const isRequestedNow = plan.actions.some(({ kind, key }) => kind === 'trigger' && key === decision.key)
  return decisionShown(decision, { timeZone: rulebook.governance.institution.timeZone, isRequestedNow }, on)
}

function actionRow(action: PlannedAction, demand: Demand | undefined, input: ReportInput, on: Terminal): string[] {
  const what = on.words.action[action.kind]
  if (action.kind === 'report' || action.kind === 'anchor') return [what]
  if (action.kind === 'notify') return [what, shown(action.channel ?? '', 30), shown(action.reason, 100)]
  const remedy = action.remedy === undefined ? '' : vocabularyOf(on.language).action[action.remedy]
  const parts = [remedy, ...insteadOf(action, input, on), whoAndWhen(action, demand, input, on)]
  return [what, shown(action.key.slice(0, 10)), `${shown(action.model ?? '', 40)}: ${parts.join('; ')}`]
}

/** Where the verdict demands another remedy than the hold that is proposed: why. */
function insteadOf(action: PlannedAction, { plan, cards }: ReportInput, on: Terminal): string[] {
  if (action.remedy !== 'hold' || action.kind === 'close-proposal') return []
  const asked = plan.verdicts.find((verdict) => placeKey(verdict) === placeKey(action))?.demand
  if (asked === undefined || asked === 'none' || asked === 'hold') return []
  const place = placeKey(action)
  // What is proposed too is not done in the hold's place.
  if (plan.actions.some((other) => other.remedy === asked && placeKey(other) === place)) return []
  const hasRecipe = cards.get(action.model ?? '')?.card.retrain !== undefined
  const why = asked === 'rollback' ? 'no-target' : hasRecipe ? 'escalated' : 'no-recipe'
  return [on.words.instead[why](vocabularyOf(on.language).action[asked])]
}

function whoAndWhen(action: PlannedAction, demand: Demand | undefined, input: ReportInput, on: Terminal): string {
  if (action.gated !== undefined) return gatedText(action.gated, input, on)
  const decision = input.decisions.find(({ key }) => key === action.key)
  if (action.kind === 'trigger' && decision !== undefined) return decisionIn(decision, input, on)
  if (demand === undefined || action.kind === 'trigger' || action.kind === 'close-proposal')
    return shown(reasonText(action.reason, on.language), 100)
  const owners = demand.owners.map((owner) => shown(owner, 40)).join(', ')
  const day = demand.dueDay === null ? null : formatDay(demand.dueDay, on.language)
  const due = day === null ? [] : [demand.isOverdue ? on.words.overdue(day) : on.words.due(day)]
  return [
    owners === '' ? shown(reasonText(action.reason, on.language), 100) : on.words.approve(owners, demand.owners.length),
    ...due,
  ].join(' ')
}

function gatedText(
  { by, until }: NonNullable<PlannedAction['gated']>,
  { rulebook }: ReportInput,
  on: Terminal,
): string {
  const at = parseInstant(until ?? '')
  const day =
    at === null
      ? ''
      : ` ${on.words.until(formatDay(lastLocalDay(at, rulebook.governance.institution.timeZone), on.language))}`
  return on.words.gated(vocabularyOf(on.language).gate[by]) + day
}

function rank({ kind, gated }: PlannedAction): number {
  return KINDS.indexOf(kind) * 2 + (gated === undefined ? 0 : 1)
}

function placeKey({ model, environment }: { readonly model?: string; readonly environment?: string }): string {
  return `${model ?? ''}\0${environment ?? ''}`
}
