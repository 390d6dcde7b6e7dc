// The bundled example as it lies in the package: policies, cards and counts, and the snapshots, which the story hands out
// by the end of their windows.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { compareText } from '../base/order.ts'
import { type Instant, parseInstant } from '../domain/instant.ts'
import type { Measurement, Snapshot } from '../domain/snapshot.ts'
import { packageRoot } from '../init/package-files.ts'

const SNAPSHOTS = 'models/snapshots'

/** Path → bytes of everything below a folder of the package but its snapshots, by path. */
export function bundledFiles(folder: string): ReadonlyMap<string, Uint8Array> {
  const root = packageRoot()
  return new Map(
    pathsBelow(join(root, folder))
      .map((path) => `${folder}/${path}`)
      .filter((path) => !path.startsWith(`${SNAPSHOTS}/`))
      .map((path) => [path, new Uint8Array(readFileSync(join(root, path)))]),
  )
}

/** One line of a snapshot file. */
export interface BundledSnapshot {
  readonly path: string
  readonly line: string
  readonly end: Instant
  readonly snapshot: Snapshot
}

/** By end of window, then path. */
export function bundledSnapshots(): readonly BundledSnapshot[] {
  const root = join(packageRoot(), SNAPSHOTS)
  const lines = pathsBelow(root).flatMap((name) =>
    readFileSync(join(root, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ path: `${SNAPSHOTS}/${name}`, line, snapshot: JSON.parse(line) as Snapshot })),
  )
  return lines
    .map((one) => ({ ...one, end: parseInstant(one.snapshot.window.end) ?? Number.NaN }))
    .sort((a, b) => a.end - b.end || compareText(a.path, b.path))
}

/** The value of a metric in a snapshot; null where it is not measured or not measurable. */
export function figureOf(
  snapshot: Snapshot,
  metric: string,
  subject: Partial<Pick<Measurement, 'feature' | 'attribute' | 'group'>> = {},
): Measurement | null {
  const { feature, attribute, group } = subject
  const found = snapshot.measurements.find(
    (m) => m.metric === metric && m.feature === feature && m.attribute === attribute && m.group === group,
  )
  return found ?? null
}

function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.replaceAll('\\', '/'))
    .sort(compareText)
}
