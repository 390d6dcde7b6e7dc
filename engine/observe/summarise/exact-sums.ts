// Sums that come out the same whatever the order in which an engine's threads add: whole numbers of 128 bits, and doubles
// as whole multiples of 2⁻⁶⁰. They leave the engine as text, since a double holds but 53 bits.
import type { SqlCell, SqlEngine } from '../../world-sql.ts'
import { dialectOf } from './dialect.ts'

/** 2⁶⁰: what a value of 1 counts. */
const UNIT = 2 ** 60

/** Σ of whole numbers below 2⁶³; a product must be of `wide` operands. NULL is left out. */
export function wholeSum(engine: SqlEngine, expression: string): string {
  return `CAST(sum(CAST(${expression} AS ${dialectOf(engine).wideType})) AS VARCHAR)`
}

/** Σ of doubles within ±2³, each rounded to a multiple of 2⁻⁶⁰; read with `fromUnits`. */
export function unitSum(engine: SqlEngine, expression: string): string {
  return wholeSum(engine, `(${expression}) * 1152921504606846976e0`)
}

/** A sum as an exact whole number; no rows: 0. */
export function wholeOf(cell: SqlCell | undefined): bigint {
  return typeof cell === 'string' ? BigInt(cell) : 0n
}

/** A `unitSum` as a double, rounded once. */
export function fromUnits(cell: SqlCell | undefined): number {
  return Number(wholeOf(cell)) / UNIT
}

/** A count or another number of an answer; NULL is 0. */
export function countOf(cell: SqlCell | undefined): number {
  return typeof cell === 'number' ? cell : 0
}

/** A power of two above a size, within what has a reciprocal: values divided by it are exact and at most 1. */
export function powerAbove(size: number): number {
  if (!(size > 0)) return 1
  return 2 ** Math.min(1000, Math.max(-900, Math.ceil(Math.log2(size)) + 1))
}
