// One scan of columns of numbers into fine bins (drift-layout.ts): rows, sums, least and largest value of each.
import { numberLiteral } from '../../base/sql-text.ts'
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import { type Moments, mergedDeviation } from '../metrics/moments.ts'
import { dialectOf } from './dialect.ts'
import type { FineBins, NumberSide } from './drift-kept.ts'
import {
  binSpan,
  columnOfKey,
  INFINITE,
  keyOf,
  keySql,
  MISSING,
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
  const gathered = columns.map((column) => new Gathered(column, parts))
  const dialect = dialectOf(engine)
  const scans = columns.map(
    (column, j) => `SELECT ${keySql(j)} AS k, v, t - floor(t) AS o FROM (${placedValues(dialect, table, column)}) d`,
  )
  const sum = (of: string) => `sum(floor(${of} * ${numberLiteral(parts)} + 0.5e0))`
  const sql = `SELECT CAST(k AS DOUBLE), CAST(count(*) AS DOUBLE), ${sum('o')}, ${sum('o * o')}, min(v), max(v) FROM (${scans.join(' UNION ALL ')}) u GROUP BY k`
  for await (const [keys, ...figures] of engine.numbers(sql)) {
    for (const [i, key] of keys?.entries() ?? []) {
      const j = columnOfKey(key)
      gathered[j]?.add(
        key - keyOf(j, 0),
        figures.map((column) => column[i] ?? Number.NaN),
      )
    }
  }
  return gathered.map((one) => one.side())
}

/**
 * Into how many parts a bin is divided for its sums. They are then sums of whole numbers that stay below 2⁵³: exact, and so the
 * same in whatever order threads add. A million rows leave 2³² parts, of bins that are 1/4096 of a deviation wide.
 */
function wholeParts(rows: number): number {
  return 2 ** (52 - Math.ceil(Math.log2(rows + 1)))
}

/** Cells of a bin in the flat list: k, n, Σo, Σo², low, high. */
const WIDTH = 6

/** The bins of one column as they arrive, in any order; flat, for there are thousands. */
class Gathered {
  private readonly column: PlacedColumn
  private readonly parts: number
  private missing = 0
  private infinite = 0
  private readonly cells: number[] = []

  constructor(column: PlacedColumn, parts: number) {
    this.column = column
    this.parts = parts
  }

  add(k: number, [n = 0, sum = 0, squares = 0, low = 0, high = 0]: readonly number[]): void {
    if (k === MISSING) this.missing += n
    else if (k === INFINITE) this.infinite += n
    else this.cells.push(k, n, sum / this.parts, squares / this.parts, low + 0, high + 0)
  }

  side(): NumberSide {
    const { name, place } = this.column
    const starts = Array.from({ length: this.cells.length / WIDTH }, (_, i) => i * WIDTH)
    starts.sort((a, b) => this.at(a) - this.at(b))
    const moments = starts.map((start) => this.moments(start))
    const bins: FineBins = {
      k: starts.map((start) => this.at(start)),
      n: moments.map(({ n }) => n),
      sum: moments.map(({ n, mean }) => finiteOrNull(n * mean)),
      low: starts.map((start) => this.at(start + 4)),
      high: starts.map((start) => this.at(start + 5)),
    }
    const deviation = mergedDeviation(moments)
    return {
      kind: 'number',
      name,
      place,
      missing: this.missing,
      infinite: this.infinite,
      finite: bins.n.reduce((total, n) => total + n, 0),
      bins,
      deviation: deviation === null ? null : finiteOrNull(deviation * place.scale),
      values: null,
      deciles: [],
    }
  }

  /** Of a bin, in units of z: far from 0 nothing is lost. Of one value they have no rounding at all. */
  private moments(start: number): Moments {
    const { centre, scale } = this.column.place
    const [n, sum, squares, low] = [this.at(start + 1), this.at(start + 2), this.at(start + 3), this.at(start + 4)]
    if (low === this.at(start + 5)) return { n, mean: (low - centre) / scale, squares: 0 }
    const span = binSpan(this.at(start))
    return {
      n,
      mean: span.low + (sum / n) * span.width,
      squares: Math.max(0, squares - (sum * sum) / n) * span.width ** 2,
    }
  }

  private at(cell: number): number {
    return this.cells[cell] ?? 0
  }
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
