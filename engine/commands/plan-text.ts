// A Plan or Run as a person reads it in the terminal: a line a deployment, the worst findings with their numbers and
// places, what would be done and who must do what by when, counts, digest, the next command. Made from data alone.
import { alignRows } from '../base/text-columns.ts'
import { hasErrors } from '../domain/diagnostic.ts'
import { formatMoment, formatNumber } from '../domain/figures.ts'
import type { Outcome, Verdict } from '../domain/finding.ts'
import { OUTCOMES } from '../domain/finding-figures.ts'
import { vocabularyOf } from '../domain/vocabulary.ts'
import { sumCounts, total } from '../report/coverage.ts'
import { demandsOf } from '../report/demands.ts'
import type { ReportInput } from '../report/report-input.ts'
import { worstFirst } from '../report/select-findings.ts'
import { actionLines } from './plan-text-actions.ts'
import { findingLines } from './plan-text-findings.ts'
import { outcomeMark, painted, shown, type Terminal } from './terminal-text.ts'

/** What `run` did beyond its plan (CLI.md, Run). */
export interface RunResult {
  readonly recorded: { readonly commit: string; readonly firstEntry: number; readonly entries: number } | null
  readonly delivered: readonly { readonly key: string; readonly state: string; readonly ref?: string }[]
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string } | null
  readonly anchor?: { readonly cid: string; readonly where: readonly string[] } | null
}

/** How a plan is shown. */
export interface PlanTextOptions {
  readonly on: Terminal
  /** Which verb speaks: `run` judges the commit, `plan` the working tree. */
  readonly verb: 'plan' | 'run'
  /** What `run` did; absent for a plan. */
  readonly result?: RunResult
  /** Global options of the commands that are suggested, with a space before each word. */
  readonly again?: string | undefined
  /** Findings to show; default 12. */
  readonly most?: number
}

/** Arbitrary: more deployments than this do not fit a screen, so those that pass are counted. */
const MOST_DEPLOYMENTS = 30
const MOST_FINDINGS = 12
const MOST_PATHS = 3

/** Without a final newline. Diagnostics are not in it: they go to stderr. */
export function planText(input: ReportInput, options: PlanTextOptions): string {
  const { on } = options
  if (isStopped(input.plan)) {
    return [headLines(input, options), [on.words.stopped], nextLines(input, options)]
      .map((lines) => lines.join('\n'))
      .join('\n\n')
  }
  const blocks = [
    headLines(input, options),
    deploymentLines(input, on),
    findingLines(input, on, options.most ?? MOST_FINDINGS),
    actionLines(input, demandsOf(input), options),
    resultLines(options),
    footLines(input, options),
  ]
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}

/** An error under policies/ leaves no verdict at all: then nothing is known, so nothing is said of models or actions. */
function isStopped({ verdicts, actions, diagnostics }: ReportInput['plan']): boolean {
  return verdicts.length === 0 && actions.length === 0 && hasErrors(diagnostics)
}

function headLines(input: ReportInput, { on, verb }: PlanTextOptions): string[] {
  const { plan, rulebook, now } = input
  const { name, timeZone } = rulebook.governance.institution
  const commit = plan.commit === null ? on.words.noCommit : `${on.words.commit} ${plan.commit.slice(0, 12)}`
  const head = `${painted(shown(name), 'bold', on)} · ${on.words.run} ${plan.run} · ${formatMoment(now, timeZone, on.language)} ${timeZone} · ${commit}`
  if (plan.dirty.length === 0) return [head]
  // A line that says there is one more has room for it.
  const most = plan.dirty.length <= MOST_PATHS + 1 ? plan.dirty.length : MOST_PATHS
  const paths = plan.dirty.slice(0, most).map((path) => shown(path, 60))
  const list = most < plan.dirty.length ? `${paths.join(', ')}, …` : paths.join(', ')
  const said = verb === 'run' ? on.words.dirtyIgnored : on.words.dirty
  return [head, painted(said(plan.dirty.length, list), 'yellow', on)]
}

function deploymentLines(input: ReportInput, on: Terminal): string[] {
  const { verdicts } = input.plan
  if (verdicts.length === 0) return [on.words.noModels]
  const ordered = verdicts.length > MOST_DEPLOYMENTS ? [...verdicts].sort((a, b) => rank(a) - rank(b)) : verdicts
  const listed = ordered.slice(0, MOST_DEPLOYMENTS)
  const rest = ordered.slice(MOST_DEPLOYMENTS)
  const rows = alignRows(listed.map((verdict) => deploymentRow(verdict, on)))
  const lines = listed.map((verdict, i) => `${outcomeMark(verdict.outcome, on)} ${rows[i] ?? ''}`)
  return rest.length === 0 ? lines : [...lines, on.words.restOfDeployments(number(rest.length, on), kindsOf(rest, on))]
}

function deploymentRow(verdict: Verdict, on: Terminal): string[] {
  const vocabulary = vocabularyOf(on.language)
  const cause = verdict.cause === undefined ? [] : [vocabulary.cause[verdict.cause]]
  const block = verdict.blocks ? [on.words.blocks] : []
  const demand = verdict.demand === 'none' ? [] : [on.words.demands(vocabulary.action[verdict.demand])]
  return [
    vocabulary.outcome[verdict.outcome],
    shown(verdict.model, 40),
    shown(verdict.environment, 20),
    shown(verdict.version ?? '—', 20),
    countsText(verdict.counts, on),
    [...cause, ...block, ...demand].join(', '),
  ]
}

/** `1 reprovados, 3 aprovados de 4`: outcomes that occur, with the denominator. */
function countsText(counts: Verdict['counts'], on: Terminal): string {
  const all = total(counts)
  if (all === 0) return on.words.noChecks
  const vocabulary = vocabularyOf(on.language)
  const parts = OUTCOMES.filter((outcome) => counts[outcome] > 0).map(
    (o) => `${vocabulary.outcomes[o]} ${number(counts[o], on)}`,
  )
  return on.words.checksOf(parts.join(', '), number(all, on))
}

function kindsOf(verdicts: readonly Verdict[], on: Terminal): string {
  const vocabulary = vocabularyOf(on.language)
  return OUTCOMES.flatMap((outcome) => {
    const count = verdicts.filter((verdict) => verdict.outcome === outcome).length
    return count === 0 ? [] : [`${vocabulary.outcome[outcome]}: ${number(count, on)}`]
  }).join(', ')
}

function rank(verdict: Verdict): number {
  const outcome: Outcome = verdict.outcome
  return OUTCOMES.indexOf(outcome) * 2 + (verdict.blocks ? 0 : 1)
}

function resultLines({ on, result }: PlanTextOptions): string[] {
  if (result === undefined) return []
  const { recorded, delivered, checkpoint, anchor = null } = result
  const last = recorded === null ? 0 : recorded.firstEntry + recorded.entries - 1
  const states = Map.groupBy(delivered, (one) => one.state)
  const rest = [...states]
    .filter(([state]) => !isDone(state))
    .map(([state, list]) => `${shown(state)} ${number(list.length, on)}`)
  const failed = delivered.filter(({ state }) => state === 'failed').length
  const done = delivered.filter((one) => isDone(one.state)).length
  return [
    recorded === null
      ? on.words.notRecorded
      : on.words.recorded(recorded.commit.slice(0, 12), recorded.entries === 0 ? '' : `${recorded.firstEntry}–${last}`),
    ...(delivered.length === 0 ? [] : [on.words.delivered(number(done, on), rest.sort().join(', '))]),
    ...(failed === 0 ? [] : [`${painted('✗', 'red', on)} ${on.words.notDelivered(number(failed, on))}`]),
    ...(checkpoint === null ? [] : [on.words.checkpoint(shown(checkpoint.origin), number(checkpoint.size, on))]),
    ...(anchor === null
      ? []
      : [on.words.anchored(anchor.cid, anchor.where.map((where) => shown(where, 60)).join(', '))]),
  ]
}

function isDone(state: string): boolean {
  return state === 'done' || state === 'sent' || state === 'delivered'
}

function footLines(input: ReportInput, options: PlanTextOptions): string[] {
  const { on } = options
  const { plan } = input
  return [
    `${on.words.summary}: ${countsText(sumCounts(plan.verdicts), on)}`,
    `${on.words.digest}: ${plan.digest}`,
    ...nextLines(input, options),
  ]
}

function nextLines(input: ReportInput, options: PlanTextOptions): string[] {
  const { on, again = '' } = options
  return nextSteps(input, options).map(
    ([command, why]) => `${on.words.next}: ${painted(command + again, 'bold', on)}  (${why})`,
  )
}

/** At most two commands, the one that helps most first. */
function nextSteps({ plan }: ReportInput, { on, verb }: PlanTextOptions): (readonly [string, string])[] {
  if (plan.diagnostics.some((d) => d.severity === 'error')) return [['tutela check', on.words.nextCheck]]
  const worst = worstFirst(plan.findings).find((finding) => finding.outcome === 'fail' || finding.outcome === 'error')
  const explain = worst === undefined ? [] : [[`tutela explain ${worst.id}`, on.words.nextExplain] as const]
  const hasProposals = plan.actions.some((action) => action.kind.endsWith('-proposal') && action.gated === undefined)
  if (verb === 'plan') {
    const why = hasProposals ? on.words.nextRun : on.words.nextRecord
    return plan.actions.length > 0 ? [...explain, ['tutela run', why]] : explain
  }
  const after = hasProposals ? ['tutela pr list', on.words.nextProposals] : ['tutela report run', on.words.nextReport]
  return [after as [string, string], ...explain]
}

function number(value: number, { language }: Terminal): string {
  return formatNumber(value, { language })
}
