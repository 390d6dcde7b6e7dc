// All lines of one model with their heads, from its own files, those of its former ids, and folded days. Lines in the
// wrong place or with errors are set apart with what is wrong; nothing is said yet of who supersedes whom.
import type { Digest } from '../base/canonical-json.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import { formatInstant, type Instant, parseInstant } from '../domain/instant.ts'
import type { Snapshot } from '../domain/snapshot.ts'
import type { JsonPath } from './json-scan.ts'
import { isObject, nameOf } from './line-problem.ts'
import type { Catalogue } from './snapshot-check.ts'
import { readSnapshotHead, type SnapshotHead } from './snapshot-head.ts'
import { digestOfLine, linesOf, type ParsedLine, parseLine, problemOfLine, type StoredLine } from './snapshot-line.ts'
import type { SnapshotIndex } from './snapshots.ts'
import type { Problem } from './source-text.ts'

/** A line whose head is right. */
export class ModelLine {
  readonly line: StoredLine
  readonly head: SnapshotHead
  private kept: Digest | null = null

  constructor(line: StoredLine, head: SnapshotHead) {
    this.line = line
    this.head = head
  }

  get digest(): Digest {
    this.kept ??= digestOfLine(this.line)
    return this.kept
  }
}

/** A line with errors, and the model that it names. */
export interface BrokenLine {
  readonly line: StoredLine
  readonly names: string | null
  readonly diagnostics: readonly Diagnostic[]
  /** The digest that it names, if it names one. */
  readonly supersedes?: string
  /** What it says, where only its place or its window is wrong. */
  readonly snapshot?: Snapshot
}

/** The lines of one model, told apart by whether they can count. */
export interface ModelLines {
  readonly lines: readonly ModelLine[]
  readonly broken: readonly BrokenLine[]
  /** Windows that end after `now`, where those are left out. */
  readonly leftOut: readonly ModelLine[]
  /**
   * When the windows that end after `now` are to be looked at again: as the next of them ends, or within the second where
   * they are errors, whose message names `now`. Infinity without any.
   */
  readonly nextEnd: Instant
}

interface Place {
  /** The model that the file's name says; null in a folded day. */
  readonly model: string | null
  readonly from: Instant
  readonly to: Instant
}

/** Whose lines are read, and as of when. */
export interface LinesRequest {
  readonly id: string
  readonly formerly: readonly string[]
  readonly now: Instant
  readonly catalogue: Catalogue
}

/** In order of id, file and line. */
export function readModelLines(
  index: SnapshotIndex,
  { id: owner, formerly, now, catalogue }: LinesRequest,
): ModelLines {
  const lines: ModelLine[] = []
  const broken: BrokenLine[] = []
  const leftOut: ModelLine[] = []
  let nextEnd = Number.POSITIVE_INFINITY
  const take = (line: StoredLine, place: Place) => {
    const head = headOfLine(line, () => parseLine(line, catalogue))
    const isRefused = index.windowsAfterNow === 'refuse'
    if ('kind' in head) {
      broken.push(brokenLine(line, head, problemsOfPlace(claimsOf(head.value), place, isRefused ? now : null)))
      return
    }
    if (head.end > now) nextEnd = Math.min(nextEnd, isRefused ? now + 1000 : head.end)
    const problems = problemsOfPlace(head, place, isRefused ? now : null)
    if (problems.length > 0) broken.push(brokenLine(line, parseLine(line, catalogue), problems))
    else if (head.end > now) leftOut.push(new ModelLine(line, head))
    else lines.push(new ModelLine(line, head))
  }
  for (const id of index.claim(owner, formerly)) {
    for (const file of index.files.get(id) ?? []) {
      for (const line of linesOf(file.path, index.read(file.path))) take(line, file)
    }
    for (const { line, day } of index.folded.byModel(catalogue).get(id) ?? []) take(line, { ...day, model: null })
  }
  return { lines, broken, leftOut, nextEnd }
}

type Invalid = Extract<ParsedLine, { readonly kind: 'invalid' }>

function headOfLine(line: StoredLine, parse: () => ParsedLine): SnapshotHead | Invalid {
  const head = line.isTorn ? null : readSnapshotHead(line.bytes().toString('latin1'))
  if (head !== null && head.start < head.end) return head
  const parsed = parse()
  return parsed.kind === 'snapshot' ? headOfSnapshot(parsed.snapshot) : parsed
}

function headOfSnapshot(snapshot: Snapshot): SnapshotHead {
  const { model, version, environment, purpose, window, supersedes = null } = snapshot
  const start = parseInstant(window.start) ?? Number.NaN
  const end = parseInstant(window.end) ?? Number.NaN
  return { model, version, environment, purpose, window, start, end, supersedes }
}

/** With all that is wrong with it: what it is, and where and when it stands. */
function brokenLine(line: StoredLine, parsed: ParsedLine, problems: readonly HeadProblem[]): BrokenLine {
  const ofPlace = problems.map((problem) => problemOfLine(line, problem.path, problem))
  if (parsed.kind === 'snapshot') {
    const { snapshot } = parsed
    const { supersedes } = snapshot
    return {
      line,
      names: snapshot.model,
      diagnostics: ofPlace,
      snapshot,
      ...(supersedes !== undefined && { supersedes }),
    }
  }
  const { names, diagnostics, value } = parsed
  const { supersedes } = claimsOf(value)
  const isElseSound = value !== undefined && diagnostics.every(({ code }) => code === 'load/window-order')
  return {
    line,
    names,
    diagnostics: [...diagnostics, ...ofPlace],
    ...(typeof supersedes === 'string' && { supersedes }),
    ...(isElseSound && { snapshot: value as Snapshot }),
  }
}

/** What decides where and when a line may stand; of a line with errors, what of it can be read. */
interface Claims {
  readonly model?: string
  readonly window?: { readonly start: string; readonly end: string }
  readonly start?: Instant | null
  readonly end?: Instant | null
  readonly supersedes?: string | null
}

function claimsOf(value: unknown): Claims {
  const { model, window, supersedes } = isObject(value) ? value : {}
  const { start, end } = isObject(window) ? window : {}
  const [from, until] = [start, end].map((text) => (typeof text === 'string' ? text : ''))
  return {
    ...(typeof model === 'string' && { model }),
    ...(typeof supersedes === 'string' && { supersedes }),
    window: { start: from ?? '', end: until ?? '' },
    start: parseInstant(from ?? ''),
    end: parseInstant(until ?? ''),
  }
}

interface HeadProblem extends Problem {
  readonly path: JsonPath
}

/** `now` is null where windows that end after it are no problem. */
function problemsOfPlace({ model, window, start, end }: Claims, place: Place, now: Instant | null): HeadProblem[] {
  const problems: HeadProblem[] = []
  if (place.model !== null && model !== undefined && model !== place.model) problems.push(wrongFile(model, place.model))
  if (typeof start === 'number' && (start < place.from || start >= place.to)) {
    const folder = formatInstant(start).slice(0, 13).replace('-', '/').replace('-', '/')
    problems.push({
      path: ['window', 'start'],
      code: 'load/wrong-folder',
      message: `the window starts at \`${window?.start}\`, which is not in this ${place.model === null ? 'day' : 'hour'}`,
      hint: `its folder is \`models/snapshots/${folder}\``,
    })
  }
  if (typeof end === 'number' && now !== null && end > now) {
    problems.push({
      path: ['window', 'end'],
      code: 'load/future-window',
      message: `the window ends at \`${window?.end}\`, after now, \`${formatInstant(now)}\``,
      hint: 'write a snapshot when its window is over',
    })
  }
  return problems
}

function wrongFile(model: string, place: string): HeadProblem {
  const name = nameOf(model).slice(1, -1)
  return {
    path: ['model'],
    code: 'load/wrong-model-file',
    message: `the line names the model \`${name}\`, the file \`${place}\``,
    hint: `lines of \`${name}\` stand in \`${name}.ndjson\` or \`${name}.<writer>.ndjson\``,
  }
}
