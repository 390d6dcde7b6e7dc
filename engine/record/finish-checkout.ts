// What a run that was killed between its ref update and the files left behind: the record branch has its commit, the
// checked-out files are still those before it. The next run brings them up; whatever else is changed is left alone.
import type { GitStore } from '../world.ts'
import { runOfCommit } from './run-commit.ts'
import type { TwoRefs } from './two-refs.ts'

const WRITTEN_BY_RUNS = ['ledger/', 'reports/']

export function finishCheckout(store: GitStore, record: TwoRefs['record']): void {
  if (record.commit === null || store.workTree === null || store.headRef() !== record.ref) return
  const info = store.readCommit(record.commit)
  if (runOfCommit(info.message) === null) return
  const before = info.parents[0] ?? null
  const dirty = new Set(store.workingTree().dirty)
  const behind = store
    .changedPaths(before, record.commit)
    .filter((path) => dirty.has(path) && WRITTEN_BY_RUNS.some((folder) => path.startsWith(folder)))
  if (behind.length > 0) store.followCheckout(before, record.commit, behind)
}
