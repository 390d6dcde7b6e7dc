// What the definitions of other tools need beyond the native ones: edges of bins made of moments or of distinct values.
import { identifier, numberLiteral } from '../../base/sql-text.ts'
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import type { PairOfCounts } from '../metrics/category-pairs.ts'
import { type CountedSide, histogram, type ReadAgain } from '../metrics/edge-counts.ts'
import { doaneEdges, sturgesEdges } from '../metrics/histogram-edges.ts'
import { dialectOf } from './dialect.ts'
import type { NumberVariants } from './drift-column.ts'
import type { NumberSide } from './drift-kept.ts'

export interface VariantEdges {
  readonly hellinger: readonly number[] | null
  readonly nannyml: readonly number[] | null
  /** By value, where the reference has few and the current window has not: counted in SQL. */
  readonly byValue: readonly PairOfCounts[] | null
  readonly all: readonly number[]
}

/** One for each column; two scans of both sides. */
export async function variantEdges(
  engine: SqlEngine,
  tables: { readonly reference: SqlTable; readonly current: SqlTable },
  reference: readonly NumberSide[],
  current: readonly NumberSide[],
): Promise<readonly (VariantEdges | null)[]> {
  const found: (VariantEdges | null)[] = []
  for (const [i, before] of reference.entries()) {
    const now = current[i]
    found.push(now && before.finite > 0 && now.finite > 0 ? await edgesOf(engine, tables, before, now) : null)
  }
  return found
}

/**
 * `sides` and `again`: reference, then current. Throws an internal error where an edge lies inside a bin that was not
 * read again.
 */
export function variantCounts(
  edges: VariantEdges,
  pairs: readonly PairOfCounts[] | null,
  sides: readonly [CountedSide, CountedSide],
  again: readonly [ReadAgain, ReadAgain],
): NumberVariants {
  const counted = (of: readonly number[] | null) => {
    if (of === null) return null
    const after = histogram(sides[1], of, again[1])
    return histogram(sides[0], of, again[0]).map((n, i) => ({ reference: n, current: after[i] ?? 0, values: 1 }))
  }
  const [densities, nannyml] = [counted(edges.hellinger), counted(edges.nannyml)]
  const inside = nannyml?.reduce((sum, { current }) => sum + current, 0) ?? 0
  const all = sides[1].bins.n.reduce((sum, n) => sum + n, 0)
  return {
    evidently: edges.byValue ?? pairs,
    hellinger: densities && edges.hellinger && { pairs: densities, stretch: stretchOf(edges.hellinger) },
    nannyml: nannyml && [...nannyml, { reference: 0, current: all - inside, values: 1 }],
  }
}

function stretchOf(edges: readonly number[]): readonly number[] {
  const width = ((edges.at(-1) ?? 0) - (edges[0] ?? 0)) / (edges.length - 1)
  return edges.slice(1).map((edge, i) => width / (edge - (edges[i] ?? 0)))
}

async function edgesOf(
  engine: SqlEngine,
  tables: { readonly reference: SqlTable; readonly current: SqlTable },
  before: NumberSide,
  now: NumberSide,
): Promise<VariantEdges> {
  const both = [before, now].map(({ bins }) => ({ low: bins.low[0] ?? 0, high: bins.high.at(-1) ?? 0 }))
  const [low, high] = [Math.min(...both.map((side) => side.low)), Math.max(...both.map((side) => side.high))]
  const values = `SELECT v, sum(r) AS r, sum(c) AS c FROM (${finite(engine, tables.reference, before.name, '1 AS r, 0 AS c')} UNION ALL ${finite(engine, tables.current, before.name, '0 AS r, 1 AS c')}) a GROUP BY v`
  const [counted] = await engine.query(`SELECT count(*) FROM (${values}) b`)
  const hellinger = sturgesEdges({ n: Number(counted?.[0] ?? 0), low, high })
  const nannyml = doaneEdges(
    { n: before.finite, low: both[0]?.low ?? 0, high: both[0]?.high ?? 0 },
    await skewness(engine, tables.reference, before),
  )
  const byValue = before.values !== null && now.values === null ? await pairs(engine, values) : null
  return { hellinger, nannyml, byValue, all: [...(hellinger ?? []), ...(nannyml ?? [])] }
}

async function pairs(engine: SqlEngine, values: string): Promise<readonly PairOfCounts[]> {
  const rows = await engine.query(`SELECT r, c, count(*) FROM (${values}) b GROUP BY r, c ORDER BY r, c`)
  return rows.map(([r, c, n]) => ({ reference: Number(r), current: Number(c), values: Number(n) }))
}

/** The mean of ((x − mean) ÷ σ)³, about the mean itself; null where σ is 0 or no number. */
async function skewness(engine: SqlEngine, table: SqlTable, side: NumberSide): Promise<number | null> {
  const { deviation, place, bins, finite: n } = side
  if (!deviation) return null
  const mean = place.centre + (place.scale * bins.sum.reduce<number>((sum, one) => sum + (one ?? 0), 0)) / n
  const cube = `avg(z * z * z) FROM (SELECT (v - ${numberLiteral(mean)}) / ${numberLiteral(deviation)} AS z`
  const [row] = await engine.query(`SELECT ${cube} FROM (${finite(engine, table, side.name, '1 AS r')}) a) b`)
  const value = Number(row?.[0])
  return Number.isFinite(value) ? value : null
}

function finite(engine: SqlEngine, table: SqlTable, name: string, more: string): string {
  const column = identifier(name)
  return `SELECT ${column} + 0 AS v, ${more} FROM ${table.from} WHERE ${dialectOf(engine).isFinite(column)}`
}
