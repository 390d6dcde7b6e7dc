// What changed between the last recorded run and this one: verdicts, findings, proposals.
import { compareBy } from '../base/order.ts'
import { deploymentKey, isNoPass } from '../domain/by-deployment.ts'
import type { Decision } from '../domain/decision.ts'
import type { Finding, Outcome, Verdict } from '../domain/finding.ts'
import { policiesById, ruleOf } from '../domain/finding-figures.ts'
import type { PlannedAction } from '../domain/plan.ts'
import type { ReportInput } from './report-input.ts'

/** One deployment in two runs. */
export interface VerdictChange {
  readonly before: Verdict
  readonly after: Verdict
}

/** One finding in two runs. */
export interface FindingChange {
  readonly before: Finding
  readonly after: Finding
}

/** What is different from the last recorded run. */
export interface RunChanges {
  readonly worse: readonly VerdictChange[]
  readonly better: readonly VerdictChange[]
  /** Deployments judged for the first time, and those not judged any more. */
  readonly arrived: readonly Verdict[]
  readonly left: readonly Verdict[]
  readonly appeared: readonly Finding[]
  /** Pass now. */
  readonly resolved: readonly Finding[]
  /** Not a pass: their deployment, rule or file is not judged any more. */
  readonly dropped: readonly Finding[]
  readonly moved: readonly FindingChange[]
}

/** Of this run's actions, those on proposals that are not held back. */
export function proposalActions(input: ReportInput): readonly PlannedAction[] {
  return input.plan.actions.filter((action) => action.kind.endsWith('-proposal') && action.gated === undefined)
}

/** What people decided, and what became of it, and no run has told yet; less what this run tells as its own action. */
export function newDecisions({ decisions, plan, untold }: ReportInput): readonly Decision[] {
  const closing = new Set(plan.actions.filter(({ kind }) => kind === 'close-proposal').map(({ key }) => key))
  return decisions.filter(
    ({ proposal, key, trigger }) =>
      !closing.has(key) && (untold.proposals.has(proposal) || (trigger !== null && untold.triggers.has(key))),
  )
}

/** null: there is no earlier run to compare with. */
export function changesOf(input: ReportInput): RunChanges | null {
  if (input.previous === null) return null
  const { plan: before } = input.previous
  const { pairs, arrived, left } = pairVerdicts(before.verdicts, input.plan.verdicts)
  return {
    worse: pairs.filter((pair) => worsening(pair) > 0),
    better: pairs.filter((pair) => worsening(pair) < 0),
    arrived,
    left,
    ...compareFindings(before.findings, input),
  }
}

type Pairing = { readonly pairs: VerdictChange[]; readonly arrived: Verdict[]; readonly left: Verdict[] }

/** Equal deployments first; then what changed its version is one deployment that goes on. */
function pairVerdicts(before: readonly Verdict[], after: readonly Verdict[]): Pairing {
  const old = new Map(before.map((verdict) => [deploymentKey(verdict), verdict]))
  const pairs: VerdictChange[] = []
  const unpaired: Verdict[] = []
  for (const verdict of after) {
    const same = old.get(deploymentKey(verdict))
    if (same === undefined) unpaired.push(verdict)
    else pairs.push({ before: same, after: verdict })
    old.delete(deploymentKey(verdict))
  }
  const arrived: Verdict[] = []
  for (const verdict of unpaired) {
    const same = [...old.values()].find((o) => o.model === verdict.model && o.environment === verdict.environment)
    if (same === undefined) arrived.push(verdict)
    else pairs.push({ before: same, after: verdict })
    if (same !== undefined) old.delete(deploymentKey(same))
  }
  const order = compareBy<VerdictChange>(
    (p) => p.after.model,
    (p) => p.after.environment,
    (p) => p.after.version,
  )
  return { pairs: pairs.sort(order), arrived, left: [...old.values()] }
}

const RANK: Readonly<Record<Outcome, number>> = { pass: 0, skip: 1, warn: 2, error: 3, fail: 4 }

/** Above 0 where the verdict is worse, by outcome and then by whether it blocks. */
function worsening({ before, after }: VerdictChange): number {
  return RANK[after.outcome] - RANK[before.outcome] || Number(after.blocks) - Number(before.blocks)
}

function compareFindings(
  before: readonly Finding[],
  input: ReportInput,
): Pick<RunChanges, 'appeared' | 'resolved' | 'dropped' | 'moved'> {
  const old = new Map(before.filter(isNoPass).map((finding) => [finding.id, finding]))
  const appeared: Finding[] = []
  const moved: FindingChange[] = []
  for (const finding of input.plan.findings.filter(isNoPass)) {
    const same = old.get(finding.id)
    old.delete(finding.id)
    if (same === undefined) appeared.push(finding)
    else if (isWorseOrBetter(same, finding)) moved.push({ before: same, after: finding })
  }
  const gone = [...old.values()]
  const isStillJudged = judgedTest(input)
  return {
    appeared,
    moved,
    resolved: gone.filter(isStillJudged),
    dropped: gone.filter((finding) => !isStillJudged(finding)),
  }
}

function isWorseOrBetter(before: Finding, after: Finding): boolean {
  return before.outcome !== after.outcome || before.waiver?.id !== after.waiver?.id
}

/** A finding that is gone passes only where its deployment was judged, by a rule that still stands. */
function judgedTest(input: ReportInput): (finding: Finding) => boolean {
  const policies = policiesById(input.rulebook)
  const judged = new Set(
    input.plan.verdicts.filter((v) => v.cause !== 'invalid' && v.cause !== 'no-policy').map(deploymentKey),
  )
  return (finding) => judged.has(deploymentKey(finding)) && ruleOf(finding, policies) !== undefined
}
