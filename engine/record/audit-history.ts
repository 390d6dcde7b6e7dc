// The log against the Git history of the record branch: each commit of a run has its `run` entry at its place, each `run`
// entry its commit, and both say the same of what was judged. Reads commits; writes nothing.
import { encodeBase64 } from '../base/base64.ts'
import { parseInstant } from '../domain/instant.ts'
import { type AuditPart, type RunGroup, textIn } from '../ledger/audit-groups.ts'
import type { AuditProblem } from '../ledger/audit-problem.ts'
import { parseCheckpoint } from '../ledger/checkpoint.ts'
import type { RunBody } from '../ledger/entry-bodies.ts'
import { rootOfLog } from '../ledger/log-root.ts'
import { parseNote } from '../ledger/note.ts'
import { parseVerifierKey } from '../ledger/note-key.ts'
import type { ReadLogFile } from '../ledger/plan-append.ts'
import { equalBytes } from '../ledger/tree-hash.ts'
import type { CommitInfo, GitStore, ObjectId } from '../world.ts'
import { type RunCommit, runCommits, WHOLE_HISTORY } from './recorded-runs.ts'
import { logReader } from './run-commit.ts'
import { runId } from './run-id.ts'

/** What is compared: the log as it stands in the newest commit, and the history of the branch that holds it. */
export interface AuditedHistory {
  readonly store: GitStore
  /** The tip of the record branch; null where only a working tree holds the log. */
  readonly tip: ObjectId | null
  readonly read: ReadLogFile
  readonly size: number
}

/** Entries of commits that are not here are counted, and told as one finding. */
export class HistoryAudit implements AuditPart {
  private readonly history: AuditedHistory
  private readonly report: (problem: AuditProblem) => void
  private readonly commits = new Map<string, RunCommit>()
  private readonly seen = new Set<string>()
  /** Public keys of `key-rotated` entries, by run. */
  private readonly rotations = new Map<string, Set<string>>()
  private readonly outside = { entries: 0, commits: new Set<string>() }

  constructor(history: AuditedHistory, report: (problem: AuditProblem) => void) {
    this.history = history
    this.report = report
    for (const commit of runCommits(history.store, history.tip, WHOLE_HISTORY)) this.commits.set(commit.run, commit)
  }

  /** How many commits of runs there are. */
  get runs(): number {
    return this.commits.size
  }

  /** What could not be compared, in words; null where all could. */
  get notHere(): string | null {
    const { entries, commits } = this.outside
    return entries === 0 ? null : `${entries} entries of ${commits.size} commits that are not here`
  }

  see(group: RunGroup): void {
    const { run, commit, first, entries } = group
    const isHeld = this.history.store.resolve(commit) !== null
    if (!isHeld) this.putOutside(group, commit)
    if (entries[0]?.kind !== 'run') this.report({ code: 'audit/no-run-entry', where: `entry ${first}`, actual: run })
    else if (this.seen.has(run)) this.report({ code: 'audit/run-twice', where: `entry ${first}`, actual: run })
    this.seen.add(run)
    this.seeRotations(group)
    const recorded = this.commits.get(run)
    if (recorded !== undefined) this.compare(group, recorded, isHeld)
    else if (isHeld) this.report({ code: 'audit/run-without-commit', where: `entry ${first}`, actual: run })
  }

  finish(): void {
    for (const [run, { info }] of this.commits) {
      if (!this.seen.has(run))
        this.report({ code: 'audit/run-without-entry', where: `commit ${info.id}`, expected: run })
      else this.compareCheckpoint(info)
    }
    this.compareKeys()
  }

  private seeRotations({ run, entries }: RunGroup): void {
    const told = new Set<string>()
    for (const { index, kind, body } of entries) {
      if (kind !== 'key-rotated') continue
      // Of an entry that nobody can open it is not known which key it is of.
      if (body === null) return
      const id = parseVerifierKey(textIn(body, 'to'))?.id ?? ''
      if (told.has(id)) this.report({ code: 'audit/entry-without-event', where: `entry ${index}`, actual: kind })
      told.add(id)
    }
    this.rotations.set(run, told)
  }

  /** A key that begins to sign is told by an entry of the run that it signs first. */
  private compareKeys(): void {
    let before: ReadonlySet<string> | null = null
    for (const [run, { info }] of [...this.commits].reverse()) {
      const bytes = logReader(this.history.store.commitTree(info.id))('checkpoint')
      const note = bytes === null ? null : parseNote(bytes)
      const origin = parseCheckpoint(note?.text ?? '')?.origin
      const ids = new Set(note?.signatures.filter(({ name }) => name === origin).map(({ id }) => id))
      const told = this.rotations.get(run)
      for (const id of told === undefined || before === null ? [] : ids) {
        if (before?.has(id) === false && told?.has(id) === false)
          this.report({
            code: 'audit/event-without-entry',
            where: `commit ${info.id}`,
            expected: `key-rotated to ${id}`,
          })
      }
      before = ids
    }
  }

  private putOutside({ entries }: RunGroup, commit: string): void {
    this.outside.entries += entries.length
    this.outside.commits.add(commit)
  }

  private compare(group: RunGroup, { info }: RunCommit, isHeld: boolean): void {
    const { first, at, run, commit } = group
    const where = `entry ${first}`
    const base = /^Tutela-Base: ([0-9a-f]{40})$/m.exec(info.message)?.[1] ?? ''
    if (base !== commit) this.report({ code: 'audit/other-run', where, expected: base, actual: commit })
    const size = sizeAt(this.history.store, info.id)
    if (size !== null && first >= size) {
      this.report({
        code: 'audit/run-without-entry',
        where: `commit ${info.id}`,
        expected: `${run} before entry ${size}`,
      })
    }
    if (isHeld) this.compareTrees(group, info, parseInstant(at))
  }

  private compareTrees({ first, run, commit, entries }: RunGroup, info: CommitInfo, now: number | null): void {
    const { store } = this.history
    const base = store.commitTree(commit)
    const [parent] = info.parents
    // Where a shallow clone ends, nobody knows what the run read of its own branch.
    if (now !== null && (parent === undefined || store.resolve(parent) !== null)) {
      const actual = runId(base, parent === undefined ? null : store.commitTree(parent), now)
      if (actual !== run) this.report({ code: 'audit/other-run', where: `entry ${first}`, expected: run, actual })
    }
    const body = entries[0]?.kind === 'run' ? (entries[0].body as RunBody | null) : null
    for (const folder of ['policies', 'models'] as const) {
      const told = body?.trees?.[folder]
      const held = base.treeId(folder)
      if (told === undefined || told === held) continue
      const where = `entry ${first} trees.${folder}`
      this.report({ code: 'audit/other-run', where, expected: held ?? 'none', actual: told ?? 'none' })
    }
  }

  private compareCheckpoint({ id }: CommitInfo): void {
    const { store, read, size } = this.history
    const then = checkpointAt(store, id)
    const before = then === null ? null : Number(then.size)
    const root = before === null || before > size ? null : rootOfLog(read, before, size)
    if (then !== null && root !== null && equalBytes(root, then.root)) return
    this.report({
      code: 'audit/checkpoint-not-kept',
      where: `commit ${id}`,
      ...(then === null ? {} : { expected: `${then.size} entries with root ${encodeBase64(then.root)}` }),
      actual: root === null ? `${size} entries` : encodeBase64(root),
    })
  }
}

function sizeAt(store: GitStore, commit: ObjectId): number | null {
  const checkpoint = checkpointAt(store, commit)
  return checkpoint === null ? null : Number(checkpoint.size)
}

function checkpointAt(store: GitStore, commit: ObjectId) {
  const bytes = logReader(store.commitTree(commit))('checkpoint')
  return bytes === null ? null : parseCheckpoint(parseNote(bytes)?.text ?? '')
}
