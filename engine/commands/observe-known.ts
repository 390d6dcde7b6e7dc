// Which data were measured already: a snapshot says of what it was made (`source.digest`).
import type { Snapshot } from '../domain/snapshot.ts'
import { indexSnapshots } from '../load/snapshots.ts'
import type { SourceTree } from '../world.ts'

export interface MeasuredOnce extends Pick<Snapshot, 'model' | 'version' | 'environment' | 'purpose'> {
  readonly digest: string
  /** `--window`; null: that of the data, which the same data give again. */
  readonly window: Snapshot['window'] | null
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
