// The second look at bins that counts and sums did not settle: exact gap and area inside them, and counts at given values.
// Both windows are read, but of each column only the rows of those bins go further than the bin's number.
import { textLiteral } from '../../base/sql-text.ts'
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import type { EdgeCount } from '../metrics/edge-counts.ts'
import { type Dialect, dialectOf } from './dialect.ts'
import { columnOfKey, keyOf, keySql, type PlacedColumn, placedValues } from './drift-layout.ts'

export interface RereadColumn extends PlacedColumn {
  /** Finite rows of each side. */
  readonly n: number
  readonly m: number
  /** Bins whose gap and area are wanted, with the rows below them, and the most that they may come to. */
  readonly bins: readonly {
    readonly k: number
    readonly below: { readonly reference: number; readonly current: number }
    readonly gap: number
    readonly width: number
  }[]
  /** Values to count at, each in its bin. */
  readonly edges: readonly { readonly k: number; readonly edge: number }[]
}

export interface RereadAnswer {
  /** Rows of the edge's bin below and at it. */
  readonly reference: ReadonlyMap<number, EdgeCount>
  readonly current: ReadonlyMap<number, EdgeCount>
  /** By bin: max |F − G| times n · m, and ∫ |F − G|. */
  readonly bins: ReadonlyMap<number, { readonly gap: number; readonly area: number }>
}

/** One answer for each column, in their order. One pass over both windows, or none where nothing is asked. */
export async function readAgain(
  engine: SqlEngine,
  tables: { readonly reference: SqlTable; readonly current: SqlTable },
  columns: readonly RereadColumn[],
): Promise<readonly RereadAnswer[]> {
  const answers = columns.map((column, j) => new Answer(column, j))
  const wanted = columns.flatMap(wantedBins)
  if (wanted.length === 0) return answers
  const units = new Map(wanted.map(({ key, unit }) => [key, unit]))
  for await (const batch of engine.numbers(sqlOf(dialectOf(engine), tables, columns, wanted))) {
    const keys = batch[0] ?? []
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] ?? 0
      answers[columnOfKey(key)]?.add(key, units.get(key) ?? 0, batch, i)
    }
  }
  return answers
}

/** Marks of rows in order: just below a value's rows, a row of a window, just above. */
const [BELOW, ROW, ABOVE] = [0, 1, 2]

class Answer implements RereadAnswer {
  readonly reference = new Map<number, EdgeCount>()
  readonly current = new Map<number, EdgeCount>()
  readonly bins = new Map<number, { gap: number; area: number }>()
  private readonly pairs: number
  private readonly first: number

  constructor({ n, m }: RereadColumn, column: number) {
    this.pairs = n * m
    this.first = keyOf(column, 0)
  }

  /** A line of a bin's rows; of each edge in it there are two: up to it, and with it. */
  add(key: number, unit: number, [, mark, edge, gap, area, r, c]: readonly Float64Array[], i: number): void {
    const k = key - this.first
    const before = this.bins.get(k) ?? { gap: 0, area: 0 }
    const parts = area?.[i] ?? Number.NaN
    const more = unit === 0 || Number.isNaN(parts) ? 0 : parts / unit / this.pairs
    this.bins.set(k, { gap: Math.max(before.gap, gap?.[i] ?? 0), area: before.area + more })
    if (mark?.[i] === ROW) return
    const value = (edge?.[i] ?? 0) + 0
    count(this.reference, value, mark?.[i] === BELOW, r?.[i] ?? 0)
    count(this.current, value, mark?.[i] === BELOW, c?.[i] ?? 0)
  }
}

/** Both lines of an edge come, in any order: `at` is what is with it, less what is below. */
function count(counts: Map<number, EdgeCount>, edge: number, isBelow: boolean, rows: number): void {
  const { below, at } = counts.get(edge) ?? { below: 0, at: 0 }
  counts.set(edge, isBelow ? { below: rows, at: at - rows } : { below, at: at + rows })
}

interface WantedBin {
  readonly key: number
  readonly n: number
  readonly m: number
  /** (F − G) · n · m below the bin, a whole number. */
  readonly start: number
  /** By which areas become whole numbers whose sum stays below 2⁵³: the same in whatever order threads add. 0: none is wanted. */
  readonly unit: number
}

function wantedBins({ n, m, bins, edges }: RereadColumn, column: number): WantedBin[] {
  const wanted = new Map<number, WantedBin>()
  for (const { k } of edges) wanted.set(k, { key: keyOf(column, k), n, m, start: 0, unit: 0 })
  for (const { k, below, gap, width } of bins) {
    const start = below.reference * m - below.current * n
    const unit = powerOfTwo(51 - Math.log2(gap) - Math.log2(width))
    wanted.set(k, { key: keyOf(column, k), n, m, start, unit })
  }
  return [...wanted.values()]
}

function powerOfTwo(exponent: number): number {
  return 2 ** Math.min(1000, Math.max(-1000, Math.floor(exponent)))
}

function sqlOf(
  dialect: Dialect,
  { reference, current }: { readonly reference: SqlTable; readonly current: SqlTable },
  columns: readonly RereadColumn[],
  wanted: readonly WantedBin[],
): string {
  const read = columns.flatMap((column, j) => {
    if (column.bins.length + column.edges.length === 0) return []
    const part = (table: SqlTable, r: number, c: number) =>
      `SELECT ${keySql(j)} AS k, v, ${ROW} AS e, ${r}e0 AS r, ${c}e0 AS c FROM (${placedValues(dialect, table, column)}) b`
    return [part(reference, 1, 0), part(current, 0, 1)]
  })
  const marks = columns.flatMap(({ edges }, j) =>
    edges.flatMap(({ k, edge }) => [BELOW, ABOVE].map((e) => `${keyOf(j, k)}:${edge}:${e}`)),
  )
  if (marks.length > 0)
    read.push(
      `SELECT ${field(1, 'INTEGER')}, ${field(2, 'DOUBLE')}, ${field(3, 'INTEGER')}, 0e0, 0e0 FROM ${listOf(marks)}`,
    )
  const bins = wanted.map(({ key, start, unit, n, m }) => `${key}:${start}:${unit}:${n}:${m}`)
  const order = 'PARTITION BY k ORDER BY v, e'
  const sum = (of: string) => `sum(${of}) OVER (${order} ROWS UNBOUNDED PRECEDING)`
  return `
WITH wanted AS (SELECT ${field(1, 'INTEGER')} AS k, ${field(2, 'DOUBLE')} AS a, ${field(3, 'DOUBLE')} AS u,
  ${field(4, 'DOUBLE')} AS n, ${field(5, 'DOUBLE')} AS m FROM ${listOf(bins)}),
x AS (SELECT y.k, y.v, y.e, y.r, y.c, wanted.n, wanted.m, wanted.a, wanted.u FROM (${read.join(' UNION ALL ')}) y JOIN wanted ON y.k = wanted.k),
w AS (SELECT k, v, e, n, m, a, u, lead(v) OVER (${order}) - v AS step, ${sum('r')} AS r, ${sum('c')} AS c FROM x),
d AS (SELECT k, e, CASE WHEN e <> ${ROW} THEN v END AS edge, abs(a + r * m - c * n) AS gap, step, u, r, c FROM w)
SELECT CAST(k AS DOUBLE), CAST(e AS DOUBLE), edge, max(CASE WHEN step = 0 THEN 0e0 ELSE gap END),
  sum(floor(gap * (step * u) + 0.5e0)), max(r), max(c) FROM d GROUP BY k, e, edge`
}

function field(index: number, type: string): string {
  return `CAST(split_part(x, ':', ${index}) AS ${type})`
}

/** A list of tuples as one text that the engine splits: thousands of them cost a parser little that way. */
function listOf(tuples: readonly string[]): string {
  return `(SELECT x FROM UNNEST(split(${textLiteral(tuples.join(','))}, ',')) u(x)) l`
}
