// Every snapshot line read and checked, model by model: what `tutela check` needs. `plan` reads only what rules ask for.
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { SnapshotHistory } from '../domain/snapshot.ts'
import type { Catalogue } from './snapshot-check.ts'
import { type HistoryRequest, historyOf } from './snapshot-history.ts'
import type { SnapshotIndex } from './snapshots.ts'

/** What `check` says of all measurements. */
export interface CheckedSnapshots {
  /** Not sorted. */
  readonly diagnostics: readonly Diagnostic[]
  /** Distinct snapshots without errors of their own heads, superseded ones included. */
  readonly count: number
  /** Current ids of models that a line with errors names. */
  readonly invalid: ReadonlySet<string>
}

/** Files of models that no card has are told, and not read. `see` is shown each model's history, which is then let go. */
export function checkAllSnapshots(
  index: SnapshotIndex,
  models: readonly HistoryRequest[],
  catalogue: Catalogue,
  see: (model: string, history: SnapshotHistory) => void = () => undefined,
): CheckedSnapshots {
  const diagnostics: Diagnostic[] = [...index.diagnostics]
  const invalid = new Set<string>()
  let count = 0
  for (const model of models) {
    const opened = historyOf(index, model)
    count += opened.readEverything()
    see(model.id, opened.history)
    const found = opened.problems()
    diagnostics.push(...found.diagnostics)
    if (found.isInvalid) invalid.add(model.id)
  }
  const rest = index.finish(catalogue)
  diagnostics.push(...rest.diagnostics)
  for (const id of rest.accused) invalid.add(id)
  return { diagnostics, count, invalid }
}
