// The second look at bins that counts and sums did not settle: exact gap and area inside them, and counts at given values.
// Both windows are read, but of each column only the rows of those bins go further than the bin's number.
import { numberLiteral, textLiteral } from '../../base/sql-text.ts'
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import type { EdgeCount } from '../metrics/edge-counts.ts'
import { dialectOf } from './dialect.ts'
import { binnedValues, type PlacedColumn } from './drift-bins.ts'

export interface RereadColumn extends PlacedColumn {
  /** Finite rows of each side. */
  readonly n: number
  readonly m: number
  /** Bins whose gap and area are wanted, with the rows below them. */
  readonly bins: readonly {
    readonly k: number
    readonly below: { readonly reference: number; readonly current: number }
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
  const answers = columns.map(() => ({
    reference: new Map<number, EdgeCount>(),
    current: new Map<number, EdgeCount>(),
    bins: new Map<number, { gap: number; area: number }>(),
  }))
  if (columns.every(({ bins, edges }) => bins.length + edges.length === 0)) return answers
  for await (const rows of engine.stream(sqlOf(engine, tables, columns))) {
    for (const row of rows)
      take(
        answers[Number(row[0])],
        row.slice(1).map((cell) => (cell === null ? null : Number(cell))),
      )
  }
  return answers
}

function take(
  answer:
    | {
        reference: Map<number, EdgeCount>
        current: Map<number, EdgeCount>
        bins: Map<number, { gap: number; area: number }>
      }
    | undefined,
  [k, edge, gap, area, r, rAt, c, cAt]: readonly (number | null)[],
): void {
  if (answer === undefined || typeof k !== 'number') return
  const before = answer.bins.get(k) ?? { gap: 0, area: 0 }
  answer.bins.set(k, { gap: Math.max(before.gap, gap ?? 0), area: before.area + (area ?? 0) })
  if (typeof edge !== 'number') return
  answer.reference.set(edge + 0, { below: (r ?? 0) - (rAt ?? 0), at: rAt ?? 0 })
  answer.current.set(edge + 0, { below: (c ?? 0) - (cAt ?? 0), at: cAt ?? 0 })
}

function sqlOf(
  engine: SqlEngine,
  { reference, current }: { readonly reference: SqlTable; readonly current: SqlTable },
  columns: readonly RereadColumn[],
): string {
  const dialect = dialectOf(engine)
  const read = columns.flatMap((column, j) => {
    if (column.bins.length + column.edges.length === 0) return []
    const part = (table: SqlTable, r: number, c: number) =>
      `SELECT ${j} AS j, k, v, ${r} AS r, ${c} AS c, 0 AS e FROM (${binnedValues(dialect, table, column)}) b WHERE k IN (SELECT k FROM wanted WHERE j = ${j})`
    return [part(reference, 1, 0), part(current, 0, 1)]
  })
  const edges = columns.flatMap(({ edges }, j) => edges.map(({ k, edge }) => `${j}:${k}:${edge}`))
  if (edges.length > 0) {
    read.push(
      `SELECT CAST(split_part(x, ':', 1) AS INTEGER), CAST(split_part(x, ':', 2) AS INTEGER), CAST(split_part(x, ':', 3) AS DOUBLE), 0, 0, 1 FROM ${listOf(edges)}`,
    )
  }
  const sizes = columns.map(({ n, m }, j) => `(${j}, ${numberLiteral(n)}, ${numberLiteral(m)})`)
  const order = 'PARTITION BY g.j, g.k ORDER BY g.v'
  return `
WITH wanted AS (
  SELECT CAST(split_part(x, ':', 1) AS INTEGER) AS j, CAST(split_part(x, ':', 2) AS INTEGER) AS k,
         CAST(split_part(x, ':', 3) AS DOUBLE) AS a, CAST(split_part(x, ':', 4) AS DOUBLE) AS b FROM ${listOf(wantedBins(columns))}),
sizes (j, n, m) AS (VALUES ${sizes.join(', ')}),
g AS (SELECT j, k, v, CAST(sum(r) AS DOUBLE) AS r, CAST(sum(c) AS DOUBLE) AS c, max(e) AS e FROM (${read.join(' UNION ALL ')}) u GROUP BY j, k, v),
w AS (SELECT g.j, g.k, g.v, g.e, g.r, g.c, w.a, w.b, s.n, s.m, lead(g.v) OVER (${order}) - g.v AS step,
        sum(g.r) OVER (${order} ROWS UNBOUNDED PRECEDING) AS rs, sum(g.c) OVER (${order} ROWS UNBOUNDED PRECEDING) AS cs
      FROM g JOIN wanted w ON g.j = w.j AND g.k = w.k JOIN sizes s ON g.j = s.j),
d AS (SELECT j, k, v, CASE WHEN e = 1 THEN v END AS edge, abs((a + rs) * m - (b + cs) * n) AS gap, step, n, m, rs, r, cs, c FROM w)
SELECT j, k, edge, max(gap), sum(gap / n / m * step ORDER BY v), max(rs), max(r), max(cs), max(c) FROM d GROUP BY j, k, edge ORDER BY j, k, edge`
}

function wantedBins(columns: readonly RereadColumn[]): string[] {
  return columns.flatMap(({ bins, edges }, j) => {
    const wanted = new Map(edges.map(({ k }) => [k, { reference: 0, current: 0 }]))
    for (const { k, below } of bins) wanted.set(k, { ...below })
    return [...wanted].map(([k, { reference, current }]) => `${j}:${k}:${reference}:${current}`)
  })
}

/** A list of tuples as one text that the engine splits: thousands of them cost a parser little that way. */
function listOf(tuples: readonly string[]): string {
  return `(SELECT x FROM UNNEST(split(${textLiteral(tuples.join(','))}, ',')) u(x)) l`
}
