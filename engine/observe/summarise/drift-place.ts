// Where the fine bins of a column are put: a centre and a scale from the first rows, and better ones from the bins that
// came of it where too many rows fell together (a column that is sorted, say). Results do not depend on it, only speed.
import { identifier } from '../../base/sql-text.ts'
import type { SqlCell, SqlEngine, SqlTable } from '../../world-sql.ts'
import { dialectOf } from './dialect.ts'
import type { BinPlace, NumberSide } from './drift-kept.ts'

const SAMPLE = 5000
const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95] as const
/** A bin of more than one value is crowded above this share of the rows… */
const CROWDED = 0.02
/** …and a column is placed anew when so much of it lies in crowded bins. */
const TOO_CROWDED = 0.2

/** Values lie within 2 to this many scales, so that sums of their squares stay finite. */
const FARTHEST = 300

/** Rows for which a bin's width of 1/4096 of a deviation is right; a quarter of the rows want bins twice as wide. */
const ROWS_OF_FINEST = 1_000_000

/** A place for each column of a table of so many rows, by its first ones. Approximate, and free to be. */
export async function samplePlaces(
  engine: SqlEngine,
  table: SqlTable,
  columns: readonly string[],
  rows: number,
): Promise<readonly BinPlace[]> {
  if (columns.length === 0) return []
  const dialect = dialectOf(engine)
  const finite = columns.map(identifier).map((c, i) => `CASE WHEN ${dialect.isFinite(c)} THEN ${c} END AS c${i}`)
  const wanted = columns.map((_, i) => `${dialect.quantiles(`c${i}`, SHARES)}, min(c${i}), max(c${i})`)
  const first = `SELECT ${columns.map(identifier).join(', ')} FROM ${table.from} LIMIT ${SAMPLE}`
  const [row = []] = await engine.query(
    `SELECT ${wanted.join(', ')} FROM (SELECT ${finite.join(', ')} FROM (${first}) a) b`,
  )
  return columns.map((_, i) => {
    const [low, high] = [Number(row[3 * i + 1] ?? 0), Number(row[3 * i + 2] ?? 0)]
    return placeOf(numbers(row[3 * i]), low, high, rows)
  })
}

/** A better place by the column's own bins, or null where the place is good enough. */
export function betterPlace({ bins, finite, place, deviation }: NumberSide): BinPlace | null {
  const crowded = bins.n.filter((n, i) => n > CROWDED * finite && bins.low[i] !== bins.high[i])
  const isCrowded = crowded.reduce((sum, n) => sum + n, 0) > TOO_CROWDED * finite
  if (!isCrowded && (deviation !== null || finite === 0)) return null
  const quantiles = SHARES.map((share) => quantile({ bins, finite }, share))
  const better = placeOf(quantiles, bins.low[0] ?? 0, bins.high.at(-1) ?? 0, finite)
  return better.scale < place.scale / 2 || better.scale > place.scale * 2 ? better : null
}

function placeOf(quantiles: readonly number[], low: number, high: number, rows: number): BinPlace {
  const [p05 = 0, p25 = 0, p50 = 0, p75 = 0, p95 = 0] = quantiles
  const spreads = [(p75 - p25) / 1.35, (p95 - p05) / 3.3, (high - low) / 8]
  const spread = spreads.find((one) => one > 0 && Number.isFinite(one)) ?? 1
  // Gaps of F − G go with 1 ÷ √rows, and so do the bins that their signs can be told from.
  const coarser = Math.max(1, Math.sqrt(ROWS_OF_FINEST / Math.max(rows, 1)))
  const reach = Math.min(Math.max(Math.abs(high - p50), Math.abs(low - p50)), Number.MAX_VALUE)
  const least = Math.max(-1000, Math.ceil(Math.log2(reach)) - FARTHEST)
  const exponent = Math.min(Math.max(Math.round(Math.log2(spread) + Math.log2(coarser)), least), 1000)
  const scale = 2 ** exponent
  // A round centre does not follow the sample's noise from run to run.
  const centre = Math.round(p50 / scale) * scale
  return { centre: Number.isFinite(centre) ? centre : p50, scale }
}

/** Roughly: rows are taken to lie evenly in their bin. */
function quantile({ bins, finite }: Pick<NumberSide, 'bins' | 'finite'>, share: number): number {
  let before = 0
  for (let i = 0; i < bins.n.length; i++) {
    const [n, low, high] = [bins.n[i] ?? 0, bins.low[i] ?? 0, bins.high[i] ?? 0]
    if (before + n >= share * finite) return low + (high - low) * ((share * finite - before) / n)
    before += n
  }
  return 0
}

function numbers(cell: SqlCell | undefined): readonly number[] {
  return Array.isArray(cell) ? cell.map(Number) : []
}
