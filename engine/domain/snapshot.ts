// Measurements of one model version over one window, as stored (RESOURCES.md), and how a stage reads their history.
import type { Digest } from '../base/canonical-json.ts'
import type { Instant, Window } from './instant.ts'

/**
 * What measurements are for: rules read `monitoring`, changes may count from `baseline`, and nothing is judged by
 * `validation`.
 */
export type Purpose = 'monitoring' | 'baseline' | 'validation'

/** One compared group of a measurement: its rows, and figures by name. `suppressed`: too small to be shown. */
export interface GroupCount {
  readonly group: string
  readonly n: number
  readonly suppressed?: boolean
  readonly [figure: string]: unknown
}

/** One value of one metric for one subject. `n` is the rows it rests on; `interval` is at `level`, else at 0.95. */
export interface Measurement {
  readonly metric: string
  readonly feature?: string
  /** A protected attribute. */
  readonly attribute?: string
  /** One group of `attribute` (its value), or of a pair `sex=F|race=B` when `attribute` is absent. */
  readonly group?: string
  readonly endpoint?: string
  /** `null`: not measurable, with `reason`. */
  readonly value: number | null
  readonly reason?: string
  readonly n?: number
  readonly interval?: readonly [number, number]
  readonly level?: number
  readonly definition?: string
  /** The value on the reference window. */
  readonly reference?: number
  readonly groups?: readonly GroupCount[]
}

/** One stored line: what one tool measured of one version in one environment over one window. */
export interface Snapshot {
  readonly apiVersion: 'tutela/v1'
  readonly kind: 'Snapshot'
  readonly model: string
  readonly version: string
  readonly environment: string
  readonly purpose: Purpose
  readonly window: Window
  readonly rows?: { readonly current: number; readonly reference?: number }
  readonly source: { readonly tool: string; readonly version: string; readonly digest: string }
  readonly supersedes?: Digest
  readonly measurements: readonly Measurement[]
}

/** A live snapshot; its measurements are parsed when first asked for. */
export interface LiveSnapshot {
  /** SHA-256 of the line's bytes as stored. */
  readonly digest: Digest
  readonly window: Window
  readonly start: Instant
  readonly end: Instant
  readonly file: string
  readonly line: number
  /** The measurements of one metric, in stored order; `undefined` when the snapshot does not measure it. */
  measurementsOf(metric: string): readonly Measurement[] | undefined
}

/** The live snapshots of one model. */
export interface SnapshotHistory {
  /** Newest first (window end, then start, then digest); windows that end after `now` are left out. Lazy. */
  windows(version: string, environment: string, purpose: Purpose): Iterable<LiveSnapshot>
}

/** `sex`, `income`, `/v1/score`, `sex=F`, `sex=F|race=B`; `null` for a value about the model (EVALUATION.md). */
export function subjectText(m: Pick<Measurement, 'feature' | 'attribute' | 'group' | 'endpoint'>): string | null {
  if (m.feature !== undefined) return m.feature
  if (m.endpoint !== undefined) return m.endpoint
  if (m.group !== undefined) return m.attribute === undefined ? m.group : `${m.attribute}=${m.group}`
  return m.attribute ?? null
}
