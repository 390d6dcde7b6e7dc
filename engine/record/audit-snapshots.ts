// The log against the snapshots: each one that a decision rests on is in the repository with its bytes, and the last run,
// judged again, gives what was recorded, so that no model version, snapshot or decision of it lacks its entry.
import { type Digest, sha256Hex } from '../base/canonical-json.ts'
import { deploymentKey } from '../domain/by-deployment.ts'
import type { Verdict } from '../domain/finding.ts'
import { type Instant, parseInstant } from '../domain/instant.ts'
import type { AuditPart, RunGroup } from '../ledger/audit-groups.ts'
import type { AuditProblem } from '../ledger/audit-problem.ts'
import type { EvaluationBody, RunBody } from '../ledger/entry-bodies.ts'
import { verdictDigest } from '../ledger/run-entries.ts'
import { VERSION } from '../version.ts'
import type { GitStore, ObjectId, SourceTree } from '../world.ts'
import { runCommits, WHOLE_HISTORY } from './recorded-runs.ts'
import { withRecordedSnapshots } from './two-refs.ts'

/** Judges a tree as `run` does: the plan's digest, and the verdicts. */
export type JudgeAgain = (
  tree: SourceTree,
  now: Instant,
) => { readonly digest: Digest; readonly verdicts: readonly Verdict[] }

/** What snapshots are read from, the branch of the runs, and who judges. */
export interface AuditedSnapshots {
  readonly store: GitStore
  readonly base: SourceTree
  readonly record: SourceTree | null
  readonly tip: ObjectId | null
  readonly judge: JudgeAgain
  /** The snapshots of a decision of the run that is seen, by `deploymentKey`, where its entry holds their digest alone. */
  readonly snapshotsOf: (key: string) => readonly Digest[]
}

const FOLDER = 'models/snapshots'

/** Counts the snapshots that decisions rest on. */
export class SnapshotAudit implements AuditPart {
  private readonly sources: AuditedSnapshots
  private readonly report: (problem: AuditProblem) => void
  private held: ReadonlySet<string> | null = null
  private readonly judged = new Set<string>()
  private readonly verdicts = new Map<string, Digest>()
  private last: RunGroup | null = null
  private isClosed = false
  /** Whether the last decision was judged again; why not, where it was not. */
  repeated: 'yes' | 'other-engine' | 'not-here' = 'not-here'

  constructor(sources: AuditedSnapshots, report: (problem: AuditProblem) => void) {
    this.sources = sources
    this.report = report
  }

  /** How many snapshots decisions rest on. */
  get snapshots(): number {
    return this.judged.size
  }

  see(group: RunGroup): void {
    this.last = group
    for (const { index, kind, body } of group.entries) {
      if (body === null) this.isClosed = true
      if (kind !== 'evaluation' || body === null) continue
      const { verdict } = body as unknown as EvaluationBody
      this.verdicts.set(deploymentKey(verdict), verdictDigest(verdict))
      const { snapshots } = verdict
      const list = Array.isArray(snapshots) ? snapshots : this.sources.snapshotsOf(deploymentKey(verdict))
      for (const digest of list) this.seeSnapshot(index, String(digest))
    }
  }

  finish(): void {
    const { last } = this
    const body = last?.entries[0]?.kind === 'run' ? (last.entries[0].body as RunBody | null) : null
    if (last === null || body === null || this.isClosed) return
    if (body.engine !== VERSION) {
      this.repeated = 'other-engine'
      return
    }
    const now = parseInstant(last.at)
    const tree = this.treeOf(last)
    if (tree === null || now === null) return
    this.repeated = 'yes'
    const { digest, verdicts } = this.sources.judge(tree, now)
    if (digest !== body.digest) {
      const where = `entry ${last.first}`
      this.report({ code: 'audit/decision-not-repeated', where, expected: body.digest, actual: digest })
      return
    }
    for (const verdict of verdicts) {
      if (this.verdicts.get(deploymentKey(verdict)) === verdictDigest(verdict)) continue
      const expected = `${verdict.model} ${verdict.version ?? ''} in ${verdict.environment}`
      this.report({ code: 'audit/verdict-without-entry', where: `run at entry ${last.first}`, expected })
    }
  }

  private seeSnapshot(index: number, digest: string): void {
    if (this.judged.has(digest)) return
    this.judged.add(digest)
    this.held ??= digestsOf([this.sources.base, this.sources.record])
    if (!this.held.has(digest))
      this.report({ code: 'audit/snapshot-missing', where: `entry ${index}`, expected: digest })
  }

  /** What the run judged: the base's commit with the snapshots of its own branch as they were before it. */
  private treeOf({ commit, run }: RunGroup): SourceTree | null {
    const { store, tip } = this.sources
    const recorded = runCommits(store, tip, WHOLE_HISTORY).find((one) => one.run === run)
    if (recorded === undefined || store.resolve(commit) === null) return null
    const [parent] = recorded.info.parents
    if (parent !== undefined && store.resolve(parent) === null) return null
    const base = store.commitTree(commit)
    return parent === undefined || parent === commit ? base : withRecordedSnapshots(base, store.commitTree(parent))
  }
}

/** Of every line below `models/snapshots`, its digest. */
function digestsOf(trees: readonly (SourceTree | null)[]): ReadonlySet<string> {
  const digests = new Set<string>()
  const read = new Set<string>()
  for (const tree of trees) {
    for (const { path, id } of tree?.list([FOLDER]) ?? []) {
      if (!path.endsWith('.ndjson') || tree === null) continue
      // Both branches often hold one file with the same bytes.
      if (id !== null && read.has(id)) continue
      if (id !== null) read.add(id)
      const bytes = tree.read(path)
      for (let from = 0; from < bytes.length; ) {
        const newline = bytes.indexOf(10, from)
        const end = newline === -1 ? bytes.length : newline
        digests.add(`sha256:${sha256Hex(bytes.subarray(from, end))}`)
        from = end + 1
      }
    }
  }
  return digests
}
