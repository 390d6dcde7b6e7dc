// The ports: everything the engine asks of the outside, as small interfaces in our own words.
// Adapters implement them; stages that touch the world take `World` (or one port of it) first. Nothing here does anything.
import type { Digest } from './base/canonical-json.ts'
import type { Channel, Governance, Trigger } from './domain/governance.ts'
import type { Instant, Window } from './domain/instant.ts'
import type { Notice } from './domain/notice.ts'
import type {
  CleanWindow,
  Proposal,
  ProposalEvent,
  ProposalEventKind,
  Remedy,
  SignedApproval,
  Violation,
} from './domain/proposal.ts'
import type { Table } from './domain/table.ts'
import type { CacheFolder, Files, ScratchFile } from './world-files.ts'
import type { GitRemote, GitStore, ObjectId, PersonAt, RefUpdate, SourceTree, TreeChanges } from './world-git.ts'
import type { BlockStore, Gateway, PinNode } from './world-pins.ts'
import type { EngineRequest, FileEngine, MetricsServer } from './world-sql.ts'

export type * from './world-files.ts'
export type * from './world-git.ts'
export type * from './world-pins.ts'
export type * from './world-sql.ts'

export interface Clock {
  /** Whole seconds, as milliseconds. */
  now(): Instant
}

export interface Process {
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Runs a command without a shell. Used by the `command` trigger alone. */
export interface Commands {
  run(
    argv: readonly string[],
    options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly timeoutMs: number },
  ): Promise<{ readonly status: number; readonly output: string }>
}

/** A proposal as it is to be opened, or shown anew. */
export interface ProposalDraft {
  readonly key: string
  readonly evidence: string
  readonly model: string
  readonly environment: string
  readonly action: Remedy
  /** Full name of the ref. */
  readonly branch: string
  readonly title: string
  /** Markdown. */
  readonly body: string
  readonly violations: readonly Violation[]
  readonly target: string | null
  readonly window: Window | null
  /** Digest of the card's text that the change was made from. */
  readonly source: Digest
  /** The judged commit: the parent of the proposal's one commit. */
  readonly base: ObjectId
  /** Null: the branch keeps its commits. */
  readonly commit: { readonly changes: TreeChanges; readonly message: string; readonly author: PersonAt } | null
  readonly at: string
  /** The run that planned it: the same run's step, done again, changes nothing. */
  readonly run: string
}

/** What a person does to a proposal; `by` is a name that the forge knows. */
export interface PersonsWord {
  readonly kind: Extract<ProposalEventKind, 'approved' | 'rejected' | 'snoozed' | 'commented' | 'closed'>
  readonly by: string
  readonly at: string
  readonly text?: string
  readonly until?: string
  readonly approval?: SignedApproval
  /** Of a rejection that is signed. */
  readonly rejection?: SignedApproval
}

/** How far the events of a forge were read: opaque, to be given back. Plain data. */
export type ForgeBookmark = Readonly<Record<string, string>>

/**
 * Where proposals live. Each step looks before it acts, so that it can be repeated after a crash: what is done already
 * is left alone, and what is done in part is finished.
 */
export interface Forge {
  readonly kind: string
  /** All proposals, ended ones included, by id. `base` says which heads it holds already. */
  list(base: ObjectId): Promise<readonly Proposal[]>
  body(id: string): Promise<string>
  /** Oldest first. */
  history(id: string): Promise<readonly ProposalEvent[]>
  /** Opens, or opens again, the proposal of this key; its id. */
  open(draft: ProposalDraft): Promise<string>
  /** Brings an open proposal up to date; an ended one is left alone. */
  refresh(draft: ProposalDraft): Promise<string>
  /** Keeps count of the clean windows of an open proposal. */
  keepCount(
    id: string,
    count: { readonly clean: readonly CleanWindow[]; readonly at: string; readonly run: string },
  ): Promise<void>
  /** Ends an open proposal by the engine's decision. */
  close(id: string, end: { readonly reason: string; readonly at: string; readonly run: string }): Promise<void>
  /** Faults `forge/ended` where the proposal is not open. */
  say(id: string, word: PersonsWord): Promise<void>
  /**
   * What happened since a bookmark (null: ever), by proposal and then in order, and the next bookmark. `there`: what a
   * remote has; then only what stands there is told, because all else may still be said again after the word of another.
   */
  eventsSince(
    bookmark: ForgeBookmark | null,
    there?: SharedAt['there'],
  ): Promise<{
    readonly events: readonly { readonly proposal: Proposal; readonly event: ProposalEvent }[]
    readonly bookmark: ForgeBookmark
  }>
}

/** A remote where proposals are shared, and the refs that it had when they were last fetched. */
export interface SharedAt {
  readonly remote: GitRemote
  readonly there: ReadonlyMap<string, ObjectId>
}

/**
 * After a fetch. `lost`: what people said here and can be said no more, because the proposal ended, or its facts changed,
 * meanwhile.
 */
export interface FetchedProposals extends SharedAt {
  readonly lost: readonly { readonly id: string; readonly event: ProposalEvent }[]
}

/** A proposal that has lost what was recorded of it: somebody put its ref back, or wrote another. */
export interface RewoundProposal {
  readonly id: string
  /** Up to where it was recorded. */
  readonly recorded: ObjectId
  /** Whether this clone has that; else nobody here can say what is missing. */
  readonly isHere: boolean
  /** Whether it has no ref at all. */
  readonly isGone: boolean
  /** What people said, and stands there no more; of one without a ref all that happened. Oldest first. */
  readonly missing: readonly ProposalEvent[]
}

/** A forge that merges by itself, because no server does. */
export interface MergingForge extends Forge {
  /** Proposals that lack words of people which were read up to a bookmark. By what they say: they may be said again. */
  rewound(bookmark: ForgeBookmark | null): readonly RewoundProposal[]
  /**
   * Merges the head into a branch by compare-and-swap and ends the proposal; the branch's checkout follows.
   * Done already: finishes what is left. `shared`: the push, with branch and proposal in it, is the commit point.
   * Faults `forge/ended`, `forge/conflict`, `forge/moved` (here or there: nothing moved), `git/dirty`, `git/locked`.
   */
  merge(
    id: string,
    options: {
      readonly into: string
      readonly head: ObjectId
      readonly by: string
      /** The merge commit's author. */
      readonly person: PersonAt
      /** Left out: the author. */
      readonly committer?: PersonAt
      readonly at: string
      readonly shared?: SharedAt
    },
  ): Promise<{ readonly commit: ObjectId }>
  /**
   * Brings the proposals up to those of a remote, and fetches the refs `also` into what it returns. What people said
   * here and nobody pushed is said again after what the remote has. What the engine did and nobody pushed is left to the
   * next run.
   */
  fetch(remote: GitRemote, also: readonly string[]): Promise<FetchedProposals>
  /** The moves that bring proposals and their branches at a remote up to those here, to be pushed all or none. */
  unpushed(there: SharedAt['there']): readonly RefUpdate[]
  /** Pushes proposals that the remote lacks, all or none, by compare-and-swap; false where one has moved there. */
  push(shared: SharedAt): Promise<boolean>
}

export interface RetrainOrder {
  /** Id of the request in the card. */
  readonly request: string
  readonly model: string
  readonly environment: string
  readonly version: string
  readonly window: Window | null
}

/** What starts a training. */
export interface RetrainTrigger {
  /** `not-started`: certain that nothing ran, so it may be sent again. `output`: bounded, for people. */
  send(
    order: RetrainOrder,
  ): Promise<{ readonly state: 'sent' | 'failed' | 'not-started'; readonly ref?: string; readonly output: string }>
}

/** Where notices go: a file, a chat, a pager. Sending the same notice again does no harm where the receiver can tell. */
export interface NoticeChannel {
  /** `harmless`: sending a notice again changes nothing, so its mark may come later. */
  readonly repeats?: 'harmless'
  /** `ref`: what the receiver calls it. Faults `notify/…` when it was not taken. */
  send(notice: Notice): Promise<{ readonly ref: string }>
}

export interface Repositories {
  /** The repository around a folder; null where there is none. Faults `git/…` on formats it cannot read. */
  open(start: string): GitStore | null
  /** A folder outside Git, as a tree without commit. */
  openFolder(directory: string): SourceTree
  /** A new repository with branch `main`; faults where one exists. */
  create(directory: string): GitStore
}

/**
 * All rows of a Parquet file from its bytes; null where it holds more than `largestCells` cells. Times are text
 * `yyyy-mm-dd hh:mm:ss`. Rejects where the bytes are no Parquet file.
 */
export type TableReader = (bytes: Uint8Array, options: { readonly largestCells: number }) => Promise<Table | null>

/** A model registry (MLflow's REST API), read only. */
export interface ModelRegistry {
  /** The bytes of a reply to a GET; null where the registry has no such thing. Faults `registry/…`, `http/…`. */
  reply(path: string, query: Readonly<Record<string, string>>): Promise<Uint8Array | null>
}

/** Witnesses of logs over HTTP (https://c2sp.org/tlog-witness): asking one, and being one. */
export interface Witnesses {
  /** Any status is an answer; no redirect is followed. Faults `http/unreachable`, `http/too-large`, `http/bad-url`. */
  post(url: string, body: Uint8Array): Promise<{ readonly status: number; readonly bytes: Uint8Array }>
  /** Listens until the process is told to stop; port 0 takes a free one. Faults `witness/cannot-listen`. */
  serve(options: {
    readonly host: string
    readonly port: number
    readonly largestBytes: number
    /** What is answered to a body at a moment in seconds since the epoch; one at a time. */
    answer(body: Uint8Array, seconds: number): { readonly status: number; readonly type: string; readonly body: string }
    /** Why a request got no answer of the witness. */
    failed(error: unknown): void
  }): Promise<{ readonly address: string; readonly stopped: Promise<void> }>
}

export interface World {
  readonly clock: Clock
  readonly repositories: Repositories
  readonly files: Files
  readonly process: Process
  readonly commands: Commands
  /** The forge that governance.yaml names. Faults `forge/unknown-kind`. */
  openForge(git: GitStore, governance: Governance): MergingForge
  /** A trigger of governance.yaml. Faults `trigger/unknown-kind`. */
  openTrigger(git: GitStore, trigger: Trigger): RetrainTrigger
  /** A channel of governance.yaml; `file` without settings is the embedded one. Faults `notify/unknown-kind`. */
  openChannel(git: GitStore, channel: Channel): NoticeChannel
  /** Parquet files as tables; absent: they cannot be read. */
  readonly readParquet?: TableReader
  /** What measures data; absent: nothing can. Faults `observe/…`, `config/…`. */
  readonly openEngine?: (request: EngineRequest) => Promise<FileEngine>
  /** Faults `observe/bad-url`. */
  readonly openMetrics?: (url: string) => MetricsServer
  /** The model registry that the environment names (MLFLOW_TRACKING_URI); null where it names none. */
  openRegistry(): ModelRegistry | null
  /** The cache that belongs to a Git directory; absent: nothing is kept. */
  readonly caches?: { open(gitDir: string): CacheFolder }
  /** Where the blocks of pinned logs are kept; absent: logs are not pinned. */
  readonly openBlocks?: (git: GitStore) => BlockStore
  /** The node that governance.yaml names; null where it names none. Faults `pin/bad-url`, `config/no-secret`. */
  readonly openPinNode?: (governance: Governance) => Promise<PinNode | null>
  /** Who gives the CAR of a CID: the address of a gateway, or null: whom the environment names; null for nobody. */
  readonly openCarGiver?: (gateway: string | null) => Promise<Gateway | null>
  /** Absent: witnesses are neither asked nor served. */
  readonly witnesses?: Witnesses
  /** Where much is laid aside; absent or null: all is held in memory. */
  readonly openScratch?: () => ScratchFile | null
}
