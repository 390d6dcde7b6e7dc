// What `tutela import` says: notes on the way (what was left out, and why), its text and its JSON document.
import { visibleText } from '../base/visible-text.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import type { Imported } from '../observe/importers/import-source.ts'
import type { LeftOut } from '../observe/importers/snapshot-measurements.ts'
import type { Invocation } from './command.ts'
import type { ObserveWords } from './observe-words.en.ts'
import { observeScreen } from './observe-words.ts'
import type { WrittenSnapshot } from './write-snapshot.ts'

/** What an import read and wrote. */
export interface ImportFacts {
  readonly imported: Imported
  readonly snapshot: Snapshot
  readonly leftOut: readonly LeftOut[]
  readonly written: WrittenSnapshot
}

/** To stderr: nothing is dropped in silence. */
export function tellImport(invocation: Invocation, imported: Imported, leftOut: readonly LeftOut[]): void {
  const { ignored, dropped, notes } = imported
  if (ignored.length + dropped.length + notes.length + leftOut.length === 0) return
  const { words } = observeScreen(invocation)
  const names = (list: readonly string[]) => list.map((name) => visibleText(name)).join(', ')
  for (const note of notes) invocation.note(`${words.note}: ${words.sourceSays(visibleText(note))}`)
  if (ignored.length > 0) invocation.note(`${words.note}: ${words.unread(names(ignored))}`)
  if (dropped.length > 0) invocation.note(`${words.note}: ${words.dropped(names(dropped))}`)
  for (const { why, count, declare = [] } of leftOut) {
    invocation.note(`${words.note}: ${words.leftOut(count, words.why[why])}`)
    if (declare.length === 0) continue
    invocation.note(`  ${words.toKeep}\n    metrics:`)
    for (const line of declare) invocation.note(`      ${visibleText(line, 2000)}`)
  }
}

/** For the terminal: how much was read and where it went, and what was left out. */
export function importText({ imported, snapshot, written }: ImportFacts, words: ObserveWords): string {
  if (written.kind === 'refused') return words.nothing
  if (written.kind === 'present') return `${words.present(`${written.path}:${written.line}`)}\ndigest ${written.digest}`
  if (written.path === null) return written.text
  const { tool, version, shape, measurements, checks } = imported
  const flagged = measurements.filter((one) => one.flagged === true).length
  const failed = checks.filter(({ status }) => status === 'fail' || status === 'error').length
  const toolText = `${tool}${version === null ? '' : ` ${version}`} (${shape})`
  const where = written.line === null ? written.path : `${written.path}:${written.line}`
  return [
    `${words.of(words.measurements(snapshot.measurements.length), toolText)} → ${where}`,
    `digest ${written.digest}`,
    ...(written.commit === null ? [] : [`commit ${written.commit}`]),
    ...(flagged + failed === 0 ? [] : [words.flags(tool, flagged, failed, checks.length)]),
  ].join('\n')
}

/** The document of `--format json` (CLI.md). */
export function importJson({ imported, snapshot, leftOut, written }: ImportFacts): unknown {
  const { tool, version, shape, outcome, digest, checks, ignored, dropped, notes } = imported
  return {
    apiVersion: 'tutela/v1',
    kind: 'Import',
    ok: written.kind !== 'refused',
    ...(written.kind === 'present' ? { state: 'unchanged' } : {}),
    source: { tool, version, shape, outcome, digest, checks, ignored, dropped, notes },
    leftOut,
    snapshot: {
      digest: written.digest,
      measurements: snapshot.measurements.length,
      path: written.path,
      line: written.line,
    },
    commit: written.commit,
    ...(written.path === null ? { line: snapshot } : {}),
    diagnostics: written.diagnostics,
  }
}
