// The run commits of a record branch, newest first, by their `Tutela-Run` trailers.

import { encodeBase64 } from '../base/base64.ts'
import { Fault } from '../base/fault.ts'
import type { Instant } from '../domain/instant.ts'
import { parseCheckpoint } from '../ledger/checkpoint.ts'
import { decodeEntry } from '../ledger/entry.ts'
import { decodeBundle } from '../ledger/entry-bundle.ts'
import { parseNote } from '../ledger/note.ts'
import { TILE_WIDTH, tilePath } from '../ledger/tile-path.ts'
import type { CommitInfo, GitStore, ObjectId, SourceTree } from '../world.ts'
import { logSize } from './last-entries.ts'
import { logReader, runOfCommit } from './log-reader.ts'

/** How far back a run is looked for (ARCHITECTURE.md, `run` id). */
export const LAST_COMMITS = 100

/** Further back than any history goes. */
export const WHOLE_HISTORY = 10_000_000

export interface RunCommit {
  readonly run: string
  readonly info: CommitInfo
}

/** Run commits from the tip backwards, newest first; other commits are passed over. */
export function runCommits(store: GitStore, tip: ObjectId | null, limit = LAST_COMMITS): RunCommit[] {
  if (tip === null) return []
  return store.firstParents(tip, limit).flatMap((info) => {
    const run = runOfCommit(info.message)
    return run === null ? [] : [{ run, info }]
  })
}

/** The latest time of the last run commits, which need not be the newest commit's; null without any. */
export function lastRunTime(store: GitStore, tip: ObjectId | null): Instant | null {
  const times = runCommits(store, tip).map(({ info }) => info.committer.at * 1000)
  return times.length === 0 ? null : Math.max(...times)
}

/**
 * Faults `record/log-changed` where the log is not as the newest run left it, or longer (a merge brought other runs):
 * somebody committed an older one, say files that a crash had left behind, and what would be signed now could not be held
 * beside what was signed then.
 */
export function requireLogKept(store: GitStore, tip: ObjectId | null): void {
  const [newest] = runCommits(store, tip)
  if (tip === null || newest === undefined || newest.info.id === tip) return
  const [then, now] = [logReader(store.commitTree(newest.info.id)), logReader(store.commitTree(tip))]
  const grown = logSize(now) - logSize(then)
  if (grown > 0) return
  if (grown === 0 && Buffer.from(then('checkpoint') ?? '').equals(Buffer.from(now('checkpoint') ?? ''))) return
  throw new Fault(
    'record/log-changed',
    `\`ledger/checkpoint\` was changed since the run that commit \`${newest.info.id.slice(0, 12)}\` recorded`,
    `only runs write it: \`git checkout ${newest.info.id.slice(0, 12)} -- ledger\`, keep your \`ledger/policy\`, and commit`,
  )
}

export interface RecordedCommit {
  readonly recorded: { readonly commit: ObjectId; readonly firstEntry: number; readonly entries: number }
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: string } | null
}

/** The commit of a run that is already recorded; null where it is not among the last ones. */
export function commitOfRun(store: GitStore, tip: ObjectId | null, run: string): RecordedCommit | null {
  const recorded = runCommits(store, tip).flatMap((commit) => (commit.run === run ? recordedIn(store, commit) : []))
  // A run has entries: a commit that only says it were that run, with a trailer, records nothing.
  return recorded.find(({ recorded: { entries } }) => entries > 0) ?? null
}

function recordedIn(store: GitStore, { run, info }: RunCommit): RecordedCommit {
  const { id } = info
  const tree = store.commitTree(id)
  // None for the first commit of a record branch, and where a shallow clone ends.
  const [, before] = store.firstParents(id, 2)
  const first = before === undefined ? firstEntryOf(tree, run) : logSize(logReader(store.commitTree(before.id)))
  const size = logSize(logReader(tree))
  return { recorded: { commit: id, firstEntry: first, entries: size - first }, checkpoint: checkpointOf(tree) }
}

/** A record branch begins with the base's log, so its first commit may hold entries of other runs. */
function firstEntryOf(tree: SourceTree, run: string): number {
  const read = logReader(tree)
  const size = logSize(read)
  for (let index = 0; index * TILE_WIDTH < size; index++) {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH)
    const bundle = read(tilePath({ row: 'entries', index, width }))
    const entries = bundle === null ? [] : (decodeBundle(bundle) ?? [])
    const at = entries.findIndex((bytes) => decodeEntry(bytes)?.run === run)
    if (at !== -1) return index * TILE_WIDTH + at
  }
  return size
}

/** The signed tree head of a tree, as it is printed; null where there is none. */
export function checkpointOf(tree: SourceTree): RecordedCommit['checkpoint'] {
  const bytes = logReader(tree)('checkpoint')
  const note = bytes === null ? null : parseNote(bytes)
  const checkpoint = note === null ? null : parseCheckpoint(note.text)
  if (checkpoint === null) return null
  return { origin: checkpoint.origin, size: Number(checkpoint.size), root: encodeBase64(checkpoint.root) }
}
