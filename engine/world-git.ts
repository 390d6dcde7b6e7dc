// The ports on Git: trees that are read, commits and refs that are written, remotes. Part of world.ts, which re-exports it.
/** 40 hex digits of a Git object. */
export type ObjectId = string

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
  /** Lets a working tree remember the ids of files whose content was read, so that `list` has them the next time. */
  learnIds?(ids: ReadonlyMap<string, ObjectId>): void
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

/** A move of a branch that may be checked out: all that differs between the two commits. */
export interface BranchMove {
  readonly ref: string
  readonly expect: ObjectId | null
  readonly to: ObjectId
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
  /** Paths of the working tree below these folders that differ from HEAD, sorted; others are not looked into. */
  dirtyIn(folders: readonly string[]): readonly string[]
  commitTree(commit: ObjectId): SourceTree
  readCommit(id: ObjectId): CommitInfo
  /** Ancestors by first parent, newest first, at most `limit`. Stops at a shallow boundary. */
  firstParents(from: ObjectId, limit: number): readonly CommitInfo[]
  /** Whether `ancestor` is reachable from `from`. */
  isAncestor(ancestor: ObjectId, from: ObjectId): boolean
  mergeBase(a: ObjectId, b: ObjectId): ObjectId | null
  /** Every best common ancestor (several after criss-cross merges), the one of `mergeBase` first. */
  mergeBases(a: ObjectId, b: ObjectId): readonly ObjectId[]
  /** Paths that differ between two commits' trees (either may be null), sorted; `within`: of what is below these folders alone. */
  changedPaths(from: ObjectId | null, to: ObjectId | null, within?: readonly string[]): readonly string[]
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
  /** Faults where `moveBranch` would before anything moved: `git/dirty`, `git/locked`, `git/checked-out` (elsewhere). */
  requireMovable(move: BranchMove): void
  /**
   * `updateRef`, and where the branch is checked out here, index and files follow. False, with nothing changed, when the
   * ref has moved. What a crash leaves of it, `finishMove` does.
   */
  moveBranch(move: BranchMove): boolean
  /** Brings up the files that a crash left behind their branch, and only those. */
  finishMove(): void
  /** Brings index and files up to `to` for the paths that differ from `from`; faults when one of them is dirty. Idempotent. */
  followCheckout(from: ObjectId | null, to: ObjectId, paths: readonly string[]): void
  /** Folds packs that `writeCommit` made when they weigh much beside the rest; how many were folded. Bounded work. Faults never: it is upkeep. */
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
