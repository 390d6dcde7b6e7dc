// One scan of columns of numbers into fine bins. Bins are a monotone function of the value, made of linear pieces around
// the column's centre: thousands where the values are dense, ever wider outwards, none too far. Whatever centre and scale
// are used, what comes of the bins is exact, for bins that are in doubt are read again (drift-reread.ts).
import { identifier, numberLiteral } from '../../base/sql-text.ts'
import type { SqlCell, SqlEngine, SqlRow, SqlTable } from '../../world-sql.ts'
import { type Moments, mergedDeviation } from '../metrics/moments.ts'
import { type Dialect, dialectOf } from './dialect.ts'
import type { BinPlace, FineBins, NumberSide } from './drift-kept.ts'

/** A column to scan, and where its bins lie. */
export interface PlacedColumn {
  readonly name: string
  readonly place: BinPlace
}

/** Pieces of |z|: bins of equal width up to `to`; further out a bin a power of two. Chosen by measurement. */
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
    (column, j) =>
      `SELECT ${j} AS j, k, v, ${inWholeUnits()} AS q FROM (${binnedValues(dialectOf(engine), table, column)}) b`,
  )
  const { fixedSum } = dialectOf(engine)
  const figures = `count(*), ${fixedSum('q')}, ${fixedSum(`q * q * ${numberLiteral(2 ** -SQUARE_BITS)}`)}, min(v), max(v)`
  const sql = `SELECT j, k, ${figures} FROM (${scans.join(' UNION ALL ')}) u GROUP BY j, k`
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
  const further = `CASE WHEN abs(z) < ${numberLiteral(2 ** LAST)} THEN ${EXPONENT} - ${FIRST} ELSE ${LAST - FIRST} END`
  return `CASE WHEN z >= 0 THEN CASE ${above.join(' ')} ELSE ${zero + before} + ${further} END ELSE CASE ${below.join(' ')} ELSE ${zero - 1 - before} - ${further} END END`
}

/** The bins of the pieces on one side of 0. */
const INNER = bins()

function bins(): number {
  let [from, sum] = [0, 0]
  for (const { to, perUnit } of PIECES) {
    sum += (to - from) * perUnit
    from = to
  }
  return sum
}

/** The first and the last power of two that has a bin of its own; all that lies beyond is one bin, without a sum. */
const [FIRST, LAST] = [20, 500]
/** A logarithm may be a hair too small where |z| is a power of two. */
const EXPONENT = `greatest(${FIRST}, CAST(floor(log2(abs(z))) AS INTEGER))`

function binsOfHalf(): number {
  return INNER + LAST - FIRST
}

/**
 * Sums are made of whole numbers, since those are the same in whatever order threads add: z is counted in units of a power of
 * two that depends on the bin alone, so small that z loses nothing, and so large that no value passes 2⁶².
 */
const UNITS = [
  { below: 8, bits: 59 },
  { below: 1024, bits: 52 },
  { below: 2 ** FIRST, bits: 42 },
] as const
/** What is taken off the bits of a square. */
const SQUARE_BITS = 62

/** SQL for z in its units; NULL in the outermost bin, which has no sum. */
function inWholeUnits(): string {
  const inner = UNITS.map(({ below, bits }) => `WHEN abs(z) < ${numberLiteral(below)} THEN ${numberLiteral(2 ** bits)}`)
  const outer = `WHEN abs(z) < ${numberLiteral(2 ** LAST)} THEN power(2e0, 59 - ${EXPONENT})`
  return `z * CASE ${inner.join(' ')} ${outer} END`
}

/** How many units of z are 1 in a bin. */
function unitAt(bin: number): number {
  const zero = binsOfHalf() + 1
  const place = bin >= zero ? bin - zero : zero - 1 - bin
  if (place >= INNER) return 2 ** (59 - (FIRST + place - INNER))
  let [from, before] = [0, 0]
  for (const { to, perUnit } of PIECES) {
    const bins = (to - from) * perUnit
    if (place < before + bins) return 2 ** (UNITS.find(({ below }) => to <= below)?.bits ?? 0)
    before += bins
    from = to
  }
  return 1
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
    else {
      const unit = unitAt(k)
      const squares = inUnits(row[4], unit) / (unit * 2 ** -SQUARE_BITS)
      this.cells.push(k, n, inUnits(row[3], unit), squares, Number(row[5]) + 0, Number(row[6]) + 0)
    }
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

/** NaN where there is no sum. */
function inUnits(cell: SqlCell | undefined, unit: number): number {
  return typeof cell === 'number' ? cell / unit : Number.NaN
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
