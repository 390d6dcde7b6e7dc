// What the body of each kind of entry holds: digests, ids and verdicts, never contents and never a person.
// A field that has no value is left out. Kinds without a writer yet take any object.
import type { Digest } from '../base/canonical-json.ts'
import type { Cause, Outcome, Verdict } from '../domain/finding.ts'

/** A list, or its digest alone where the entry would pass 32 KiB. */
export type OrDigest<T> = T | Digest

/** First of a run's entries: what was judged, by which engine, with how many outcomes. */
export interface RunBody {
  /** Version of the engine. */
  readonly engine: string
  /** The plan's digest (EVALUATION.md). */
  readonly digest: Digest
  readonly counts: {
    /** Deployments by outcome. */
    readonly verdicts: Readonly<Record<Outcome, number>>
    readonly findings: Readonly<Record<Outcome, number>>
    readonly blocking: number
  }
  /** Git tree ids of the judged commit; null where the folder is absent. */
  readonly trees: { readonly policies: string | null; readonly models: string | null }
  /** Everything under policies/ together. */
  readonly rulebook: Digest
  /** By policy id. */
  readonly policies: OrDigest<Readonly<Record<string, Digest>>>
  /** By model id. */
  readonly cards: OrDigest<Readonly<Record<string, Digest>>>
  /** Ids of the waivers in force, sorted. */
  readonly waivers: OrDigest<readonly string[]>
}

/** A finding that is no pass. */
export interface RecordedFinding {
  readonly id: string
  readonly policy: string
  readonly rule: string
  /** Subject text (EVALUATION.md), or null. */
  readonly subject: string | null
  readonly outcome: Outcome
  readonly cause?: Cause
  readonly value?: number
  readonly limit?: number | readonly [number, number]
  /** The waiver that holds for it. */
  readonly waiver?: string
}

/** A verdict that differs from the one last recorded. Long lists stand as digests alone. */
export interface EvaluationBody {
  readonly verdict: Omit<Verdict, 'findings' | 'snapshots'> & {
    readonly findings: OrDigest<readonly string[]>
    readonly snapshots: OrDigest<readonly Digest[]>
  }
  /** Digest of the card; null where it cannot be read. */
  readonly card: Digest | null
  /** Everything under policies/ together (`rulebook` of the run). */
  readonly policies: Digest
  readonly findings: OrDigest<readonly RecordedFinding[]>
}

/** Identity of a proposal or action (REMEDIATION.md): 64 hex digits each. */
interface Identified {
  readonly key: string
  readonly evidence: string
  readonly model: string
  readonly environment: string
}

interface ProposalEvent {
  /** Id of the proposal: the first 10 hex digits of its key (local forge), or the forge's number. */
  readonly proposal: string
  readonly at?: string
}

/** A proposal was opened, or opened again, for these facts. */
export interface ProposalOpenedBody extends ProposalEvent, Identified {
  readonly action: 'retrain' | 'rollback' | 'hold' | 'promote'
  /** Head commit. */
  readonly head: string
}

/** Its head or evidence changed, so earlier approvals are void. */
export interface ProposalUpdatedBody extends ProposalEvent {
  readonly evidence: string
  readonly head: string
}

/** Somebody signed this head for this evidence. */
export interface ProposalApprovedBody extends ProposalEvent {
  readonly evidence: string
  readonly head: string
  /** `team:…`: the roles in which it was approved, never the person. */
  readonly by: string | readonly string[]
  /** SHA-256 of the signed approval, which stays in the repository. */
  readonly approval: Digest
}

/** Its head reached the base. */
export interface ProposalMergedBody extends ProposalEvent {
  readonly head: string
  /** The merge commit. */
  readonly commit: string
}

/** It ended without a merge. */
export interface ProposalClosedBody extends ProposalEvent {
  /** `resolved`, `superseded`, `rejected`, … */
  readonly reason: string
  readonly by?: string | readonly string[]
}

/** A training was asked for. */
export interface TriggerSentBody extends Identified {
  /** Name of the trigger in governance.yaml. */
  readonly trigger: string
  /** Id of the retrain request in the card. */
  readonly request: string
  /** `unknown`: it was begun, and a crash hid whether it ran; it is not begun again. */
  readonly state: 'sent' | 'failed' | 'unknown'
  /** The run that the receiver began, as it names it. */
  readonly ref?: string
  /** `ref` looked like personal data, and was left out. */
  readonly withheld?: readonly 'ref'[]
  readonly at?: string
}

/** A channel was told. */
export interface NoticeSentBody extends Identified {
  readonly channel: string
  readonly state: 'sent' | 'failed'
  readonly ref?: string
  readonly withheld?: readonly 'ref'[]
  readonly at?: string
}

/** A waiver stands in the base that was not there at the run before. */
export interface WaiverGrantedBody {
  readonly waiver: string
  readonly policy: string
  readonly rule: string
  readonly model: string
  readonly subject?: string
  /** Local days, both included. */
  readonly issued: string
  readonly expires: string
  /** The approver's role, or roles where there are several; absent for a person in no team. */
  readonly by?: string | readonly string[]
}

/** A waiver of the run before does not hold any more. */
export interface WaiverExpiredBody {
  readonly waiver: string
  /** `withdrawn`: taken away before its last day. */
  readonly reason: 'expired' | 'withdrawn'
}

/** `from` null: new; `to` null: removed. */
export interface PolicyChangedBody {
  /** Null: something else under policies/ (enforcement, waivers, governance.yaml). */
  readonly policy: string | null
  readonly from: Digest | null
  readonly to: Digest | null
}

/** A card differs from the run before; null where there was or is none. */
export interface CardChangedBody {
  /** Null: there are too many cards to keep one by one, and these are digests of all of them. */
  readonly model: string | null
  readonly from: Digest | null
  readonly to: Digest | null
}

/** The report of an earlier run, which a reader can check against these digests. */
export interface ReportPublishedBody {
  /** The run whose report it is. */
  readonly run: string
  /** `reports/<yyyy-mm-dd>/<run>` */
  readonly path: string
  /** Of each file in it, the SHA-256 of its bytes. */
  readonly files: Readonly<Record<string, Digest>>
  readonly at?: string
}

/** The log changes its key: signed by the old one. */
export interface KeyRotatedBody {
  /** Verifier keys. */
  readonly from: string
  readonly to: string
  readonly at?: string
}

/** The log as it stood at a size was pinned; whoever fetches the CID holds every block against it. */
export interface AnchorBody {
  readonly cid: string
  readonly size: number
  /** Base64, as in the checkpoint. */
  readonly root: string
  /** `local`: on a machine of the institution alone; `node`; `service:<name>`. */
  readonly where: string
  readonly at?: string
}

/** The opening of a commitment was destroyed: nobody can tell any more what it was made of. */
export interface ErasureBody {
  /** `hmac-sha256:…`, as it stands in the entry that is meant. */
  readonly commitment: string
  readonly at?: string
}

type AnyBody = Readonly<Record<string, unknown>>

/** The body of each kind. */
export interface EntryBodies {
  readonly run: RunBody
  readonly evaluation: EvaluationBody
  readonly 'proposal-opened': ProposalOpenedBody
  readonly 'proposal-updated': ProposalUpdatedBody
  readonly 'proposal-approved': ProposalApprovedBody
  readonly 'proposal-merged': ProposalMergedBody
  readonly 'proposal-closed': ProposalClosedBody
  readonly 'trigger-sent': TriggerSentBody
  readonly 'candidate-judged': AnyBody
  readonly promoted: AnyBody
  readonly 'rolled-back': AnyBody
  readonly 'notice-sent': NoticeSentBody
  readonly 'waiver-granted': WaiverGrantedBody
  readonly 'waiver-expired': WaiverExpiredBody
  readonly 'policy-changed': PolicyChangedBody
  readonly 'card-changed': CardChangedBody
  readonly 'report-published': ReportPublishedBody
  readonly 'review-request': AnyBody
  readonly incident: AnyBody
  readonly anchor: AnchorBody
  readonly 'key-rotated': KeyRotatedBody
  readonly erasure: ErasureBody
}
