// One scan of columns of numbers into fine bins (drift-layout.ts): rows, sums, least and largest value of each.
import { numberLiteral } from '../../base/sql-text.ts'
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import { type Moments, mergedDeviation } from '../metrics/moments.ts'
import { dialectOf } from './dialect.ts'
import type { NumberSide } from './drift-kept.ts'
import {
  binSpan,
  INFINITE,
  keyOf,
  keySql,
  LOWEST,
  MISSING,
  OUTERMOST,
  type PlacedColumn,
  placedValues,
} from './drift-layout.ts'

/** The columns of one side of so many rows, binned; `values` and `deciles` are filled in later. */
export async function scanBins(
  engine: SqlEngine,
  table: SqlTable,
  columns: readonly PlacedColumn[],
  rows: number,
): Promise<NumberSide[]> {
  if (columns.length === 0) return []
  const parts = wholeParts(rows)
  const dialect = dialectOf(engine)
  const scans = columns.map(
    (column, j) => `SELECT ${keySql(j)} AS k, v, t - floor(t) AS o FROM (${placedValues(dialect, table, column)}) d`,
  )
  const sum = (of: string) => `sum(floor(${of} * ${numberLiteral(parts)} + 0.5e0))`
  const sql = `SELECT CAST(k AS DOUBLE), CAST(count(*) AS DOUBLE), ${sum('o')}, ${sum('o * o')}, min(v), max(v) FROM (${scans.join(' UNION ALL ')}) u GROUP BY k`
  const gathered = new Gathered(columns.length)
  for await (const batch of engine.numbers(sql)) gathered.add(batch)
  return columns.map((column, j) => sideOf(column, j, gathered, parts))
}

/**
 * Into how many parts a bin is divided for its sums. They are then sums of whole numbers that stay below 2⁵³: exact, and so the
 * same in whatever order threads add. A million rows leave 2³² parts, of bins that are 1/4096 of a deviation wide.
 */
function wholeParts(rows: number): number {
  return 2 ** (52 - Math.ceil(Math.log2(rows + 1)))
}

/** The bins of a scan as they arrive, in any order: lists side by side, for there are thousands. */
class Gathered {
  readonly n: number[] = []
  readonly sum: number[] = []
  readonly squares: number[] = []
  readonly low: number[] = []
  readonly high: number[] = []
  /** By key: where the bin stands in the lists, from 1; 0 without rows. */
  private readonly places: Int32Array
  private size = 0

  constructor(columns: number) {
    this.places = new Int32Array(keyOf(columns, 0))
  }

  add([keys = [], n = NONE, sum = NONE, squares = NONE, low = NONE, high = NONE]: readonly ArrayLike<number>[]): void {
    for (let i = 0; i < keys.length; i++) {
      this.n.push(n[i] ?? 0)
      this.sum.push(sum[i] ?? 0)
      this.squares.push(squares[i] ?? 0)
      this.low.push((low[i] ?? 0) + 0)
      this.high.push((high[i] ?? 0) + 0)
      this.places[(keys[i] ?? 0) - keyOf(0, LOWEST)] = ++this.size
    }
  }

  /** Where a bin stands in the lists; −1 without rows. */
  at(column: number, bin: number): number {
    return (this.places[keyOf(column, bin - LOWEST)] ?? 0) - 1
  }
}

const NONE: ArrayLike<number> = []

function sideOf({ name, place }: PlacedColumn, column: number, gathered: Gathered, parts: number): NumberSide {
  const bins: Lists = { k: [], n: [], sum: [], low: [], high: [] }
  const moments: Moments[] = []
  for (let k = -OUTERMOST; k < OUTERMOST; k++) {
    const at = gathered.at(column, k)
    if (at < 0) continue
    const [n, low, high] = [gathered.n[at] ?? 0, gathered.low[at] ?? 0, gathered.high[at] ?? 0]
    // Of one value they have no rounding at all.
    const part =
      low === high
        ? { n, mean: (low - place.centre) / place.scale, squares: 0 }
        : momentsOf(k, n, (gathered.sum[at] ?? 0) / parts, (gathered.squares[at] ?? 0) / parts)
    moments.push(part)
    bins.k.push(k)
    bins.n.push(n)
    bins.sum.push(finiteOrNull(n * part.mean))
    bins.low.push(low)
    bins.high.push(high)
  }
  const deviation = mergedDeviation(moments)
  return {
    kind: 'number',
    name,
    place,
    missing: gathered.n[gathered.at(column, MISSING)] ?? 0,
    infinite: gathered.n[gathered.at(column, INFINITE)] ?? 0,
    finite: bins.n.reduce((total, n) => total + n, 0),
    bins,
    deviation: deviation === null ? null : finiteOrNull(deviation * place.scale),
    values: null,
    deciles: [],
  }
}

interface Lists {
  readonly k: number[]
  readonly n: number[]
  readonly sum: (number | null)[]
  readonly low: number[]
  readonly high: number[]
}

/** Of a bin, in units of z: far from 0 nothing is lost. */
function momentsOf(k: number, n: number, sum: number, squares: number): Moments {
  const { low, width } = binSpan(k)
  return { n, mean: low + (sum / n) * width, squares: Math.max(0, squares - (sum * sum) / n) * width ** 2 }
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
