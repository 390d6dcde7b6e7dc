// A proposal: the pull request that carries a remedy, as the planner, the gate and the commands see it on any forge
// (REMEDIATION.md). What a forge is asked to do with it is the port `Forge` in world.ts.
import { type Digest, sha256Hex } from '../base/canonical-json.ts'
import type { Window } from './instant.ts'

/** What a proposal would change: a retrain request, the deployed version, or the promotion of a candidate. */
export type Remedy = 'retrain' | 'rollback' | 'hold' | 'promote'

/** A violated requirement: subject text or null. */
export type Violation = readonly [policy: string, rule: string, subject: string | null]

/** A clean window of one violated requirement, told from others by its end. */
export interface CleanWindow {
  readonly violation: Violation
  /** RFC 3339; null for a requirement on the card, which has no windows. */
  readonly end: string | null
}

/** What a person signs: this head and this evidence, and nothing else. RFC 8785 JSON. */
export interface Approval {
  readonly proposal: string
  readonly head: string
  readonly evidence: string
  /** The principal of the key in `policies/allowed-signers`. */
  readonly by: string
  /** RFC 3339, UTC. */
  readonly at: string
}

/** What a person signed, and the signature over exactly these bytes. */
export interface SignedApproval {
  /** The signed bytes, as text. */
  readonly text: string
  /** SSHSIG armour. */
  readonly signature: string
}

/** The word of a person that silences these facts; `until` null: for as long as they stay the same. */
export interface IgnoreRecord {
  readonly evidence: string
  readonly at: string
  readonly until: string | null
  /** The signed rejection: without one nothing that a mandatory policy demands is silenced. */
  readonly signed?: SignedApproval
}

/** What a person signs who rejects what a mandatory policy demands. RFC 8785 JSON; no approval can be read from it. */
export interface Rejection {
  readonly proposal: string
  readonly evidence: string
  /** The principal of the key in `policies/allowed-signers`. */
  readonly by: string
  /** RFC 3339, UTC. */
  readonly at: string
  /** RFC 3339, UTC: the first moment at which it does not hold. */
  readonly until: string
  readonly reason: string
}

/** When, by whom and why a proposal ended. */
export interface ProposalEnd {
  readonly at: string
  readonly by: 'engine' | 'person'
  /** `resolved`, `superseded`, `waived`, `withdrawn`, `rejected`, `closed`, `merged`. */
  readonly reason: string
  /** The person, where one is known. Like `text`, absent in what was written before either was kept. */
  readonly who?: string
  /** What the person gave as the reason. */
  readonly text?: string
}

/** Who snoozed, when and why. */
export interface Snooze {
  readonly at: string
  readonly who: string
  readonly text?: string
}

/** One proposal with its history folded into what holds now. */
export interface Proposal {
  /** As its forge names it; of the local one the first 10 hex digits of the key. */
  readonly id: string
  readonly key: string
  readonly evidence: string
  readonly model: string
  readonly environment: string
  readonly action: Remedy
  readonly state: 'open' | 'merged' | 'closed'
  readonly title: string
  /** Full name of the ref. */
  readonly branch: string
  /** What would be merged now: the tip of the branch; after the end the last one. */
  readonly head: string
  /** The judged commit that it was last rendered on. */
  readonly base: string
  /** Digest of the card's text that it was rendered from. */
  readonly source: Digest
  /** Digest of the body's text. */
  readonly body: Digest
  readonly violations: readonly Violation[]
  /** The version that a rollback returns to. */
  readonly target: string | null
  /** The window of a retrain request. */
  readonly window: Window | null
  readonly openedAt: string
  /** A person committed to the branch: it is not rendered again until somebody asks for it. */
  readonly isFrozen: boolean
  /** Whether `head` is reachable from the base, by whatever way it came there. */
  readonly isOnBase: boolean
  /** The merge commit that its chain names and the base lacks: it counts as open. Absent: none is claimed. */
  readonly claimedMerge?: string
  readonly snoozedUntil: string | null
  /** The word behind `snoozedUntil`; absent where none was said, or before it was kept. */
  readonly snooze?: Snooze
  readonly ignored: readonly IgnoreRecord[]
  /** Clean windows since the last violation. */
  readonly clean: readonly CleanWindow[]
  /** Evidence that was merged, oldest first. */
  readonly merged: readonly { readonly evidence: string; readonly at: string; readonly commit: string }[]
  readonly end: ProposalEnd | null
  /** Of the present opening, oldest first; those for another head or evidence are void. */
  readonly approvals: readonly SignedApproval[]
}

/** What the engine or a person did to a proposal. */
export type ProposalEventKind =
  | 'opened'
  | 'refreshed'
  | 'frozen'
  | 'approved'
  | 'rejected'
  | 'snoozed'
  | 'commented'
  | 'merged'
  | 'closed'

/** One step in a proposal's life. People's names stay in the repository: the ledger takes roles alone. */
export interface ProposalEvent {
  readonly kind: ProposalEventKind
  readonly at: string
  /** A principal, or null for the engine. */
  readonly by: string | null
  readonly head: string
  readonly evidence: string
  /** A close's reason, a comment's text. */
  readonly text?: string
  readonly until?: string
  /** The merge commit. */
  readonly commit?: string
  /** Of an approval: the SHA-256 of what `approvalDigest` says. */
  readonly approval?: Digest
  /** The run that planned it. */
  readonly run?: string
  /** Of a refresh: head or evidence changed, so approvals are void; else only its text did. */
  readonly isMaterial?: boolean
}

/**
 * SHA-256 of the signed text followed by its signature. The text alone could be guessed from a list of names; the
 * signature cannot, so the ledger may hold this digest.
 */
export function approvalDigest({ text, signature }: SignedApproval): Digest {
  return `sha256:${sha256Hex(text + signature)}`
}
