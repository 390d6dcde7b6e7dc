// One rule × one model × one subject, and the verdict over a deployment (CLI.md, EVALUATION.md).
import type { Digest } from '../base/canonical-json.ts'
import type { Window } from './instant.ts'
import type { Action, Enforcement, PolicySeverity } from './policy.ts'

/** From best to worst: `pass`, `skip`, `warn`, `error`, `fail` (EVALUATION.md, What is judged). */
export type Outcome = 'pass' | 'warn' | 'fail' | 'error' | 'skip'
/**
 * Why an outcome is no plain comparison: data are absent, old or few, were measured otherwise, or cannot be compared;
 * files are broken; or no policy applies.
 */
export type Cause = 'missing' | 'stale' | 'sample' | 'definition' | 'not-evaluable' | 'invalid' | 'no-policy'

/**
 * What a finding is about, as JSON prints it: one feature, attribute, group (with its attribute, or a pair without)
 * or endpoint.
 */
export interface Subject {
  readonly feature?: string
  readonly attribute?: string
  readonly group?: string
  readonly endpoint?: string
}

/** The fields, in the order in which JSON prints them. */
export interface Finding {
  /** 16 hex digits, the same in every run (EVALUATION.md, A finding). */
  readonly id: string
  readonly policy: string
  readonly rule: string
  readonly model: string
  /** Null in environment `none`. */
  readonly version: string | null
  readonly environment: string
  /** Null: the model as a whole, or the card. */
  readonly subject: Subject | null
  readonly outcome: Outcome
  readonly cause?: Cause
  /** As measured; of `versus`, the value now. Absent where there is none to compare. */
  readonly value?: number
  readonly limit?: number | readonly [number, number]
  /** How far on the good side of the nearest limit, in `unit`; negative where it fails. */
  readonly margin?: number
  readonly unit?: string
  /** Rows that the value rests on; the smallest compared group, where there are groups. */
  readonly n?: number
  readonly interval?: readonly [number, number]
  /** What the change is counted from, and the change: a share where the limit is a percentage. */
  readonly versus?: { readonly value: number; readonly change: number }
  /** A p-value after Benjamini–Hochberg, which is what was compared. */
  readonly adjusted?: number
  readonly severity: PolicySeverity
  readonly enforcement: Enforcement
  readonly controls: readonly string[]
  /** The waiver that excuses the failure today, with its last day. */
  readonly waiver?: { readonly id: string; readonly expires: string }
  /** In the language of the run. */
  readonly message: string
  /** Where the rule stands. */
  readonly file: string
  readonly line: number
  readonly column: number
  readonly window: Window | null
  /** The digest of the snapshot judged, or of the card; null where there is none. */
  readonly evidence: Digest | null
}

/**
 * The worst of a deployment's findings after waivers, and what it demands (CLI.md). `version` is null in environment
 * `none`.
 */
export interface Verdict {
  readonly model: string
  readonly version: string | null
  readonly environment: string
  readonly outcome: Outcome
  readonly cause?: Cause
  /** A mandatory policy fails without waiver, or could not be evaluated: exit 2. */
  readonly blocks: boolean
  readonly demand: Action
  readonly counts: Readonly<Record<Outcome, number>>
  /** Digests of the snapshots judged, sorted. */
  readonly snapshots: readonly Digest[]
  /** Ids of all findings but passes. */
  readonly findings: readonly string[]
}

/** What a demand is made from: an unwaived failure under an approval or mandatory policy, less its figures and words. */
export type BindingFailure = Pick<
  Finding,
  'policy' | 'rule' | 'model' | 'environment' | 'subject' | 'severity' | 'enforcement'
>

/** One deployment judged: the verdict and all its findings in order (passes included). */
export interface Judgement {
  readonly verdict: Verdict
  readonly findings: readonly Finding[]
  /** The instant (ms) until which this holds if no file changes: the next staleness, waiver or review boundary; Infinity where none. */
  readonly holdsUntil: number
  /** The binding failures among the findings, in order, where they are at hand without reading the findings. */
  readonly binding?: readonly BindingFailure[]
}
