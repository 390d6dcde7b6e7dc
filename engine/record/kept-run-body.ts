// The body of the last `run` entry, kept in `reports/latest.json` of a repository whose log is encrypted: the next run
// compares with it, and has no key that opens the log. The repository holds all of it anyway; what is pinned does not.
import { canonicalJson } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import type { RunBody } from '../ledger/entry-bodies.ts'
import { readJson } from '../report/read-recorded.ts'
import type { SourceTree } from '../world.ts'
import { LATEST } from './forge-state.ts'

/** The body that was kept for a run; null where none was. Faults `report/unreadable`. */
export type KeptRunBody = (run: string) => RunBody | null

/** Reads from the tree of the record branch. */
export function keptRunBody(tree: SourceTree | null): KeptRunBody {
  return (run) => {
    if (tree === null || !tree.has(LATEST)) return null
    const { recorded } = readJson(tree, LATEST) as { readonly recorded?: Partial<{ run: string; body: RunBody }> }
    return recorded?.run === run && typeof recorded.body === 'object' ? recorded.body : null
  }
}

/** `latest.json` with the body of this run; as it was where the body stands open in the log. */
export function keepRunBody(
  latest: Uint8Array,
  recorded: { readonly run: string; readonly body: object } | null,
): Uint8Array {
  if (recorded === null) return latest
  const value = JSON.parse(Buffer.from(latest).toString('utf8')) as object
  return new TextEncoder().encode(`${canonicalJson({ ...value, recorded })}\n`)
}

/** Of a last `run` entry that is encrypted, and of which nothing was kept: what changed since cannot be told. */
export function lastRunClosed(run: string): Fault {
  return new Fault(
    'record/last-run-encrypted',
    `the last \`run\` entry is encrypted, and \`${LATEST}\` does not keep its body (run \`${run}\`)`,
    'restore it from the record branch: only runs write `reports/`',
  )
}
