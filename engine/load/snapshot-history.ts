// The snapshots of one model as rules read them: which are live, newest first, their measurements parsed when asked for.
// Problems of heads are known at once; those of measurements grow while they are asked for.
import { compareText } from '../base/order.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Instant } from '../domain/instant.ts'
import type { SnapshotHistory } from '../domain/snapshot.ts'
import { asWarning, followCorrections } from './corrections.ts'
import { type LazySnapshot, newestFirst } from './lazy-snapshot.ts'
import { type BrokenLine, type LinesRequest, type ModelLine, readModelLines } from './model-lines.ts'
import { repeatedInBroken } from './repeated-in-broken.ts'
import { parseLine, problemOfLine } from './snapshot-line.ts'
import type { SnapshotIndex } from './snapshots.ts'

/** Whose history is opened. */
export interface HistoryRequest extends LinesRequest {
  /** The versions that the card lists: a snapshot of another is warned of. null where that is not known. */
  readonly versions: readonly string[] | null
}

/** One model's snapshots. */
export interface ModelSnapshots {
  readonly history: SnapshotHistory
  /** What is wrong with the lines read so far; ask when the history was used. */
  problems(): SnapshotProblems
  /** The last whole second (ms) at which the same windows count: those ahead of `now` do not yet. Infinity without any ahead. */
  readonly holdsUntil: Instant
  /** Parses and checks every line; the number of distinct snapshots, superseded ones included. */
  readEverything(): number
}

/** What is wrong with the lines that were read. */
export interface SnapshotProblems {
  readonly diagnostics: readonly Diagnostic[]
  /** A line with errors names the model. */
  readonly isInvalid: boolean
  /** Other models that lines with errors in its files name; the index knows them too. */
  readonly accuses: readonly string[]
}

/** Opens the history of a model: reads its files, parses no more than it must. Drop it with the model. */
export function historyOf(index: SnapshotIndex, request: HistoryRequest): ModelSnapshots {
  const { catalogue } = request
  const read = readModelLines(index, request)
  const claimed = new Set(index.claim(request.id, request.formerly))
  const { live, superseded, broken, mended } = followCorrections(read, catalogue)
  const diagnostics: Diagnostic[] = []
  const accuses = new Set<string>()
  let isInvalid = false
  const tell = ({ names, diagnostics: found }: BrokenLine) => {
    diagnostics.push(...found)
    if (names === null) return
    if (claimed.has(names)) isInvalid = true
    else {
      accuses.add(names)
      index.accuse(names)
    }
  }
  const warn = (line: BrokenLine) => diagnostics.push(...line.diagnostics.map(asWarning))
  broken.forEach(tell)
  mended.forEach(warn)
  diagnostics.push(...repeatedInBroken(broken, live, catalogue))
  diagnostics.push(...unknownVersions(live, request))
  const snapshots = new Map<string, readonly LazySnapshot[]>()
  for (const [key, lines] of Map.groupBy(live, ({ head }) => keyOf(head.version, head.environment, head.purpose))) {
    snapshots.set(key, newestFirst(lines, { catalogue, tell }))
  }
  return {
    history: { windows: (version, environment, purpose) => snapshots.get(keyOf(version, environment, purpose)) ?? [] },
    problems: () => ({ diagnostics, isInvalid, accuses: [...accuses] }),
    holdsUntil: read.nextEnd - 1000,
    readEverything() {
      for (const list of snapshots.values()) for (const snapshot of list) snapshot.measurementsOf('')
      for (const { line } of superseded) {
        const parsed = parseLine(line, catalogue)
        if (parsed.kind === 'invalid') warn({ line, ...parsed })
      }
      return new Set([...live, ...superseded].map((line) => line.digest)).size
    },
  }
}

function keyOf(version: string, environment: string, purpose: string): string {
  return `${version}\n${environment}\n${purpose}`
}

/** A warning at the first line of each version that the card does not list: perhaps a slip, perhaps long retired. */
function unknownVersions(lines: readonly ModelLine[], { id, versions }: HistoryRequest): Diagnostic[] {
  if (versions === null) return []
  const known = new Set(versions)
  const unknown = lines.filter(({ head }) => !known.has(head.version))
  const byPlace = unknown.sort((a, b) => compareText(a.line.file, b.line.file) || a.line.number - b.line.number)
  return [...Map.groupBy(byPlace, ({ head }) => head.version)].flatMap(([version, [first]]) =>
    first === undefined
      ? []
      : problemOfLine(first.line, ['version'], {
          severity: 'warning',
          code: 'load/unknown-version',
          message: `the card of \`${id}\` lists no version \`${version}\``,
          hint: 'list it under `versions`, or nothing will be judged by this snapshot',
        }),
  )
}
