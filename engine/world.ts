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

/** 40 hex digits of a Git object. */
export type ObjectId = string

export interface Clock {
  /** Whole seconds, as milliseconds. */
  now(): Instant
}

/** One file of a tree: working tree, commit, or memory. */
export interface TreeFile {
  /** Relative, with `/`, never `..` or `.git`. */
  readonly path: string
  /** The blob's id; `null` for a changed file of the working tree whose content was not hashed yet. */
  readonly id: ObjectId | null
  readonly mode: 'file' | 'executable' | 'link' | 'submodule'
}

/** A source of files that does not change while it is read. Sorted by path (bytes). */
export interface SourceTree {
  /** What it is, for messages: `working tree`, `commit abc…`. */
  readonly label: string
  /** The commit it is, or the HEAD it is compared with; `null` in a repository without commits or outside Git. */
  readonly commit: ObjectId | null
  /** Paths that differ from `commit`, sorted; empty for a commit. */
  readonly dirty: readonly string[]
  /** Files below these folders only (`policies`, `models`, `ledger`, …), sorted by path. */
  list(folders: readonly string[]): readonly TreeFile[]
  has(path: string): boolean
  /** The bytes; faults `git/…` when the object is lacking (partial or sparse clone, LFS pointer is the caller's business). */
  read(path: string): Uint8Array
  /** The Git tree id of a folder of `commit` (not of the working tree); `null` where absent. */
  treeId(folder: string): ObjectId | null
}

export interface PersonAt {
  readonly name: string
  readonly email: string
  /** Seconds since the epoch; written with zone +0000. */
  readonly at: number
}

export interface CommitInfo {
  readonly id: ObjectId
  readonly tree: ObjectId
  readonly parents: readonly ObjectId[]
  readonly author: PersonAt
  readonly committer: PersonAt
  readonly message: string
}

/** A change to a tree: `null` removes the path. */
export type TreeChanges = ReadonlyMap<string, Uint8Array | null>

export interface NewCommit {
  /** The commit whose tree the changes apply to; `null` starts from an empty tree. */
  readonly base: ObjectId | null
  readonly parents: readonly ObjectId[]
  readonly changes: TreeChanges
  readonly message: string
  readonly author: PersonAt
  readonly committer: PersonAt
  /** Signs the commit's bytes (SSHSIG armour) when present. */
  readonly sign?: (payload: Uint8Array) => string
}

/** A move of one ref; `expect: null` means it must not exist, `to: null` deletes it. */
export interface RefUpdate {
  readonly ref: string
  readonly expect: ObjectId | null
  readonly to: ObjectId | null
}

/** The governance repository in Git, with our own durable writes. Refs are full names (`refs/heads/main`). */
export interface GitStore {
  /** Absolute paths. `gitDir` is the common Git directory; `workTree` is null for a bare one. */
  readonly gitDir: string
  readonly workTree: string | null
  /** The branch that is checked out as a full ref name, or null when HEAD is detached. */
  headRef(): string | null
  /** A full ref, `HEAD`, branch, tag or (abbreviated) commit id → commit id; null where it does not resolve. */
  resolve(name: string): ObjectId | null
  listRefs(prefix: string): readonly { readonly ref: string; readonly id: ObjectId }[]
  workingTree(): SourceTree
  commitTree(commit: ObjectId): SourceTree
  readCommit(id: ObjectId): CommitInfo
  /** Ancestors by first parent, newest first, at most `limit`. Stops at a shallow boundary. */
  firstParents(from: ObjectId, limit: number): readonly CommitInfo[]
  /** Whether `ancestor` is reachable from `from`. */
  isAncestor(ancestor: ObjectId, from: ObjectId): boolean
  mergeBase(a: ObjectId, b: ObjectId): ObjectId | null
  /** Paths that differ between two commits' trees (either may be null), sorted. */
  changedPaths(from: ObjectId | null, to: ObjectId | null): readonly string[]
  /** Writes blobs, trees and the commit durably; nothing refers to it yet. Equal input, equal id. */
  writeCommit(commit: NewCommit): ObjectId
  /** Three-way merge of trees at file level; the paths that conflict, or the commit. */
  mergeCommit(options: {
    readonly ours: ObjectId
    readonly theirs: ObjectId
    readonly message: string
    readonly author: PersonAt
    readonly committer: PersonAt
  }): { readonly commit: ObjectId } | { readonly conflicts: readonly string[] }
  /** Compare-and-swap under `<ref>.lock`, durable; false when the ref has moved. */
  updateRef(update: RefUpdate): boolean
  /** Brings index and files up to `to` for the paths that differ from `from`; faults when one of them is dirty. Idempotent. */
  followCheckout(from: ObjectId | null, to: ObjectId, paths: readonly string[]): void
  /** Folds the packs that `writeCommit` made into one when there are many (above 40); how many were folded. Faults never: it is upkeep. */
  foldPacks(): number
  /** Remote named in the configuration, or null. */
  remote(): GitRemote | null
  config(key: string): string | null
}

export interface GitRemote {
  readonly name: string
  readonly url: string
  /** Fetches these refs (full names; `refs/tutela/*` patterns allowed) into `refs/tutela-remote/<ref without refs/>`; returns what the remote has. */
  fetch(refs: readonly string[]): Promise<ReadonlyMap<string, ObjectId>>
  /** Each update is compare-and-swap at the remote; false for those refused. */
  push(updates: readonly RefUpdate[]): Promise<boolean>
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
  /** What happened since a bookmark (null: ever), by proposal and then in order, and the next bookmark. */
  eventsSince(bookmark: ForgeBookmark | null): Promise<{
    readonly events: readonly { readonly proposal: Proposal; readonly event: ProposalEvent }[]
    readonly bookmark: ForgeBookmark
  }>
}

/** A forge that merges by itself, because no server does. */
export interface MergingForge extends Forge {
  /**
   * Merges the head into a branch by compare-and-swap and ends the proposal; the branch's checkout follows.
   * Done already: finishes what is left. Faults `forge/ended`, `forge/conflict`, `forge/moved`, `git/dirty`.
   */
  merge(
    id: string,
    options: {
      readonly into: string
      readonly head: ObjectId
      readonly by: string
      readonly person: PersonAt
      readonly at: string
    },
  ): Promise<{ readonly commit: ObjectId }>
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

/** Files outside any tree: keys, exports, notices, `init` and `demo`. Absolute paths; writes are durable. */
export interface Files {
  read(path: string): Uint8Array | null
  write(path: string, bytes: Uint8Array | string, mode?: number): void
  exists(path: string): boolean
  /** Names in a folder, sorted; empty where absent. */
  list(directory: string): readonly string[]
  makeScratch(prefix: string): string
}

/** A folder of files that may vanish at any time. Reading what is not there, or writing where that fails, is no fault. */
export interface CacheFolder {
  /** Identifies the code whose results are kept: equal programs, equal text. */
  readonly engine: string
  read(name: string): Uint8Array | null
  /** Replaces a file by these pieces in order; false where it could not be written. */
  write(name: string, pieces: readonly Uint8Array[]): boolean
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
  /** The cache that belongs to a Git directory; absent: nothing is kept. */
  readonly caches?: { open(gitDir: string): CacheFolder }
}
