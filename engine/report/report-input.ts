// What a report is made from. All of it is data; a report reads no file, clock or environment.
import type { Decision, Undisclosed } from '../domain/decision.ts'
import type { Finding } from '../domain/finding.ts'
import type { Language, Rulebook } from '../domain/governance.ts'
import type { Instant } from '../domain/instant.ts'
import type { LoadedCard } from '../domain/model-card.ts'
import type { Plan } from '../domain/plan.ts'
import type { PreviousRun } from '../domain/recorded-run.ts'

/** An open proposal, as far as readers need it. */
export interface OpenProposal {
  readonly id: string
  readonly key: string
  readonly model: string
  readonly environment: string
  readonly action: 'retrain' | 'rollback' | 'hold' | 'promote'
  /** RFC 3339, UTC. */
  readonly openedAt: string
  readonly url?: string
}

/** What people changed since the last recorded run. */
export interface FileChange {
  readonly kind: 'policy' | 'card'
  readonly id: string
  readonly how: 'added' | 'changed' | 'removed'
}

/** All that a report is made from: a section asks nothing else of the world. */
export interface ReportInput {
  readonly plan: Plan
  /** The last recorded run; null for the first. */
  readonly previous: PreviousRun | null
  readonly rulebook: Rulebook
  readonly cards: ReadonlyMap<string, LoadedCard>
  readonly proposals: readonly OpenProposal[]
  /** What people decided of proposals: merged, refused or snoozed. */
  readonly decisions: readonly Decision[]
  /** Those of them that no run has told yet. */
  readonly untold: Undisclosed
  /** null: not known, and the report says so. */
  readonly fileChanges: readonly FileChange[] | null
  readonly now: Instant
  /**
   * A finding's message in a language. By default the one it carries, which is in the first language of
   * governance.yaml: in the other, only where neither its value nor its cause says the same.
   */
  readonly messageOf?: (finding: Finding, language: Language) => string
}
