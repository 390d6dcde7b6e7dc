// A live snapshot whose measurements are parsed when one of its window is first asked for. All lines of one window are
// parsed together, since a measurement must not stand in two of them.
import type { Digest } from '../base/canonical-json.ts'
import { compareText } from '../base/order.ts'
import type { Instant, Window } from '../domain/instant.ts'
import type { LiveSnapshot, Measurement } from '../domain/snapshot.ts'
import { measuredTwice, measurementKey } from './measurement-check.ts'
import type { BrokenLine, ModelLine } from './model-lines.ts'
import type { Catalogue } from './snapshot-check.ts'
import { parseLine, problemOfLine } from './snapshot-line.ts'

/** Where problems of measurements go. */
export interface Reading {
  readonly catalogue: Catalogue
  tell(broken: BrokenLine): void
}

type ByMetric = ReadonlyMap<string, readonly Measurement[]>

/** A live snapshot whose measurements are parsed and checked when a rule first asks for them. */
export class LazySnapshot implements LiveSnapshot {
  readonly source: ModelLine
  private readonly opened: OpenWindow

  constructor(source: ModelLine, opened: OpenWindow) {
    this.source = source
    this.opened = opened
  }

  get digest(): Digest {
    return this.source.digest
  }
  get window(): Window {
    return this.source.head.window
  }
  get start(): Instant {
    return this.source.head.start
  }
  get end(): Instant {
    return this.source.head.end
  }
  get file(): string {
    return this.source.line.file
  }
  get line(): number {
    return this.source.line.number
  }

  /** Undefined also where the line turns out to be none: then it measures nothing. */
  measurementsOf(metric: string): readonly Measurement[] | undefined {
    return this.opened.measurementsIn(this.source).get(metric)
  }
}

/** The lines of one version, environment, purpose and window, in order of file and line. */
class OpenWindow {
  private readonly lines: readonly ModelLine[]
  private readonly reading: Reading
  private parsed: ReadonlyMap<ModelLine, ByMetric> | null = null

  constructor(lines: readonly ModelLine[], reading: Reading) {
    this.lines = lines
    this.reading = reading
  }

  measurementsIn(line: ModelLine): ByMetric {
    this.parsed ??= parseWindow(this.lines, this.reading)
    return this.parsed.get(line) ?? new Map()
  }
}

/** The snapshots of one deployment and purpose, newest first: window end, then start, then digest. Equal lines are one. */
export function newestFirst(lines: readonly ModelLine[], reading: Reading): readonly LazySnapshot[] {
  const windows = Map.groupBy(lines, ({ head }) => `${head.end} ${head.start}`)
  const opened = [...windows.values()].map((sharing) => {
    const distinct = withoutEqualLines(sharing)
    const { start, end } = distinct[0]?.head ?? { start: 0, end: 0 }
    return { start, end, distinct }
  })
  opened.sort((a, b) => b.end - a.end || b.start - a.start)
  return opened.flatMap(({ distinct }) => {
    const window = new OpenWindow(distinct, reading)
    const snapshots = distinct.map((line) => new LazySnapshot(line, window))
    return snapshots.length === 1 ? snapshots : snapshots.sort((a, b) => compareText(a.digest, b.digest))
  })
}

function withoutEqualLines(lines: readonly ModelLine[]): readonly ModelLine[] {
  if (lines.length === 1) return lines
  const first = new Map<Digest, ModelLine>()
  for (const line of inOrderOfPlace(lines)) if (!first.has(line.digest)) first.set(line.digest, line)
  return [...first.values()]
}

function inOrderOfPlace(lines: readonly ModelLine[]): readonly ModelLine[] {
  return [...lines].sort((a, b) => compareText(a.line.file, b.line.file) || a.line.number - b.line.number)
}

function parseWindow(lines: readonly ModelLine[], reading: Reading): ReadonlyMap<ModelLine, ByMetric> {
  const parsed = new Map<ModelLine, ByMetric>()
  const seen = new Set<string>()
  for (const modelLine of lines) {
    const { line } = modelLine
    const result = parseLine(line, reading.catalogue)
    if (result.kind === 'invalid') {
      reading.tell({ line, ...result })
      continue
    }
    const { measurements, model } = result.snapshot
    parsed.set(modelLine, byMetric(measurements))
    if (lines.length === 1) continue
    for (const [i, m] of measurements.entries()) {
      const key = measurementKey(m)
      const path = ['measurements', i]
      if (seen.has(key))
        reading.tell({ line, names: model, diagnostics: [problemOfLine(line, path, measuredTwice(m, path))] })
      seen.add(key)
    }
  }
  return parsed
}

function byMetric(measurements: readonly Measurement[]): ByMetric {
  const lists = new Map<string, Measurement[]>()
  // By index here and in the loops of judging that meet every measurement: an iterator makes an object a step.
  for (let i = 0; i < measurements.length; i++) {
    const measurement = measurements[i]
    if (measurement === undefined) continue
    const list = lists.get(measurement.metric)
    if (list === undefined) lists.set(measurement.metric, [measurement])
    else list.push(measurement)
  }
  return lists
}
