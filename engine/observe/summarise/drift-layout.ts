// How fine bins lie on a column of numbers. A value's place is a monotone function of it, made of linear pieces around the
// column's centre: thousands of bins where values are dense, ever wider outwards, none too far. The whole part of the place is
// the bin, the rest says where in the bin the value lies. Whatever centre and scale are used, what comes of the bins is exact,
// for bins that are in doubt are read again (drift-reread.ts).
import { identifier, numberLiteral } from '../../base/sql-text.ts'
import type { SqlTable } from '../../world-sql.ts'
import type { Dialect } from './dialect.ts'
import type { BinPlace } from './drift-kept.ts'

/** A column, and where its bins lie. */
export interface PlacedColumn {
  readonly name: string
  readonly place: BinPlace
}

/** Pieces of |z|, z being (value − centre) ÷ scale: bins of equal width up to `to`. Chosen by measurement. */
const WIDTHS = [
  { to: 1, perUnit: 4096 },
  { to: 2, perUnit: 2048 },
  { to: 8, perUnit: 256 },
  { to: 64, perUnit: 16 },
  { to: 1024, perUnit: 1 },
  { to: 16384, perUnit: 1 / 16 },
  { to: 1048576, perUnit: 1 / 1024 },
] as const

interface Piece {
  readonly from: number
  readonly to: number
  readonly perUnit: number
  /** Bins of the pieces further in. */
  readonly before: number
}

const PIECES = pieces()

function pieces(): readonly Piece[] {
  let [from, before] = [0, 0]
  return WIDTHS.map(({ to, perUnit }) => {
    const piece = { from, to, perUnit, before }
    before += (to - from) * perUnit
    from = to
    return piece
  })
}

/** The bins of the pieces on one side of 0. Further out a bin a power of two… */
const INNER = PIECES.reduce((sum, { from, to, perUnit }) => sum + (to - from) * perUnit, 0)
/** …from the first of these to the last; all that lies beyond is one bin, in which no value has a place. */
const [FIRST, LAST] = [20, 500]

/** Bins are numbered from −`OUTERMOST` to `OUTERMOST` − 1. */
export const OUTERMOST = INNER + LAST - FIRST + 1

/** What has no place: NULL and NaN, and infinite values. */
export const MISSING = -16001
export const INFINITE = -16000

/** Bins of the j-th column of a statement lie around j times this: one whole number tells column and bin. */
const STRIDE = 32768
/** Below every number that a bin or a code has. */
export const LOWEST = -STRIDE / 2

/** Column and bin as one number. */
export function keyOf(column: number, bin: number): number {
  return column * STRIDE + bin
}

/** The column of a key. */
export function columnOfKey(key: number): number {
  return Math.floor(key / STRIDE + 0.5)
}

/** SQL for the rows of a column as `v` (−0 as 0) and `t`, its place. */
export function placedValues(dialect: Dialect, table: SqlTable, { name, place }: PlacedColumn): string {
  const z = `(v - ${numberLiteral(place.centre)}) * ${numberLiteral(1 / place.scale)}`
  return `SELECT v, ${placeOf(dialect)} AS t FROM (SELECT v, ${z} AS z FROM (SELECT ${identifier(name)} + 0 AS v FROM ${table.from}) a) c`
}

/** SQL for the key of a place. */
export function keySql(column: number): string {
  return `CAST(floor(t) + ${keyOf(column, 0)} AS INTEGER)`
}

/** The pieces in which most values lie come first: an engine stops there. */
function placeOf(dialect: Dialect): string {
  const inner = PIECES.map(({ from, to, perUnit, before }) => {
    const shift = before - from * perUnit
    const more = shift === 0 ? '' : ` + sign(z) * ${numberLiteral(shift)}`
    return `WHEN abs(z) < ${numberLiteral(to)} THEN z * ${numberLiteral(perUnit)}${more}`
  })
  // A logarithm may be a hair too small where |z| is a power of two: the place is the same from either side.
  const exponent = `greatest(${numberLiteral(FIRST)}, floor(log2(abs(z))))`
  const far = `${exponent} + abs(z) / power(2e0, ${exponent}) + ${numberLiteral(INNER - FIRST - 1)}`
  const outer = `sign(z) * CASE WHEN abs(z) < ${numberLiteral(2 ** LAST)} THEN ${far} ELSE ${numberLiteral(OUTERMOST - 0.5)} END`
  const infinite = `WHEN v IS NOT NULL AND NOT ${dialect.isNan('v')} THEN ${numberLiteral(INFINITE)}`
  return `CASE ${inner.join(' ')} WHEN ${dialect.isFinite('v')} THEN ${outer} ${infinite} ELSE ${numberLiteral(MISSING)} END`
}

/** The span of z that a bin covers; the outermost ones have none. */
export function binSpan(bin: number): { readonly low: number; readonly width: number } {
  const place = bin < 0 ? -1 - bin : bin
  const { low, width } = spanOf(place)
  return { low: bin < 0 ? -(low + width) : low, width }
}

function spanOf(place: number): { low: number; width: number } {
  for (const { from, to, perUnit, before } of PIECES) {
    if (place < before + (to - from) * perUnit) return { low: from + (place - before) / perUnit, width: 1 / perUnit }
  }
  const exponent = FIRST + place - INNER
  return exponent < LAST ? { low: 2 ** exponent, width: 2 ** exponent } : { low: Number.NaN, width: Number.NaN }
}
