// run.json: the Plan as it is recorded. A verdict that did not change since the last recorded run keeps its counts
// and names that run; what the next run compares with (demands, notices) is added.
import { isDeepStrictEqual } from 'node:util'
import { compareBy } from '../base/order.ts'
import { deploymentKey, findingsByDeployment, isNoPass } from '../domain/by-deployment.ts'
import type { Finding, Verdict } from '../domain/finding.ts'
import type { NoticeState } from '../domain/notice.ts'
import type { Plan } from '../domain/plan.ts'
import type {
  FormerVerdict,
  PreviousRun,
  RecordedDemand,
  RecordedRun,
  UnchangedVerdict,
} from '../domain/recorded-run.ts'

/** What a run keeps for the next one beyond its Plan. */
export interface KeptForNext {
  readonly demands: readonly RecordedDemand[]
  readonly notices: readonly NoticeState[]
}

/** Findings that pass are left out, whatever the plan lists. */
export function runJson(plan: Plan, previous: PreviousRun | null, kept: KeptForNext): RecordedRun {
  const findings = findingsByDeployment(plan.findings, isNoPass)
  const before = findingsByDeployment(previous?.plan.findings ?? [], isNoPass)
  const verdictsBefore = new Map(previous?.plan.verdicts.map((v) => [deploymentKey(v), v]))
  const written: Finding[] = []
  const verdicts = plan.verdicts.map((verdict) => {
    const key = deploymentKey(verdict)
    const now = findings.get(key) ?? []
    const folder = previous?.findingsIn.get(key)
    const isSame = isDeepStrictEqual(verdict, verdictsBefore.get(key)) && isDeepStrictEqual(now, before.get(key) ?? [])
    if (previous !== null && folder !== undefined && isSame) return unchanged(verdict, previous.run, folder)
    written.push(...now)
    return verdict
  })
  return { ...plan, verdicts, findings: written, ...kept, former: formerVerdicts(plan, previous) }
}

/** Of versions that were judged before and are not now, what they were last; sorted. */
function formerVerdicts({ verdicts }: Plan, previous: PreviousRun | null): FormerVerdict[] {
  const now = new Set(verdicts.map(deploymentKey))
  const last = new Map<string, FormerVerdict>()
  for (const { model, environment, version, outcome } of [
    ...(previous?.former ?? []),
    ...(previous?.plan.verdicts ?? []),
  ]) {
    if (version === null || now.has(deploymentKey({ model, environment, version }))) continue
    last.set(deploymentKey({ model, environment, version }), { model, environment, version, outcome })
  }
  return [...last.values()].sort(
    compareBy(
      (one) => one.model,
      (one) => one.environment,
      (one) => one.version,
    ),
  )
}

/** The bytes of run.json: each verdict, finding and action on a line of its own, so that Git and people can compare runs. */
export function runJsonText(run: RecordedRun): string {
  const members = Object.entries(run).map(([name, value]) => `${JSON.stringify(name)}: ${memberText(value)}`)
  return `{\n${members.join(',\n')}\n}\n`
}

function memberText(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value)
  if (value.length === 0) return '[]'
  return `[\n${value.map((element) => JSON.stringify(element)).join(',\n')}\n]`
}

function unchanged({ findings: _, ...verdict }: Verdict, run: string, findingsIn: string): UnchangedVerdict {
  return { ...verdict, unchanged: { run, findingsIn } }
}
