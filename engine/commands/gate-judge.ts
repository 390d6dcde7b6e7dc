// What a change does to verdicts: base and merge judged by the base's policies, deployment by deployment. What blocked
// before may go on blocking; nothing that passed may block, and another version may not be worse than the one it replaces.
import { sortedBy } from '../base/order.ts'
import { type Diagnostic, hasErrors } from '../domain/diagnostic.ts'
import type { Judgement } from '../domain/finding.ts'
import { isWaived, subjectOf } from '../domain/finding-figures.ts'
import type { Instant } from '../domain/instant.ts'
import { deploymentsOf, type ModelCard } from '../domain/model-card.ts'
import { type JudgedRepository, judgeRepository } from '../judge-repository.ts'
import { isStopped } from '../pipeline.ts'
import { withRecordedSnapshots } from '../record/two-refs.ts'
import type { GateProblem } from '../remediate/gate.ts'
import type { SourceTree } from '../world.ts'
import { withRulesOf } from './gate-rules.ts'

/** Two trees, the second of which is to take the place of the first. */
export interface ChangeToJudge {
  readonly base: SourceTree
  readonly merged: SourceTree
  /** The record branch's tree where it is another one. */
  readonly record: SourceTree | null
  readonly now: Instant
  readonly touchesModels: boolean
  /** The deployment that the engine's own proposal remedies: it is not held back by the problem that it answers. */
  readonly remedied: { readonly model: string; readonly environment: string } | null
}

/** What is missing, and what is wrong in the merged files. */
export interface JudgedChange {
  readonly missing: readonly GateProblem[]
  readonly diagnostics: readonly Diagnostic[]
  /** By the base's policies; null where nothing could be judged. */
  readonly before: JudgedRepository | null
  readonly after: JudgedRepository | null
}

/** An error in either judgement is a fact that is missing: nothing passes for it (ARCHITECTURE.md, invariant 5). */
export function judgeChange(change: ChangeToJudge): JudgedChange {
  const { base, merged, record, now, touchesModels } = change
  const judge = (tree: SourceTree) =>
    judgeRepository({ tree: withRecordedSnapshots(tree, record), now, language: null, keep: 'not-pass' })
  const { diagnostics } = judge(merged)
  const nothing = { diagnostics, before: null, after: null }
  if (hasErrors(diagnostics)) return { ...nothing, missing: [] }
  const before = judge(withRulesOf(base, base))
  // What repairs the policies must be mergeable, but nothing else can be told.
  if (isStopped(before)) return { ...nothing, missing: touchesModels ? [unjudged('base-invalid', before)] : [] }
  const after = judge(withRulesOf(base, merged))
  const news = newErrors(before, after)
  return {
    diagnostics,
    missing: [
      ...(news.length === 0 ? [] : [{ code: 'not-judged', problems: news } as const]),
      ...blocks(change, before, after),
    ],
    ...(isStopped(after) ? { before: null, after: null } : { before, after }),
  }
}

function unjudged(code: 'base-invalid', { diagnostics }: JudgedRepository): GateProblem {
  return { code, problems: errorsOf(diagnostics).map(errorText) }
}

/** An error that the base has too says nothing of the change. */
function newErrors(before: JudgedRepository, after: JudgedRepository): string[] {
  const known = new Set(errorsOf(before.diagnostics).map(errorText))
  return errorsOf(after.diagnostics)
    .map(errorText)
    .filter((text) => !known.has(text))
}

function errorsOf(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error')
}

function errorText({ file, line, message }: Diagnostic): string {
  return `${file}:${line} ${message}`
}

function blocks({ remedied }: ChangeToJudge, before: JudgedRepository, after: JudgedRepository): GateProblem[] {
  const [known, now] = [deployedIn(before), deployedIn(after)]
  const found = now.filter((one) => {
    if (!one.judgement.verdict.blocks) return false
    const there = known.filter(({ model, environment }) => one.names.includes(model) && environment === one.environment)
    const isRemedied =
      remedied !== null && one.names.includes(remedied.model) && one.environment === remedied.environment
    if (isRemedied) return !there.some(({ judgement }) => judgement.verdict.blocks)
    const same = there.find((other) => other.version === one.version && (other.isChampion || !one.isChampion))
    if (same !== undefined) return !same.judgement.verdict.blocks
    return !there.some((other) => isReplaced(other, now) && isNoWorse(one.judgement, other.judgement))
  })
  const places = new Map(found.map(({ model, environment }) => [`${model}\0${environment}`, { model, environment }]))
  return sortedBy([...places], ([place]) => place).map(([, place]) => ({ code: 'blocks', ...place }) as const)
}

interface Deployed {
  readonly model: string
  /** Its present id and the former ones. */
  readonly names: readonly string[]
  readonly environment: string
  readonly version: string | null
  readonly isChampion: boolean
  readonly judgement: Judgement
}

function deployedIn({ models }: JudgedRepository): Deployed[] {
  return models.flatMap(({ id, loaded, judgements }) =>
    judgements.map((judgement) => {
      const { environment, version } = judgement.verdict
      const isChampion = loaded === null || isChampionOf(loaded.card, environment, version)
      const names = [id, ...(loaded?.card.formerly ?? [])]
      return { model: id, names, environment, version, isChampion, judgement }
    }),
  )
}

/** Without a deployment, a card is judged as if it were the champion of environment `none`. */
function isChampionOf(card: ModelCard, environment: string, version: string | null): boolean {
  const own = deploymentsOf(card).filter((one) => one.environment === environment && one.version === version)
  return own.length === 0 || own.some(({ role = 'champion' }) => role === 'champion')
}

/** Whether it is deployed as it was no more: else another one stands beside it, not in its place. */
function isReplaced(one: Deployed, now: readonly Deployed[]): boolean {
  return !now.some(
    (other) =>
      other.names.includes(one.model) &&
      other.environment === one.environment &&
      other.version === one.version &&
      (other.isChampion || !one.isChampion),
  )
}

/** Each requirement that blocks blocked before, by as much; what could not be evaluated was not known to fail. */
function isNoWorse(now: Judgement, before: Judgement): boolean {
  const known = blockingOf(before)
  return [...blockingOf(now)].every(([requirement, { outcome, margin }]) => {
    const earlier = known.get(requirement)
    if (earlier?.outcome !== 'fail') return earlier?.outcome === outcome
    return outcome === 'error' || margin === undefined || earlier.margin === undefined || margin >= earlier.margin
  })
}

interface Blocking {
  readonly outcome: 'fail' | 'error'
  readonly margin?: number
}

/** By `[policy, rule, subject]`. A deployment that could not be judged at all has none but itself. */
function blockingOf({ verdict, findings }: Judgement): Map<string, Blocking> {
  const blocking = findings.flatMap((finding): [string, Blocking][] => {
    const { policy, rule, subject, outcome, enforcement, margin } = finding
    const isBlocking = enforcement === 'mandatory' && !isWaived(finding)
    if (!isBlocking || (outcome !== 'fail' && outcome !== 'error')) return []
    return [[JSON.stringify([policy, rule, subjectOf(subject)]), { outcome, ...(margin !== undefined && { margin }) }]]
  })
  return new Map(blocking.length === 0 && verdict.blocks ? [['', { outcome: 'error' }]] : blocking)
}
