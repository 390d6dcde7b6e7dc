// A run as `reports/<yyyy-mm-dd>/<run>/run.json` keeps it: the Plan, less the findings of verdicts that did not
// change since the last recorded run, plus what the next run compares with.
import type { DemandStep } from './demand-step.ts'
import type { Outcome, Verdict } from './finding.ts'
import { formatInstant, type Instant } from './instant.ts'
import type { NoticeState } from './notice.ts'
import type { Plan } from './plan.ts'
import type { Action } from './policy.ts'

/** A verdict that did not change since run `run`; its findings stand in the run.json of folder `findingsIn`. */
export type UnchangedVerdict = Omit<Verdict, 'findings'> & {
  readonly unchanged: { readonly run: string; readonly findingsIn: string }
}

/** Since when a deployment's demand has stood, so that a deadline does not move with each run. */
export interface RecordedDemand {
  readonly model: string
  readonly environment: string
  /** A demand is of a version: the next one's is new. Absent in what was recorded before it was kept. */
  readonly version?: string
  readonly action: Exclude<Action, 'none'>
  /** RFC 3339, UTC. */
  readonly since: string
  /** What was demanded is done, while the failures are still there. */
  readonly answered?: true
  /** RFC 3339, UTC: demanded again after it had been answered, so that the deadline counts from here. */
  readonly renewed?: string
  /** Those that reports and notices told. */
  readonly steps?: readonly DemandStep[]
}

/** The verdict last recorded on a version that is not deployed any more: what a rollback may return to. */
export interface FormerVerdict {
  readonly model: string
  readonly environment: string
  readonly version: string
  readonly outcome: Outcome
}

/** The document run.json: a Plan in which unchanged verdicts name the run that has their findings. */
export interface RecordedRun extends Omit<Plan, 'verdicts'> {
  readonly verdicts: readonly (Verdict | UnchangedVerdict)[]
  readonly demands: readonly RecordedDemand[]
  readonly notices: readonly NoticeState[]
  readonly former: readonly FormerVerdict[]
}

/** A recorded run made whole again. */
export interface PreviousRun {
  readonly run: string
  /** `reports/<yyyy-mm-dd>/<run>` */
  readonly path: string
  readonly plan: Plan
  /** By `deploymentKey`: the folder whose run.json holds its findings. Absent where they are lost. */
  readonly findingsIn: ReadonlyMap<string, string>
  readonly demands: readonly RecordedDemand[]
  readonly notices: readonly NoticeState[]
  readonly former: readonly FormerVerdict[]
}

/** The folder of a run: by the UTC day of its `now`. */
export function runFolder(now: Instant, run: string): string {
  return `reports/${formatInstant(now).slice(0, 10)}/${run}`
}
