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
import type { GitStore, ObjectId } from '../world.ts'
import { runCommits, WHOLE_HISTORY } from './recorded-runs.ts'
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

/** What is kept of each commit of a run: histories are long. */
interface HeldRun {
  readonly id: ObjectId
  readonly parents: readonly ObjectId[]
  /** Of the trailer `Tutela-Base`; empty where there is none. */
  readonly base: string
  /** Of the checkpoint that it holds; null where it has none. */
  readonly head: SignedHead | null
}

interface SignedHead {
  readonly size: number
  /** Base64. */
  readonly root: string
  /** Of the keys that signed, in the order of the note. */
  readonly keyIds: readonly string[]
}

const NO_KEYS: ReadonlySet<string> = new Set()

/** Entries of commits that are not here are counted, and told as one finding. */
export class HistoryAudit implements AuditPart {
  private readonly history: AuditedHistory
  private readonly report: (problem: AuditProblem) => void
  /** By run, newest first. */
  private readonly commits = new Map<string, HeldRun>()
  private readonly seen = new Set<string>()
  /** Ids of the keys of `key-rotated` entries, by run; `closed` where nobody could open one. */
  private readonly rotations = new Map<string, ReadonlySet<string> | 'closed'>()
  private readonly outside = { entries: 0, commits: new Set<string>() }

  constructor(history: AuditedHistory, report: (problem: AuditProblem) => void) {
    this.history = history
    this.report = report
    for (const { run, info } of runCommits(history.store, history.tip, WHOLE_HISTORY)) {
      const base = /^Tutela-Base: ([0-9a-f]{40})$/m.exec(info.message)?.[1] ?? ''
      this.commits.set(run, { id: info.id, parents: info.parents, base, head: headOf(history.store, info.id) })
    }
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
    for (const [run, held] of this.commits) {
      if (!this.seen.has(run))
        this.report({ code: 'audit/run-without-entry', where: `commit ${held.id}`, expected: run })
      else this.compareCheckpoint(held)
    }
    this.compareKeys()
  }

  private seeRotations({ run, entries }: RunGroup): void {
    const told = new Set<string>()
    for (const { index, kind, body } of entries) {
      if (kind !== 'key-rotated') continue
      // Of an entry that nobody can open it is not known which key it is of.
      if (body === null) {
        this.rotations.set(run, 'closed')
        return
      }
      const id = parseVerifierKey(textIn(body, 'to'))?.id ?? ''
      if (told.has(id)) this.report({ code: 'audit/entry-without-event', where: `entry ${index}`, actual: kind })
      told.add(id)
    }
    if (told.size > 0) this.rotations.set(run, told)
  }

  /** A key that begins to sign is told by an entry of the run that it signs first. */
  private compareKeys(): void {
    let last: readonly string[] | null = null
    for (const [run, { id: commit, head }] of [...this.commits].reverse()) {
      const ids: readonly string[] = head?.keyIds ?? []
      const before: readonly string[] = last ?? ids
      const told = this.seen.has(run) ? (this.rotations.get(run) ?? NO_KEYS) : 'closed'
      const begun = told === 'closed' ? [] : ids.filter((id) => !before.includes(id) && !told.has(id))
      for (const id of begun) {
        const expected = `key-rotated to ${id}`
        this.report({ code: 'audit/event-without-entry', where: `commit ${commit}`, expected })
      }
      last = ids
    }
  }

  private putOutside({ entries }: RunGroup, commit: string): void {
    this.outside.entries += entries.length
    this.outside.commits.add(commit)
  }

  private compare(group: RunGroup, held: HeldRun, isHeld: boolean): void {
    const { first, at, run, commit } = group
    const where = `entry ${first}`
    const { id, base, head } = held
    if (base !== commit) this.report({ code: 'audit/other-run', where, expected: base, actual: commit })
    if (head !== null && first >= head.size) {
      this.report({
        code: 'audit/run-without-entry',
        where: `commit ${id}`,
        expected: `${run} before entry ${head.size}`,
      })
    }
    if (isHeld) this.compareTrees(group, held, parseInstant(at))
  }

  private compareTrees({ first, run, commit, entries }: RunGroup, { parents }: HeldRun, now: number | null): void {
    const { store } = this.history
    const base = store.commitTree(commit)
    const [parent] = parents
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

  private compareCheckpoint({ id, head }: HeldRun): void {
    const { read, size } = this.history
    const bytes = head === null || head.size > size ? null : rootOfLog(read, head.size, size)
    const root = bytes === null ? null : encodeBase64(bytes)
    if (head !== null && root === head.root) return
    this.report({
      code: 'audit/checkpoint-not-kept',
      where: `commit ${id}`,
      ...(head === null ? {} : { expected: `${head.size} entries with root ${head.root}` }),
      actual: root ?? `${size} entries`,
    })
  }
}

function headOf(store: GitStore, commit: ObjectId): SignedHead | null {
  const bytes = logReader(store.commitTree(commit))('checkpoint')
  const note = bytes === null ? null : parseNote(bytes)
  const checkpoint = note === null ? null : parseCheckpoint(note.text)
  if (note === null || checkpoint === null) return null
  const { origin, size, root } = checkpoint
  const keyIds = note.signatures.filter(({ name }) => name === origin).map(({ id }) => id)
  return { size: Number(size), root: encodeBase64(root), keyIds }
}
