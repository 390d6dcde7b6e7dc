// The files of the log as a tree has them. Apart from the making of run commits, since verbs that only look at the log
// load no more than this.
import type { ReadLogFile } from '../ledger/plan-append.ts'
import type { SourceTree } from '../world.ts'

/** A file of the log by its path in the log's folder, from a tree. */
export function logReader(tree: SourceTree | null): ReadLogFile {
  return (path) => (tree?.has(`ledger/${path}`) === true ? tree.read(`ledger/${path}`) : null)
}

/** The id in a commit's `Tutela-Run` trailer; null for other commits. */
export function runOfCommit(message: string): string | null {
  return /^Tutela-Run: ([0-9a-f]{16})$/m.exec(message)?.[1] ?? null
}
