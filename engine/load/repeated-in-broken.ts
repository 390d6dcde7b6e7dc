// Measurements that stand twice in one window, where a line of that window is not read for its place or its time: what is
// wrong with the one must not hide what is wrong with the other.
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import { measuredTwice, measurementKey } from './measurement-check.ts'
import type { BrokenLine, ModelLine } from './model-lines.ts'
import type { Catalogue } from './snapshot-check.ts'
import { digestOfLine, parseLine, problemOfLine, type StoredLine } from './snapshot-line.ts'

/** At the later line, in order of file and line as they are given: live ones first. Equal lines are one. */
export function repeatedInBroken(
  broken: readonly BrokenLine[],
  live: readonly ModelLine[],
  catalogue: Catalogue,
): Diagnostic[] {
  const found: Diagnostic[] = []
  const sound = broken.flatMap(({ line, snapshot }) => (snapshot === undefined ? [] : [{ line, snapshot }]))
  for (const [window, lines] of Map.groupBy(sound, ({ snapshot }) => windowOf(snapshot))) {
    const others = live.filter(({ head }) => windowOf(head) === window)
    if (lines.length + others.length < 2) continue
    const seen = new Set(others.flatMap(({ line }) => keysOf(line, catalogue)))
    const digests = new Set<string>(others.map(({ digest }) => digest))
    for (const { line, snapshot } of lines) {
      const digest = digestOfLine(line)
      if (!digests.has(digest)) found.push(...repeatedOf(line, snapshot, seen))
      digests.add(digest)
    }
  }
  return found
}

function windowOf({
  version,
  environment,
  purpose,
  window,
}: Pick<Snapshot, 'version' | 'environment' | 'purpose' | 'window'>): string {
  return JSON.stringify([version, environment, purpose, window.start, window.end])
}

function keysOf(line: StoredLine, catalogue: Catalogue): string[] {
  const parsed = parseLine(line, catalogue)
  return parsed.kind === 'snapshot' ? parsed.snapshot.measurements.map(measurementKey) : []
}

/** Also within `seen` from here on. */
function repeatedOf(line: StoredLine, { measurements }: Snapshot, seen: Set<string>): Diagnostic[] {
  const own = measurements.map(measurementKey)
  const found = measurements.flatMap((m, i) => {
    const path = ['measurements', i]
    return seen.has(own[i] ?? '') ? [problemOfLine(line, path, measuredTwice(m, path))] : []
  })
  for (const key of own) seen.add(key)
  return found
}
