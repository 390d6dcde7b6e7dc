// `tutela import` run again: the same figures are there already, or others are, and then a person says which of them hold.
import { canonicalJson, type Digest } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import { measurementKey } from '../load/measurement-check.ts'
import { historyOf, indexSnapshots } from '../load/snapshots.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { SourceTree } from '../world.ts'
import type { Invocation } from './command.ts'
import { snapshotsBeside, type WriteRequest, type WrittenSnapshot, writeSnapshot } from './write-snapshot.ts'

/**
 * As `writeSnapshot`; `present` also where the same figures stand in the line of a correction. Faults
 * `observe/other-content` where a window of that version, environment and purpose has other figures of this tool.
 */
export function writeOnce(invocation: Invocation, request: WriteRequest): WrittenSnapshot {
  const written = writeSnapshot(invocation, request)
  const isTwice = written.diagnostics.some(({ code }) => code === 'load/duplicate-measurement')
  if (written.kind !== 'refused' || !isTwice) return written
  const { snapshot } = request
  const earlier = measuredBefore(snapshotsBeside(invocation, request), snapshot, invocation.globals.now)
  if (earlier === null) return written
  const { path, line, digest } = earlier
  if (figuresOf(earlier.snapshot) === figuresOf(snapshot))
    return { ...written, kind: 'present', path, line, digest, diagnostics: [] }
  throw new Fault(
    'observe/other-content',
    `\`${path}:${line}\` measures the same with other content: there \`${digest}\`, here \`${written.digest}\``,
    `nothing was written; where the new figures hold, run this again with \`--supersedes ${digest}\``,
  )
}

interface Earlier {
  readonly path: string
  readonly line: number
  readonly digest: Digest
  readonly snapshot: Partial<Snapshot>
}

/** The live line of this tool that has a measurement in common with `snapshot`. */
function measuredBefore(tree: SourceTree, snapshot: Snapshot, now: number): Earlier | null {
  const { model, version, environment, purpose, window, source } = snapshot
  const index = indexSnapshots(tree, { models: [model], windowsAfterNow: 'leave-out' })
  const asked = { id: model, formerly: [], versions: null, now, catalogue: metricsById }
  const keys = new Set(snapshot.measurements.map(measurementKey))
  for (const live of historyOf(index, asked).history.windows(version, environment, purpose)) {
    if (live.window.start !== window.start || live.window.end !== window.end) continue
    const text = Buffer.from(tree.read(live.file)).toString('utf8').split('\n')[live.line - 1] ?? ''
    // A live line is one that loading has read.
    const earlier = JSON.parse(text) as Partial<Snapshot>
    const isSame = earlier.source?.tool === source.tool
    if (isSame && earlier.measurements?.some((one) => keys.has(measurementKey(one))) === true)
      return { path: live.file, line: live.line, digest: live.digest, snapshot: earlier }
  }
  return null
}

function figuresOf({ supersedes: _, ...figures }: Partial<Snapshot>): string {
  return canonicalJson(figures)
}
