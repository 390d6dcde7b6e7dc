// What `tutela import` says: notes on the way (what was left out, and why), its text and its JSON document.
import { visibleText } from '../base/visible-text.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import type { Imported } from '../observe/importers/import-source.ts'
import type { LeftOut } from '../observe/importers/snapshot-measurements.ts'
import type { Invocation } from './command.ts'
import type { WrittenSnapshot } from './write-snapshot.ts'

/** What an import read and wrote. */
export interface ImportFacts {
  readonly imported: Imported
  readonly snapshot: Snapshot
  readonly leftOut: readonly LeftOut[]
  readonly written: WrittenSnapshot
}

const WHY: Readonly<Record<LeftOut['why'], string>> = {
  undeclared: 'of metrics that governance.yaml does not declare',
  'small-group': 'of fewer rows than `minimumGroupSize`: only the size of a group is kept',
  'group-size-unknown': 'of groups whose size the file does not tell (`count`)',
  name: 'of a name that a snapshot cannot hold (empty, too long, or with control characters)',
}

/** To stderr: nothing is dropped in silence. */
export function tellImport(invocation: Invocation, imported: Imported, leftOut: readonly LeftOut[]): void {
  const { ignored, dropped, notes } = imported
  for (const note of notes) invocation.note(`note: the source says: ${visibleText(note)}`)
  if (ignored.length > 0)
    invocation.note(`note: without a measurement: ${ignored.map((name) => visibleText(name)).join(', ')}`)
  if (dropped.length > 0) invocation.note(`note: never kept: ${dropped.map((name) => visibleText(name)).join(', ')}`)
  for (const { why, count, declare = [] } of leftOut) {
    invocation.note(`note: ${count} ${count === 1 ? 'number' : 'numbers'} left out, ${WHY[why]}`)
    if (declare.length === 0) continue
    invocation.note(`  to keep them, add to policies/governance.yaml (mend the units):\n    metrics:`)
    for (const line of declare) invocation.note(`      ${visibleText(line, 2000)}`)
  }
}

/** For the terminal: how much was read and where it went, and what was left out. */
export function importText({ imported, snapshot, written }: ImportFacts): string {
  if (written.kind === 'refused') return 'nothing was written'
  if (written.kind === 'present')
    return `already there: ${written.path}:${written.line}: nothing was written\ndigest ${written.digest}`
  if (written.path === null) return written.text
  const { tool, version, shape, measurements, checks } = imported
  const flagged = measurements.filter((one) => one.flagged === true).length
  const failed = checks.filter(({ status }) => status === 'fail' || status === 'error').length
  const where = written.line === null ? written.path : `${written.path}:${written.line}`
  return [
    `${snapshot.measurements.length} measurements of ${tool}${version === null ? '' : ` ${version}`} (${shape}) → ${where}`,
    `digest ${written.digest}`,
    ...(written.commit === null ? [] : [`commit ${written.commit}`]),
    ...(flagged + failed === 0
      ? []
      : [`${tool} itself flags ${flagged} and fails ${failed} of ${checks.length} checks; rules judge the numbers`]),
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
