// What a run would do, as data: verdicts, findings and actions (CLI.md). `run` records exactly this.
import type { Digest } from '../base/canonical-json.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { Finding, Verdict } from './finding.ts'

/** What `run` can do besides recording verdicts. */
export type ActionKind =
  | 'open-proposal'
  | 'update-proposal'
  | 'close-proposal'
  | 'notify'
  | 'trigger'
  | 'report'
  | 'anchor'

/**
 * One thing that `run` would do. `key` is the same in every run; with `evidence` it tells whether it was done for
 * these facts already. `gated`: planned, and held back for the reason given, until that instant.
 */
export interface PlannedAction {
  readonly kind: ActionKind
  /** 64 hex digits (REMEDIATION.md, Identity). */
  readonly key: string
  readonly evidence?: string
  readonly model?: string
  readonly environment?: string
  readonly remedy?: 'retrain' | 'rollback' | 'hold' | 'promote'
  readonly channel?: string
  readonly reason: string
  readonly gated?: {
    readonly by: 'snoozed' | 'limit' | 'cool-down' | 'outranked' | 'closed'
    readonly until: string | null
  }
  /** What carrying it out needs beyond the above, as plain data (target version, request, pairs, …). */
  readonly detail?: Readonly<Record<string, unknown>>
}

/**
 * What `plan` prints and run.json keeps (CLI.md). `commit` is null outside Git; `run` is the id of the run that would
 * record it.
 */
export interface Plan {
  readonly apiVersion: 'tutela/v1'
  readonly kind: 'Plan'
  readonly commit: string | null
  readonly dirty: readonly string[]
  readonly now: string
  readonly run: string
  readonly verdicts: readonly Verdict[]
  readonly findings: readonly Finding[]
  readonly actions: readonly PlannedAction[]
  readonly diagnostics: readonly Diagnostic[]
  readonly digest: Digest
}
