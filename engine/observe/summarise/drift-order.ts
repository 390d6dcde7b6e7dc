// Deciles of a column from its fine bins: bins tell which bin holds a rank, and only those bins are read again for the
// value that has it. Also the distinct values of columns that have few.
import { textLiteral } from '../../base/sql-text.ts'
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import { decilePositions, deciles, lerp, type ValueCount } from '../metrics/quantiles.ts'
import { dialectOf } from './dialect.ts'
import { FEW_VALUES, type NumberSide } from './drift-kept.ts'
import { keyOf, keySql, placedValues } from './drift-layout.ts'

/** The columns with their `values` where these are few. */
export async function withFewValues(
  engine: SqlEngine,
  table: SqlTable,
  sides: readonly NumberSide[],
): Promise<readonly NumberSide[]> {
  const few = sides.map(({ bins }) =>
    bins.k.length > FEW_VALUES ? null : bins.k.filter((_, i) => bins.low[i] !== bins.high[i]),
  )
  const rows = await readBins(
    engine,
    table,
    sides,
    few.map((ks) => ks ?? []),
    (inBins) =>
      `SELECT j, v, n FROM (SELECT j, v, count(*) AS n, row_number() OVER (PARTITION BY j ORDER BY v) AS i FROM (${inBins}) b GROUP BY j, v) c WHERE i <= ${FEW_VALUES + 1}`,
  )
  return sides.map((side, at) => {
    if (few[at] === null) return side
    const single = side.bins.k.flatMap((_, i): ValueCount[] => {
      const [value, high, n] = [side.bins.low[i] ?? 0, side.bins.high[i], side.bins.n[i] ?? 0]
      return value === high ? [{ value, n }] : []
    })
    const read = rows.filter(([j]) => j === at).map(([, value = 0, n = 0]) => ({ value: value + 0, n }))
    const values = [...single, ...read].sort((a, b) => a.value - b.value)
    return values.length > FEW_VALUES ? side : { ...side, values }
  })
}

/** The columns with their `deciles`. */
export async function withDeciles(
  engine: SqlEngine,
  table: SqlTable,
  sides: readonly NumberSide[],
): Promise<readonly NumberSide[]> {
  const ranks = sides.map((side) => (side.values === null ? ranksOf(side) : []))
  const unsure = ranks.map((own) => own.filter(({ value }) => value === null))
  const wanted = unsure.flatMap((own, j) => own.map(({ k, inBin }) => `${keyOf(j, k)}:${inBin}`))
  const rows = await readBins(
    engine,
    table,
    sides,
    unsure.map((own) => own.map(({ k }) => k)),
    (inBins) =>
      `SELECT r.k, r.i, r.v FROM (SELECT k, v, row_number() OVER (PARTITION BY k ORDER BY v) - 1 AS i FROM (${inBins}) b) r ` +
      `JOIN (SELECT DISTINCT CAST(split_part(x, ':', 1) AS INTEGER) AS k, CAST(split_part(x, ':', 2) AS BIGINT) AS i ` +
      `FROM UNNEST(split(${textLiteral(wanted.join(','))}, ',')) u(x)) w ON r.k = w.k AND r.i = w.i`,
  )
  const found = new Map(rows.map(([key, i, v = 0]) => [`${key}:${i}`, v + 0]))
  return sides.map((side, j) => {
    if (side.values !== null) return { ...side, deciles: deciles(side.values) }
    const values = new Map(
      ranks[j]?.map(({ rank, k, inBin, value }) => [rank, value ?? found.get(`${keyOf(j, k)}:${inBin}`) ?? Number.NaN]),
    )
    return {
      ...side,
      deciles: decilePositions(side.finite).map(({ below, above, t }) =>
        lerp(values.get(below) ?? Number.NaN, values.get(above) ?? Number.NaN, t),
      ),
    }
  })
}

interface Rank {
  readonly rank: number
  readonly k: number
  /** Its rank inside the bin, from 0. */
  readonly inBin: number
  /** Known where the bin has one value. */
  readonly value: number | null
}

function ranksOf({ bins, finite }: NumberSide): Rank[] {
  const wanted = [...new Set(decilePositions(finite).flatMap(({ below, above }) => [below, above]))].sort(
    (a, b) => a - b,
  )
  let [i, before] = [0, 0]
  return wanted.map((rank) => {
    while (before + (bins.n[i] ?? Number.POSITIVE_INFINITY) <= rank) before += bins.n[i++] ?? 0
    return {
      rank,
      k: bins.k[i] ?? 0,
      inBin: rank - before,
      value: bins.low[i] === bins.high[i] ? (bins.low[i] ?? null) : null,
    }
  })
}

/**
 * The answer of `query` over the rows of some bins of each column: `j` the column, `k` its key, `v`. Nothing is read where no
 * bin is asked for.
 */
async function readBins(
  engine: SqlEngine,
  table: SqlTable,
  sides: readonly NumberSide[],
  bins: readonly (readonly number[])[],
  query: (inBins: string) => string,
): Promise<readonly (readonly number[])[]> {
  const dialect = dialectOf(engine)
  const keys = bins.flatMap((own, j) => [...new Set(own)].map((k) => keyOf(j, k)))
  if (keys.length === 0) return []
  const parts = sides.flatMap((side, j) =>
    bins[j]?.length ? [`SELECT ${j} AS j, ${keySql(j)} AS k, v FROM (${placedValues(dialect, table, side)}) s`] : [],
  )
  const wanted = `(SELECT CAST(x AS INTEGER) AS k FROM UNNEST(split(${textLiteral(keys.join(','))}, ',')) u(x)) w`
  const rows = await engine.query(
    query(`SELECT a.j, a.k, a.v FROM (${parts.join(' UNION ALL ')}) a JOIN ${wanted} ON a.k = w.k`),
  )
  return rows.map((row) => row.map(Number))
}
