// One scan of columns of numbers into fine bins. Bins are a monotone function of the value, made of linear pieces around
// the column's centre: thousands where the values are dense, ever wider outwards, none too far. Whatever centre and scale
// are used, what comes of the bins is exact, for bins that are in doubt are read again (drift-reread.ts).
import { identifier, numberLiteral } from '../../base/sql-text.ts'
import type { SqlEngine, SqlRow, SqlTable } from '../../world-sql.ts'
import { type Moments, mergedDeviation } from '../metrics/moments.ts'
import { type Dialect, dialectOf } from './dialect.ts'
import type { BinPlace, FineBins, NumberSide } from './drift-kept.ts'

/** A column to scan, and where its bins lie. */
export interface PlacedColumn {
  readonly name: string
  readonly place: BinPlace
}

/** Pieces of |z|: bins of equal width up to `to`; what lies further out is one bin on each side. Chosen by measurement. */
const PIECES = [
  { to: 1, perUnit: 4096 },
  { to: 2, perUnit: 2048 },
  { to: 8, perUnit: 256 },
  { to: 64, perUnit: 16 },
  { to: 1024, perUnit: 1 },
  { to: 16384, perUnit: 1 / 16 },
  { to: 1048576, perUnit: 1 / 1024 },
] as const

const MISSING = -1
const INFINITE = -2

/** The columns of one side, binned; `values` and `deciles` are filled in later. */
export async function scanBins(
  engine: SqlEngine,
  table: SqlTable,
  columns: readonly PlacedColumn[],
): Promise<NumberSide[]> {
  if (columns.length === 0) return []
  const gathered = columns.map(() => new Gathered())
  const scans = columns.map(
    (column, j) => `SELECT ${j} AS j, * FROM (${binnedValues(dialectOf(engine), table, column)}) b`,
  )
  const sql = `SELECT j, k, count(*), sum(z), sum(z * z), min(v), max(v) FROM (${scans.join(' UNION ALL ')}) u GROUP BY j, k`
  for await (const rows of engine.stream(sql)) {
    for (const row of rows) gathered[Number(row[0])]?.add(row)
  }
  return columns.map((column, j) => (gathered[j] ?? new Gathered()).side(column))
}

/** SQL for the rows of a column as `v` (finite, −0 as 0), `z` and bin `k`; what is missing or infinite has only its `k`. */
export function binnedValues(dialect: Dialect, table: SqlTable, { name, place }: PlacedColumn): string {
  const z = `(v - ${numberLiteral(place.centre)}) / ${numberLiteral(place.scale)}`
  return (
    `SELECT CASE WHEN k >= 0 THEN v END AS v, CASE WHEN k >= 0 THEN z END AS z, k FROM (` +
    `SELECT v, z, CASE WHEN v IS NULL OR ${dialect.isNan('v')} THEN ${MISSING} WHEN NOT ${dialect.isFinite('v')} THEN ${INFINITE} ` +
    `ELSE ${binOf()} END AS k FROM (SELECT v, ${z} AS z FROM (SELECT ${identifier(name)} + 0 AS v FROM ${table.from}) a) c) d`
  )
}

/** Bins from 0 on; the lowest holds all below the outermost piece. */
function binOf(): string {
  const zero = binsOfHalf() + 1
  let [from, before] = [0, 0]
  const above: string[] = []
  const below: string[] = []
  for (const { to, perUnit } of PIECES) {
    above.push(
      `WHEN z < ${to} THEN ${zero + before} + CAST(floor((z - ${from}) * ${numberLiteral(perUnit)}) AS INTEGER)`,
    )
    below.push(
      `WHEN z > -${to} THEN ${zero - 1 - before} - CAST(floor((-z - ${from}) * ${numberLiteral(perUnit)}) AS INTEGER)`,
    )
    before += (to - from) * perUnit
    from = to
  }
  return `CASE WHEN z >= 0 THEN CASE ${above.join(' ')} ELSE ${zero + before} END ELSE CASE ${below.join(' ')} ELSE ${zero - 1 - before} END END`
}

function binsOfHalf(): number {
  let [from, bins] = [0, 0]
  for (const { to, perUnit } of PIECES) {
    bins += (to - from) * perUnit
    from = to
  }
  return bins
}

/** Cells of a group in the flat list: k, n, Σz, Σz², low, high. */
const WIDTH = 6

/** The groups of one column as they arrive, in any order; flat, for there are thousands. */
class Gathered {
  private missing = 0
  private infinite = 0
  private readonly cells: number[] = []

  add(row: SqlRow): void {
    const [k, n] = [Number(row[1]), Number(row[2])]
    if (k === MISSING) this.missing += n
    else if (k === INFINITE) this.infinite += n
    else this.cells.push(k, n, Number(row[3]), Number(row[4]), Number(row[5]) + 0, Number(row[6]) + 0)
  }

  side({ name, place }: PlacedColumn): NumberSide {
    const starts = Array.from({ length: this.cells.length / WIDTH }, (_, i) => i * WIDTH)
    starts.sort((a, b) => this.at(a) - this.at(b))
    const bins: FineBins = {
      k: starts.map((start) => this.at(start)),
      n: starts.map((start) => this.at(start + 1)),
      sum: starts.map((start) => this.at(start + 2)).map(finiteOrNull),
      low: starts.map((start) => this.at(start + 4)),
      high: starts.map((start) => this.at(start + 5)),
    }
    const deviation = mergedDeviation(starts.map((start) => this.moments(start, place)))
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

  /** Of a group, in units of z: far from 0 nothing is lost. Of one value they have no rounding at all. */
  private moments(start: number, { centre, scale }: BinPlace): Moments {
    const [n, sum, squares, low] = [this.at(start + 1), this.at(start + 2), this.at(start + 3), this.at(start + 4)]
    if (low === this.at(start + 5)) return { n, mean: (low - centre) / scale, squares: 0 }
    return { n, mean: sum / n, squares: Math.max(0, squares - (sum * sum) / n) }
  }

  private at(cell: number): number {
    return this.cells[cell] ?? 0
  }
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
