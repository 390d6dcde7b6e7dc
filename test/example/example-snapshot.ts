// What the snapshots of the bundled example have in common: their windows, their source, their place in the repository.
import { canonicalJson, type Digest } from '../../engine/base/canonical-json.ts'
import type { Measurement, Purpose, Snapshot } from '../../engine/domain/snapshot.ts'

export interface ExampleSnapshot {
  readonly model: string
  readonly version: string
  readonly purpose: Purpose
  readonly window: Snapshot['window']
  readonly rows: NonNullable<Snapshot['rows']>
  /** Of the counts that everything is computed from. */
  readonly digest: string
  readonly measurements: readonly Measurement[]
}

export function snapshotOf(parts: ExampleSnapshot): Snapshot {
  const { digest, ...rest } = parts
  return {
    apiVersion: 'tutela/v1',
    kind: 'Snapshot',
    environment: 'production',
    source: { tool: 'tutela', version: '0.1.0', digest: digest as Digest },
    ...rest,
  }
}

/** Whole months, both included; the end is the first instant after them. */
export function monthWindow(first: string, last: string = first): Snapshot['window'] {
  const [year = 0, month = 0] = last.split('-').map(Number)
  return { start: `${first}-01T00:00:00Z`, end: new Date(Date.UTC(year, month, 1)).toISOString().replace('.000Z', 'Z') }
}

/** Path → text of each file, one line a snapshot in RFC 8785 form; lines of one file by purpose, then window end. */
export function snapshotFiles(snapshots: readonly Snapshot[]): ReadonlyMap<string, string> {
  const files = Map.groupBy(snapshots, ({ model, window: { start } }) => {
    const [year, month, day] = start.slice(0, 10).split('-')
    return `models/snapshots/${year}/${month}/${day}T${start.slice(11, 13)}/${model}.ndjson`
  })
  return new Map([...files].map(([path, lines]) => [path, lines.map((line) => `${canonicalJson(line)}\n`).join('')]))
}
