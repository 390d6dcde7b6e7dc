// All entries of an index, sorted by path and stage. A changed index is runs of the old entries with new ones between them:
// of ten thousands, a run of ours moves a few, and the rest is never decoded or copied.
import { compareText } from '../../base/order.ts'
import { EntryTable } from './entry-table.ts'
import { entryBytes, type IndexEntry } from './index-entry.ts'

/** Entries of a table that stand together; the first of them is the `first` of the index. */
interface Run {
  readonly table: EntryTable
  readonly from: number
  readonly to: number
  readonly first: number
}

/** A list that never changes: an edit gives another one that shares what stayed. */
export class IndexEntries {
  readonly length: number
  readonly #runs: readonly Run[]

  static of(entries: readonly IndexEntry[]): IndexEntries {
    return new IndexEntries(wholeOf(tableOf(entries)))
  }

  /** `bytes` begin with the first entry. Null where `count` entries do not stand there, each in its bounds. */
  static scan(bytes: Buffer, count: number): IndexEntries | null {
    const table = EntryTable.scan(bytes, count)
    return table === null ? null : new IndexEntries(wholeOf(table))
  }

  private constructor(runs: readonly Omit<Run, 'first'>[]) {
    let length = 0
    this.#runs = joined(runs).map((run) => {
      const first = length
      length += run.to - run.from
      return { ...run, first }
    })
    this.length = length
  }

  /** A sparse index has entries for folders. */
  get hasFolders(): boolean {
    return this.#runs.some(({ table }) => table.hasFolders)
  }

  /** Version 3 is needed. */
  get isExtended(): boolean {
    return this.#runs.some(({ table }) => table.isExtended)
  }

  /** As a file has them, in pieces. */
  bytes(): Buffer[] {
    return this.#runs.map(({ table, from, to }) => table.bytes(from, to))
  }

  at(position: number): IndexEntry | undefined {
    const run = this.#runAt(position)
    return run?.table.at(position - run.first + run.from)
  }

  /** `''` beyond the last. */
  path(position: number): string {
    const run = this.#runAt(position)
    return run === undefined ? '' : run.table.path(position - run.first + run.from)
  }

  slice(from = 0, to = this.length): IndexEntry[] {
    const entries: IndexEntry[] = []
    for (let i = from; i < to; i++) {
      const entry = this.at(i)
      if (entry !== undefined) entries.push(entry)
    }
    return entries
  }

  /** The first position whose path is not before `path`. */
  lowerBound(path: string, from = 0, to = this.length): number {
    let low = from
    let high = to
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareText(this.path(middle), path) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Positions of a path: one, or the sides of its conflict. */
  positionsOf(path: string): number[] {
    const positions: number[] = []
    for (let i = this.lowerBound(path); i < this.length && this.path(i) === path; i++) positions.push(i)
    return positions
  }

  /** Positions of entries whose file changed at this time or later. */
  positionsSince(ms: number): number[] {
    return this.#runs.flatMap(({ table, from, to, first }) => {
      const within = table.positionsSince(ms).filter((position) => position >= from && position < to)
      return within.map((position) => position - from + first)
    })
  }

  /** Without the entries at some positions, and with others, sorted by path, put in where they belong. */
  edited(without: ReadonlySet<number>, added: readonly IndexEntry[]): IndexEntries {
    const table = tableOf(added)
    const cuts = [
      ...added.map((entry, i) => ({ position: this.lowerBound(entry.path), added: i })),
      ...[...without].map((position) => ({ position, added: -1 })),
    ]
    // Stable: what is put in at a position stands before what goes from it.
    cuts.sort((a, b) => a.position - b.position)
    const runs: Omit<Run, 'first'>[] = []
    let from = 0
    for (const cut of cuts) {
      runs.push(...this.#within(from, cut.position))
      if (cut.added >= 0) runs.push({ table, from: cut.added, to: cut.added + 1 })
      from = cut.added >= 0 ? cut.position : cut.position + 1
    }
    return new IndexEntries([...runs, ...this.#within(from, this.length)])
  }

  /** The runs of these positions. */
  #within(from: number, to: number): Omit<Run, 'first'>[] {
    return this.#runs.flatMap((run) => {
      const [start, end] = [Math.max(from, run.first), Math.min(to, run.first + run.to - run.from)]
      return start < end ? [{ ...run, from: start - run.first + run.from, to: end - run.first + run.from }] : []
    })
  }

  #runAt(position: number): Run | undefined {
    if (position < 0 || position >= this.length) return undefined
    let low = 0
    let high = this.#runs.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if ((this.#runs[middle]?.first ?? 0) <= position) low = middle
      else high = middle - 1
    }
    return this.#runs[low]
  }
}

/** Neighbours that stand in one table as they are become one run. */
function joined(runs: readonly Omit<Run, 'first'>[]): Omit<Run, 'first'>[] {
  const found: Omit<Run, 'first'>[] = []
  for (const run of runs) {
    const last = found.at(-1)
    if (last?.table === run.table && last.to === run.from) found[found.length - 1] = { ...last, to: run.to }
    else found.push(run)
  }
  return found
}

function wholeOf(table: EntryTable): Omit<Run, 'first'>[] {
  return table.length === 0 ? [] : [{ table, from: 0, to: table.length }]
}

function tableOf(entries: readonly IndexEntry[]): EntryTable {
  const table = EntryTable.scan(Buffer.concat(entries.map(entryBytes)), entries.length)
  if (table === null) throw new Error('internal error: entries of an index that cannot be read back')
  return table
}
