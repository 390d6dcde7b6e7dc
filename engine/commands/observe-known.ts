// Which data were measured already: a snapshot says of what it was made (`source.digest`).
import { canonicalJson, type Digest } from '../base/canonical-json.ts'
import type { Instant } from '../domain/instant.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import { historyOf, indexSnapshots } from '../load/snapshots.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { SourceTree } from '../world.ts'

export interface MeasuredOnce extends Pick<Snapshot, 'model' | 'version' | 'environment' | 'purpose'> {
  readonly digest: string
  /** `--window`; null: that of the data, which the same data give again. */
  readonly window: Snapshot['window'] | null
}

/** Whether a line says the same of the same data: all that is the clock's, freshness, aside. */
export function isMeasured(tree: SourceTree, snapshot: Snapshot): boolean {
  const { model, version, environment, purpose, window, source } = snapshot
  const { digest } = source
  if (digest === undefined) return false
  const asked = { model, version, environment, purpose, window, digest }
  const figures = figuresOf(snapshot)
  return indexSnapshots(tree, { models: [model] })
    .filesOf(model, [])
    .some(({ path }) =>
      Buffer.from(tree.read(path))
        .toString('utf8')
        .split('\n')
        .some((line) => isOf(line, asked) && figuresOf(parsed(line) ?? {}) === figures),
    )
}

function figuresOf({ rows, source, measurements = [] }: Partial<Snapshot>): string {
  const timeless = measurements.filter(({ metric }) => metric !== 'data.freshness_hours')
  return canonicalJson({ rows, source, measurements: timeless })
}

/** Asks the files of one model and the folded days; files of other models are not read. */
export function knownSources(tree: SourceTree): (asked: MeasuredOnce) => boolean {
  const index = indexSnapshots(tree, { models: [] })
  return (asked) =>
    index.filesOf(asked.model, []).some(({ path }) => {
      const bytes = Buffer.from(tree.read(path))
      return (
        bytes.includes(asked.digest) &&
        bytes
          .toString('utf8')
          .split('\n')
          .some((line) => isOf(line, asked))
      )
    })
}

/**
 * The snapshot of this tool that a new one of the same window corrects, since its data are others: more rows, or labels
 * that came later. Null where there is none; of the same data a second one is no correction.
 */
export function correctedBy(tree: SourceTree, snapshot: Snapshot, now: Instant): Digest | null {
  const { model, version, environment, purpose, window, source } = snapshot
  const index = indexSnapshots(tree, { models: [model], windowsAfterNow: 'leave-out' })
  const asked = { id: model, formerly: [], versions: null, now, catalogue: metricsById }
  for (const live of historyOf(index, asked).history.windows(version, environment, purpose)) {
    if (live.window.start !== window.start || live.window.end !== window.end) continue
    const line = Buffer.from(tree.read(live.file)).toString('utf8').split('\n')[live.line - 1]
    const earlier = parsed(line ?? '')?.source
    if (earlier?.tool === source.tool && earlier.digest !== source.digest) return live.digest
  }
  return null
}

function isOf(line: string, asked: MeasuredOnce): boolean {
  if (!line.includes(asked.digest)) return false
  const snapshot = parsed(line)
  if (snapshot === null) return false
  const { model, version, environment, purpose, source, window } = snapshot
  const isSame = model === asked.model && version === asked.version && environment === asked.environment
  if (!isSame || purpose !== asked.purpose || source?.digest !== asked.digest) return false
  return asked.window === null || (window?.start === asked.window.start && window.end === asked.window.end)
}

/** A line that is broken is told by `check`, and is no measurement. */
function parsed(line: string): Partial<Snapshot> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' ? (value as Partial<Snapshot> | null) : null
  } catch {
    return null
  }
}
