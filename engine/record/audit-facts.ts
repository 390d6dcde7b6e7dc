// What `run` entries say of policies, cards and waivers, against the files of the commits that they judged: computed again
// where those files changed, so that a change that was undone before the last run is known too. Reads commits; writes nothing.
import type { Digest } from '../base/canonical-json.ts'
import { digestOf } from '../base/canonical-json.ts'
import { compareText } from '../base/order.ts'
import type { Rulebook } from '../domain/governance.ts'
import { type Instant, localDay, parseInstant } from '../domain/instant.ts'
import type { AuditPart, RunGroup } from '../ledger/audit-groups.ts'
import type { AuditProblem } from '../ledger/audit-problem.ts'
import type { RunBody } from '../ledger/entry-bodies.ts'
import { waiversInForce } from '../ledger/run-entries.ts'
import { VERSION } from '../version.ts'
import type { GitStore, ObjectId, SourceTree } from '../world.ts'

/** Reads the files that runs are judged by, as `run` does. */
export interface ReadFacts {
  rulebook(tree: SourceTree): Rulebook
  /** The digest of one model's card; null where it cannot be read. */
  card(tree: SourceTree, model: string, rulebook: Rulebook): Digest | null
  models(tree: SourceTree): readonly string[]
}

const FOLDERS = ['policies', 'models']

/** Runs of another version of the engine, and of commits that are not here, are passed over. */
export class FactsAudit implements AuditPart {
  private readonly store: GitStore
  private readonly read: ReadFacts
  private readonly report: (problem: AuditProblem) => void
  private commit: ObjectId | null = null
  private rulebook: Rulebook | null = null
  private readonly cards = new Map<string, Digest>()

  constructor(store: GitStore, read: ReadFacts, report: (problem: AuditProblem) => void) {
    this.store = store
    this.read = read
    this.report = report
  }

  see({ first, commit, at, entries }: RunGroup): void {
    const body = entries[0]?.kind === 'run' ? (entries[0].body as RunBody | null) : null
    const now = parseInstant(at)
    if (body === null || body.engine !== VERSION || now === null || this.store.resolve(commit) === null) return
    this.follow(commit)
    if (this.rulebook !== null) this.compare(first, body, { rulebook: this.rulebook, now })
  }

  /** Each run was compared by itself. */
  finish(): void {}

  /** Reads what differs from the commit that was seen last. */
  private follow(commit: ObjectId): void {
    const { store, read } = this
    const tree = store.commitTree(commit)
    const changed = this.commit === null ? null : store.changedPaths(this.commit, commit, FOLDERS)
    this.commit = commit
    if (this.rulebook === null || changed === null || changed.some((path) => path.startsWith('policies/')))
      this.rulebook = read.rulebook(tree)
    const models = changed === null ? read.models(tree) : changed.flatMap(modelOf)
    for (const model of new Set(models)) {
      const digest = read.card(tree, model, this.rulebook)
      if (digest === null) this.cards.delete(model)
      else this.cards.set(model, digest)
    }
  }

  private compare(first: number, body: RunBody, { rulebook, now }: { rulebook: Rulebook; now: Instant }): void {
    const today = localDay(now, rulebook.governance.institution.timeZone)
    const cards = [...this.cards].sort(([a], [b]) => compareText(a, b))
    const fields: [name: string, expected: unknown, actual: unknown][] = [
      ['rulebook', rulebook.digest, body.rulebook],
      ['policies', Object.fromEntries(rulebook.policies.map(({ id, digest }) => [id, digest])), body.policies],
      ['cards', Object.fromEntries(cards), body.cards],
      ['waivers', waiversInForce(rulebook.waivers, today), body.waivers],
    ]
    for (const [name, is, told] of fields) {
      const [expected, actual] = [shortOf(is), shortOf(told)]
      if (expected !== actual)
        this.report({ code: 'audit/other-run', where: `entry ${first} ${name}`, expected, actual })
    }
  }
}

/** A digest as it is; of a list its digest, which is what entries hold of a long one. */
function shortOf(value: unknown): string {
  return typeof value === 'string' ? value : digestOf(value ?? null)
}

function modelOf(path: string): string[] {
  const [folder, model, ...rest] = path.split('/')
  return folder === 'models' && model !== undefined && model !== 'snapshots' && rest.length > 0 ? [model] : []
}
