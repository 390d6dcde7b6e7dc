// The two refs of a run: *base* is what is judged, *record* is where runs commit. Both are the checked-out branch
// unless governance.yaml names a `record.branch` (ARCHITECTURE.md, "Two refs").
import { Fault } from '../base/fault.ts'
import { compareText } from '../base/order.ts'
import type { Governance } from '../domain/governance.ts'
import type { GitStore, ObjectId, SourceTree, TreeFile } from '../world.ts'

const SNAPSHOTS = 'models/snapshots/'

export interface TwoRefs {
  readonly base: { readonly ref: string | null; readonly commit: ObjectId }
  readonly record: { readonly ref: string; readonly commit: ObjectId | null }
  readonly isOne: boolean
}

/** The branch where runs commit: `record.branch`, else the judged branch; null when neither can be named. */
export function recordRef(governance: Governance, baseRef: string | null): string | null {
  const { branch } = governance.record
  if (branch === null) return baseRef
  return branch.startsWith('refs/') ? branch : `refs/heads/${branch}`
}

/** The ref and commit to judge: `--ref`, else what is checked out. */
export function baseOf(store: GitStore, ref: string | null): TwoRefs['base'] {
  const headRef = store.headRef()
  const commit = store.resolve(ref ?? 'HEAD')
  if (commit === null) {
    if (ref !== null)
      throw new Fault('git/unknown-ref', `no commit is called \`${ref}\``, 'name a branch, a tag or a commit id')
    throw new Fault('git/no-commits', 'the repository has no commits yet', 'commit policies/ and models/ first')
  }
  if (ref === null || ref === 'HEAD') return { ref: headRef, commit }
  const full = ref.startsWith('refs/heads/') ? ref : `refs/heads/${ref}`
  return { ref: store.resolve(full) === null ? null : full, commit }
}

/** Both refs of a run; a fault when there is no branch to commit to. */
export function twoRefs(store: GitStore, base: TwoRefs['base'], governance: Governance): TwoRefs {
  const ref = recordRef(governance, base.ref)
  if (ref === null) {
    throw new Fault(
      'record/no-branch',
      base.ref === null && store.headRef() === null
        ? 'HEAD is detached, so there is no branch for the run to commit to'
        : 'what is judged is no branch, so there is nowhere for the run to commit',
      'check out a branch, or set `record: { branch: tutela/records }` in policies/governance.yaml',
    )
  }
  return { base, record: { ref, commit: store.resolve(ref) }, isOne: ref === base.ref }
}

/**
 * The base with the snapshots of the record branch laid over it. A file that stands in both is the base's lines and
 * then the record's: equal lines are one snapshot.
 */
export function withRecordedSnapshots(base: SourceTree, record: SourceTree | null): SourceTree {
  if (record === null) return base
  const extra = record.list(['models/snapshots'])
  if (extra.length === 0) return base
  const isExtra = new Set(extra.map((file) => file.path))
  return {
    label: base.label,
    commit: base.commit,
    dirty: base.dirty,
    treeId: (folder) => base.treeId(folder),
    has: (path) => base.has(path) || isExtra.has(path),
    list: (folders) => merged(base.list(folders), extra, folders),
    read: (path) => {
      if (!path.startsWith(SNAPSHOTS) || !isExtra.has(path)) return base.read(path)
      return base.has(path) ? joined(base.read(path), record.read(path)) : record.read(path)
    },
  }
}

function merged(base: readonly TreeFile[], extra: readonly TreeFile[], folders: readonly string[]): TreeFile[] {
  const isAsked = (path: string) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`))
  const files = new Map(base.map((file) => [file.path, file]))
  for (const file of extra) {
    if (!isAsked(file.path)) continue
    const known = files.get(file.path)
    if (known === undefined) files.set(file.path, file)
    else if (known.id !== file.id) files.set(file.path, { ...known, id: null })
  }
  return [...files.values()].sort((a, b) => compareText(a.path, b.path))
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (Buffer.compare(a, b) === 0) return a
  const newline = a.length > 0 && a[a.length - 1] !== 10 ? Buffer.from('\n') : Buffer.alloc(0)
  return Buffer.concat([a, newline, b])
}
