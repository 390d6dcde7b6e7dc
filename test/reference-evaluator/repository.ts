// What the reference evaluator reads: everything at once, as plain arrays, in any order.
import type { Digest } from '../../engine/base/canonical-json.ts'
import type { Finding, Verdict } from '../../engine/domain/finding.ts'
import type { Rulebook } from '../../engine/domain/governance.ts'
import type { Instant } from '../../engine/domain/instant.ts'
import type { Metric } from '../../engine/domain/metric.ts'
import type { LoadedCard } from '../../engine/domain/model-card.ts'
import type { Snapshot } from '../../engine/domain/snapshot.ts'

export interface StoredSnapshot {
  readonly digest: Digest
  readonly file: string
  readonly line: number
  readonly snapshot: Snapshot
}

export interface Repository {
  readonly rulebook: Rulebook
  readonly metrics: ReadonlyMap<string, Metric>
  readonly cards: readonly LoadedCard[]
  readonly snapshots: readonly StoredSnapshot[]
  readonly now: Instant
}

/** A finding without its words, which the reference does not write. */
export type PlainFinding = Omit<Finding, 'message'>

export interface PlainJudgement {
  readonly verdict: Verdict
  readonly findings: readonly PlainFinding[]
}
