// Of a source that measured several times: what belongs to the one window of the snapshot. A chunk of NannyML, a sample
// of Prometheus, a run of MLflow. Where it is not clear which, that is said, never guessed.
import { compareText } from '../../base/order.ts'
import { type Instant, parseInstant } from '../../domain/instant.ts'
import type { ImportedMeasurement, SourceWindow } from './imported.ts'

export interface Wanted {
  readonly start: Instant
  readonly end: Instant
  /** The key of a chunk. */
  readonly chunk: string | null
  /** The id of a run. */
  readonly run: string | null
}

export type Picked =
  | { readonly kind: 'picked'; readonly measurements: readonly ImportedMeasurement[] }
  | { readonly kind: 'unclear'; readonly message: string; readonly hint: string }

/**
 * By chunk, then by run, then by time: the samples of one window, or why it is unclear which, with what to add to the
 * command.
 */
export function pickWindow(measurements: readonly ImportedMeasurement[], wanted: Wanted): Picked {
  const chunk = pickChunk(measurements, wanted)
  if (chunk.kind === 'unclear') return chunk
  const run = pickRun(chunk.measurements, wanted)
  if (run.kind === 'unclear') return run
  return pickSamples(run.measurements, wanted)
}

/** A dated chunk lies within the window (its last row before the end); an undated one must be the only one, or be named. */
function pickChunk(measurements: readonly ImportedMeasurement[], wanted: Wanted): Picked {
  const windows = new Map(measurements.flatMap(({ window }) => (window === undefined ? [] : [[window.key, window]])))
  if (windows.size === 0 && wanted.chunk !== null) return meansNothing('chunk', wanted.chunk)
  if (windows.size === 0) return { kind: 'picked', measurements }
  const all = [...windows.values()]
  const isWanted = (window: SourceWindow) =>
    wanted.chunk === null ? isWithin(window, wanted) : window.key === wanted.chunk
  const [only, ...more] = all.filter(isWanted)
  if (only !== undefined && more.length === 0) {
    return {
      kind: 'picked',
      measurements: measurements.filter(({ window }) => window === undefined || window.key === only.key),
    }
  }
  const listed = all.map(({ key, start, end }) => (start === null ? `\`${key}\`` : `\`${key}\` (${start} to ${end})`))
  const found = only === undefined ? 'no chunk' : 'more than one chunk'
  const where = wanted.chunk === null ? 'lies within the window' : `is called \`${wanted.chunk}\``
  return {
    kind: 'unclear',
    message: `${found} ${where}`,
    hint: `the chunks are ${listed.join(', ')}; choose one with \`--window\` or \`--chunk\``,
  }
}

/** Dates without a zone are UTC. An undated chunk is within any window. */
function isWithin({ start, end }: SourceWindow, wanted: Wanted): boolean {
  if (start === null || end === null) return true
  const [from, to] = [instantOf(start), instantOf(end)]
  return from !== null && to !== null && from >= wanted.start && to <= wanted.end
}

function instantOf(text: string): Instant | null {
  const spaced = text.trim().replace(' ', 'T')
  const full = /T\d\d:\d\d/.test(spaced) ? spaced : `${spaced}T00:00:00`
  return parseInstant(/(Z|[+-]\d\d:?\d\d)$/.test(full) ? full : `${full}Z`)
}

function pickRun(measurements: readonly ImportedMeasurement[], { run: wanted }: Wanted): Picked {
  const runs = [...new Set(measurements.flatMap(({ run }) => run ?? []))].sort(compareText)
  if (runs.length === 0 && wanted !== null) return meansNothing('run', wanted)
  if (runs.length === 0 || (wanted === null && runs.length === 1)) return { kind: 'picked', measurements }
  if (wanted !== null && runs.includes(wanted)) {
    return { kind: 'picked', measurements: measurements.filter(({ run }) => run === undefined || run === wanted) }
  }
  const message = wanted === null ? `the file holds ${runs.length} runs` : `no run is called \`${wanted}\``
  return { kind: 'unclear', message, hint: `choose one with \`--run\`: ${runs.slice(0, 10).join(', ')}` }
}

function meansNothing(part: 'chunk' | 'run', wanted: string): Picked {
  return {
    kind: 'unclear',
    message: `there are no ${part}s in it, so \`--${part} ${wanted}\` means nothing`,
    hint: 'leave the option out',
  }
}

/** The newest sample of each series within the window, its end included: a query at that instant looks back over it. */
function pickSamples(measurements: readonly ImportedMeasurement[], { start, end }: Wanted): Picked {
  const samples = measurements.filter(({ labels }) => labels !== undefined)
  if (samples.length === 0) return { kind: 'picked', measurements }
  const inside = samples.filter(({ at }) => at !== undefined && at * 1000 > start && at * 1000 <= end)
  const newest = new Map<string, ImportedMeasurement>()
  for (const sample of inside) {
    const key = JSON.stringify(sample.labels)
    const known = newest.get(key)
    if (known === undefined || (sample.at ?? 0) > (known.at ?? 0)) newest.set(key, sample)
  }
  if (newest.size === 0) {
    const times = samples.flatMap(({ at }) => (at === undefined ? [] : [new Date(at * 1000).toISOString()])).sort()
    return {
      kind: 'unclear',
      message: 'no sample lies within the window',
      hint: `the samples are of ${times[0]} to ${times.at(-1)}`,
    }
  }
  return { kind: 'picked', measurements: [...newest.values()] }
}
