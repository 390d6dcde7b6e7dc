// What the planner of remedies is given; all of it is data, and nothing of it is read from the world here.
import type { Finding, Judgement, Outcome } from '../domain/finding.ts'
import type { Language, Rulebook } from '../domain/governance.ts'
import type { Instant } from '../domain/instant.ts'
import type { LoadedCard } from '../domain/model-card.ts'
import type { Policy } from '../domain/policy.ts'
import type { Proposal } from '../domain/proposal.ts'
import type { RecordedDemand } from '../domain/recorded-run.ts'
import type { SnapshotHistory } from '../domain/snapshot.ts'
import type { AllowedSigners } from './allowed-signers.ts'

/** All that the planner of remedies sees: it asks nothing else of the world. */
export interface RemedyInput {
  readonly now: Instant
  readonly judgements: readonly Judgement[]
  /** By model id; a card that cannot be read is absent. */
  readonly cards: ReadonlyMap<string, LoadedCard>
  /** The text of a card's file in the judged tree. */
  readonly cardText: (file: string) => string
  readonly rulebook: Rulebook
  /** All that the forge knows, ended ones included. */
  readonly proposals: readonly Proposal[]
  /** Since when demands stand: `demands` of the last recorded run. */
  readonly demands: readonly RecordedDemand[]
  /** Outcomes of the verdicts last recorded, by `deploymentKey`, of all versions: for a rollback's target. */
  readonly outcomes: ReadonlyMap<string, Outcome>
  /** Whose key may sign, by the base; absent: nobody's. */
  readonly signers?: AllowedSigners
  /** `sentName` of each trigger that was begun. */
  readonly sent: ReadonlySet<string>
  /**
   * Every finding of a model, passes included, whatever `judgements` keep. Asked only of models with an open proposal:
   * a problem counts as over when its requirements are seen to be met, not when they are not mentioned.
   */
  readonly allFindings: (model: string) => readonly Finding[]
  /** Earlier values, for the text alone. Asked only of models whose proposal is written. */
  readonly histories?: (model: string) => SnapshotHistory | null
  /** What was written before of the same card, snapshots and policies; absent: nothing. */
  readonly written?: WrittenTexts
}

/** A memory of texts by model and by a key of what else they were made from. */
export interface WrittenTexts {
  recall(model: string, key: string): unknown
  remember(model: string, key: string, value: unknown): void
}

/** The input with what is derived from it once. */
export interface RemedyContext extends RemedyInput {
  readonly policies: ReadonlyMap<string, Policy>
  /** The first language of governance.yaml. */
  readonly language: Language
}
