// Folded days, `<yyyy>/<mm>/<dd>.ndjson`: lines of any model in one file. Each file is read once to find whose line stands
// where; bytes are kept for the files used last, up to a limit, and read again beyond it.
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Instant } from '../domain/instant.ts'
import type { ObjectId } from '../world.ts'
import type { Catalogue } from './snapshot-check.ts'
import { readSnapshotHead } from './snapshot-head.ts'
import { linesOf, parseLine, type StoredLine } from './snapshot-line.ts'

/** Chosen so that 10,000 models fit into 500 MiB with a day of 100 MB at hand. */
const KEPT_BYTES = 160 * 1024 * 1024

/** A file with the lines of a whole day, of any models. */
export interface FoldedDay {
  readonly path: string
  readonly id: ObjectId | null
  /** The windows of its lines start in [from, to). */
  readonly from: Instant
  readonly to: Instant
}

/** One line of it, with the day whose windows it may hold. */
export interface FoldedLine {
  readonly line: StoredLine
  readonly day: FoldedDay
}

interface Scanned {
  readonly lines: ReadonlyMap<string, readonly FoldedLine[]>
  readonly diagnostics: readonly Diagnostic[]
}

/** The files of whole days, each read once for all the models in it. */
export class FoldedDays {
  readonly days: readonly FoldedDay[]
  private readonly read: (path: string) => Uint8Array
  private readonly kept = new Map<string, Buffer>()
  private keptBytes = 0
  private scanned: Scanned | null = null

  constructor(days: readonly FoldedDay[], read: (path: string) => Uint8Array) {
    this.days = days
    this.read = read
  }

  /** All lines by the model that they name, in order of file and line. Reads all folded days when first asked. */
  byModel(catalogue: Catalogue): ReadonlyMap<string, readonly FoldedLine[]> {
    return this.scan(catalogue).lines
  }

  /** Of lines that name no model. */
  diagnostics(catalogue: Catalogue): readonly Diagnostic[] {
    return this.scan(catalogue).diagnostics
  }

  private scan(catalogue: Catalogue): Scanned {
    if (this.scanned !== null) return this.scanned
    const lines = new Map<string, FoldedLine[]>()
    const diagnostics: Diagnostic[] = []
    for (const day of this.days) {
      let start = 0
      for (const stored of linesOf(day.path, this.read(day.path))) {
        const named = nameOfLine(stored, catalogue)
        const line = { line: this.placed(stored, start), day }
        start += stored.bytes().length + 1
        if (typeof named !== 'string') diagnostics.push(...named)
        else if (lines.get(named)?.push(line) === undefined) lines.set(named, [line])
      }
    }
    this.scanned = { lines, diagnostics }
    return this.scanned
  }

  /** The line by its place in the file, so that the scan holds no bytes. */
  private placed({ file, number, isTorn, bytes }: StoredLine, start: number): StoredLine {
    const end = start + bytes().length
    return { file, number, isTorn, bytes: () => this.bytesOf(file).subarray(start, end) }
  }

  private bytesOf(path: string): Buffer {
    const kept = this.kept.get(path)
    if (kept !== undefined) {
      this.kept.delete(path)
      this.kept.set(path, kept)
      return kept
    }
    const content = this.read(path)
    const buffer = Buffer.from(content.buffer, content.byteOffset, content.length)
    this.kept.set(path, buffer)
    this.keptBytes += buffer.length
    for (const [oldest, bytes] of this.kept) {
      if (this.keptBytes <= KEPT_BYTES || oldest === path) break
      this.kept.delete(oldest)
      this.keptBytes -= bytes.length
    }
    return buffer
  }
}

/** The model that a line names, or why it names none. */
function nameOfLine(line: StoredLine, catalogue: Catalogue): string | readonly Diagnostic[] {
  const head = line.isTorn ? null : readSnapshotHead(line.bytes().toString('latin1'))
  if (head !== null) return head.model
  const parsed = parseLine(line, catalogue)
  if (parsed.kind === 'snapshot') return parsed.snapshot.model
  return parsed.names ?? parsed.diagnostics
}
