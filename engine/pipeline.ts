// The stages in order: load → evaluate → plan, and for `run` also record → deliver (run-repository.ts).
// Reads trees, writes nothing: the same commit, snapshots, proposals and `now` give the same plan.
import { canonicalJson, type Digest, hashOf } from './base/canonical-json.ts'
import { deploymentKey } from './domain/by-deployment.ts'
import { ALL_TOLD, type Undisclosed } from './domain/decision.ts'
import { hasErrors } from './domain/diagnostic.ts'
import type { Finding, Judgement, Outcome, Verdict } from './domain/finding.ts'
import { isWaived } from './domain/finding-figures.ts'
import { formatInstant, type Instant } from './domain/instant.ts'
import type { LoadedCard } from './domain/model-card.ts'
import type { NoticeDraft, NoticeState } from './domain/notice.ts'
import type { Plan, PlannedAction } from './domain/plan.ts'
import type { Proposal } from './domain/proposal.ts'
import type { PreviousRun } from './domain/recorded-run.ts'
import { planDigest } from './evaluate/digest.ts'
import { exitOf } from './evaluate/verdict.ts'
import { type JudgedRepository, type JudgeRequest, judgeRepository } from './judge-repository.ts'
import { planDrafted } from './notify/plan-notices.ts'
import { runId } from './record/run-id.ts'
import { withRecordedSnapshots } from './record/two-refs.ts'
import { ALLOWED_SIGNERS, type AllowedSigners, parseAllowedSigners } from './remediate/allowed-signers.ts'
import { type DecisionContext, decisionsOf } from './remediate/decisions.ts'
import type { Mark } from './remediate/delivered-marks.ts'
import { planRemedies } from './remediate/plan-remedies.ts'
import { demandSteps } from './report/demand-steps.ts'
import { readLatestRun } from './report/read-recorded.ts'
import type { ReportInput } from './report/report-input.ts'
import type { SourceTree } from './world.ts'

export interface PlanRequest extends Omit<JudgeRequest, 'tree'> {
  /** What is judged. */
  readonly base: SourceTree
  /** Where runs commit: its reports, log and snapshots; null before its first commit. The base itself where both are one. */
  readonly record: SourceTree | null
  /** All that the forge knows of proposals, ended ones included. */
  readonly proposals: readonly Proposal[]
  /** `sentName` of each trigger that was begun. */
  readonly sent: ReadonlySet<string>
  /** What people decided, and no run has told yet; absent: nothing. */
  readonly untold?: Undisclosed
}

export interface PlannedRepository extends Omit<JudgedRepository, 'drafts'> {
  /** Lists every finding that was kept. */
  readonly plan: Plan
  readonly judgements: readonly Judgement[]
  readonly cards: ReadonlyMap<string, LoadedCard>
  readonly previous: PreviousRun | null
  readonly untold: Undisclosed
  /** What every channel knows after this run. */
  readonly notices: readonly NoticeState[]
  /** What each planned notice was made from. */
  readonly news: ReadonlyMap<PlannedAction, NoticeDraft>
  readonly exit: 0 | 2 | 3
  /** The first instant at which time alone makes news of a demand; Infinity where none is to come. */
  readonly nextStep: Instant
}

/** Everything that `run` would do, as data. */
export function planRepository(request: PlanRequest): PlannedRepository {
  const { base, record, now, proposals, sent, untold = ALL_TOLD } = request
  const isOne = record === null || record === base
  const previous = record === null ? null : readLatestRun(record)
  const heard = previous?.notices ?? []
  const tree = isOne ? base : withRecordedSnapshots(base, record)
  const { drafts, ...judged } = judgeRepository({ ...request, tree, told: heard })
  const judgements = judged.models.flatMap((model) => model.judgements)
  const verdicts = judgements.map(({ verdict }) => verdict)
  const cards = cardsOf(judged)
  const run = runId(base, record, now)
  const digest = planDigest(judged.models.flatMap((model) => model.digests))
  const remedies = planRemedies({
    now,
    judgements,
    cards,
    cardText: (file) => Buffer.from(base.read(file)).toString('utf8'),
    rulebook: judged.rulebook,
    proposals,
    demands: previous?.demands ?? [],
    outcomes: lastOutcomes(previous),
    sent,
    signers: signersIn(base, judged.rulebook.governance.institution.timeZone),
    allFindings: judged.allFindings,
    histories: judged.histories,
    ...(request.memory && { written: request.memory.texts }),
  })
  const steps = demandSteps(judgements, {
    ...{ now, cards, previous, rulebook: judged.rulebook, actions: remedies },
    ...proposalsFor(proposals, { cards, governance: judged.rulebook.governance, now, triggers: [] }),
  })
  const told = planDrafted({
    run,
    verdicts,
    rulebook: judged.rulebook,
    told: heard,
    waived: waivedIn(judgements),
    drafts,
    passed: steps.passed,
  })
  const actions = isStopped(judged)
    ? []
    : [
        ...withReport([...remedies, ...told.actions], digest, previous, untold.proposals.size > 0 || steps.isNews),
        ANCHOR,
      ]
  const { commit, dirty } = base
  let findings: readonly Finding[] | null = null
  const plan: Plan = {
    apiVersion: 'tutela/v1',
    kind: 'Plan',
    commit,
    dirty,
    now: formatInstant(now),
    run,
    verdicts,
    /** Read from their bytes only where somebody looks at them. */
    get findings() {
      findings ??= judgements.flatMap((judgement) => judgement.findings)
      return findings
    },
    actions,
    diagnostics: judged.diagnostics,
    digest,
  }
  const exit = exitOf(verdicts, judged.diagnostics)
  const news = new Map(told.actions.flatMap((action, i) => (told.news[i] ? [[action, told.news[i]] as const] : [])))
  return {
    ...judged,
    plan,
    judgements,
    cards,
    previous,
    untold,
    notices: told.states,
    news,
    exit,
    nextStep: steps.next,
  }
}

/** Whose key may sign, by the tree that is judged. */
function signersIn(base: SourceTree, timeZone: string): AllowedSigners {
  const text = base.has(ALLOWED_SIGNERS) ? Buffer.from(base.read(ALLOWED_SIGNERS)).toString('utf8') : ''
  return parseAllowedSigners(text, timeZone)
}

function waivedIn(judgements: readonly Judgement[]): (model: string, environment: string) => number {
  return (model, environment) =>
    judgements
      .filter(({ verdict }) => verdict.model === model && verdict.environment === environment)
      .reduce((count, { findings }) => count + findings.filter(isWaived).length, 0)
}

function cardsOf({ models }: Pick<JudgedRepository, 'models'>): Map<string, LoadedCard> {
  return new Map(models.flatMap(({ id, loaded }): [string, LoadedCard][] => (loaded === null ? [] : [[id, loaded]])))
}

/** Of every version that was ever judged, its last outcome, by `deploymentKey`. */
function lastOutcomes(previous: PreviousRun | null): Map<string, Outcome> {
  const last = [...(previous?.former ?? []), ...(previous?.plan.verdicts ?? [])]
  return new Map(last.map((verdict) => [deploymentKey(verdict), verdict.outcome]))
}

/** Nothing could be judged, so there is nothing to record and nothing to do. */
export function isStopped({ models, diagnostics }: Pick<JudgedRepository, 'models' | 'diagnostics'>): boolean {
  return models.length === 0 && hasErrors(diagnostics)
}

/**
 * A report is due when the digest or the actions differ from those last recorded (ARCHITECTURE.md), when people decided
 * since, or when a day passed by which something was demanded.
 */
function withReport(
  actions: readonly PlannedAction[],
  digest: Digest,
  previous: PreviousRun | null,
  hasNews: boolean,
): PlannedAction[] {
  const before = previous?.plan.actions.filter(({ kind }) => kind !== 'report' && kind !== 'anchor') ?? []
  const isSame = !hasNews && previous?.plan.digest === digest && canonicalJson(before) === canonicalJson(actions)
  if (isSame) return [...actions]
  const reason = previous === null ? 'the first run' : 'verdicts or actions changed since the last recorded run'
  return [...actions, { kind: 'report', key: hashOf(['report']), reason }]
}

/** Every run adds to the log, so every run anchors it: without evidence, since which log it is shows when it is recorded. */
const ANCHOR: PlannedAction = {
  kind: 'anchor',
  key: hashOf(['anchor']),
  reason: 'the log gains the entries of this run',
}

/** What reports and the terminal are made from. */
export function reportInputOf(
  planned: PlannedRepository,
  proposals: readonly Proposal[],
  now: Instant,
  triggers: readonly Mark[] = [],
): ReportInput {
  const { cards, rulebook } = planned
  return {
    plan: planned.plan,
    previous: planned.previous,
    rulebook,
    cards,
    ...proposalsFor(proposals, { cards, governance: rulebook.governance, now, triggers }),
    untold: planned.untold,
    fileChanges: null,
    now,
  }
}

function proposalsFor(
  proposals: readonly Proposal[],
  context: DecisionContext,
): Pick<ReportInput, 'proposals' | 'decisions'> {
  const open = proposals.filter(({ state }) => state === 'open')
  return {
    proposals: open.map(({ id, key, model, environment, action, openedAt }) => ({
      ...{ id, key, model, environment, action, openedAt },
    })),
    decisions: decisionsOf(proposals, context),
  }
}

/** The plan as it is printed: only the findings of the outcomes, model and environment that were asked for. */
export function filterPlan(
  plan: Plan,
  wanted: {
    readonly outcomes: ReadonlySet<string> | null
    readonly model: string | null
    readonly environment: string | null
  },
): Plan {
  const isAsked = (of: Finding | Verdict) =>
    (wanted.model === null || of.model === wanted.model) &&
    (wanted.environment === null || of.environment === wanted.environment)
  return {
    ...plan,
    verdicts: plan.verdicts.filter(isAsked),
    findings: plan.findings.filter((f) => isAsked(f) && (wanted.outcomes === null || wanted.outcomes.has(f.outcome))),
    actions: plan.actions.filter(
      (a) =>
        (wanted.model === null || a.model === undefined || a.model === wanted.model) &&
        (wanted.environment === null || a.environment === undefined || a.environment === wanted.environment),
    ),
  }
}
