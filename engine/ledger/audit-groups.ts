// The entries of a log by the run that wrote them, opened where that can be: what an audit compares with the repository.
// One run's entries are in memory at a time.
import type { OpenEntry } from './encrypted-body.ts'
import { logEntries } from './log-entries.ts'
import type { ReadLogFile } from './plan-append.ts'

/** An entry with its place. `body` is null where nobody could open it. */
export interface AuditedEntry {
  readonly index: number
  readonly kind: string
  readonly at: string
  readonly run: string
  readonly commit: string
  readonly body: Readonly<Record<string, unknown>> | null
}

/** What one run wrote: entries that stand together and name one run. */
export interface RunGroup {
  readonly run: string
  readonly at: string
  readonly commit: string
  readonly first: number
  readonly entries: readonly AuditedEntry[]
}

/** The groups of a log of `size` entries in their order. Entries that are none of ours are left to the verifier. */
export async function* runGroups(read: ReadLogFile, size: number, open: OpenEntry): AsyncGenerator<RunGroup> {
  let group: AuditedEntry[] = []
  for (const { index, entry } of logEntries(read, size)) {
    if (entry === null) continue
    const { kind, at, run, commit } = entry
    // An open body needs no waiting for.
    const opened = entry.body === undefined ? await open(entry) : null
    const body = entry.body ?? (opened?.state === 'opened' ? opened.body : null)
    const [first] = group
    if (first !== undefined && (first.run !== run || kind === 'run')) {
      yield groupOf(first, group)
      group = []
    }
    group.push({ index, kind, at, run, commit, body })
  }
  const [first] = group
  if (first !== undefined) yield groupOf(first, group)
}

function groupOf({ run, at, commit, index }: AuditedEntry, entries: readonly AuditedEntry[]): RunGroup {
  return { run, at, commit, first: index, entries }
}

/** One side of an audit: it sees every group, and then says what is missing. */
export interface AuditPart {
  see(group: RunGroup): void
  finish(): void
}

/** A text field of a body; empty where it is none. */
export function textIn(body: Readonly<Record<string, unknown>>, field: string): string {
  const value = body[field]
  return typeof value === 'string' ? value : ''
}
