// A regression's outcomes as sums, in two passes: the first finds how large targets and errors are, the second adds them up
// in units of that size around the middle of the targets. So no offset cancels, nothing overflows, and the order of rows
// changes no bit.
import { numberLiteral } from '../../base/sql-text.ts'
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import type { RegressionSums } from '../metrics/regression.ts'
import { countOf, fromUnits, powerAbove, unitSum, wholeOf } from './exact-sums.ts'
import { finiteTest, numberOf, type OutcomeColumns } from './outcome-columns.ts'

export interface RegressionOutcomes {
  readonly kind: 'regression'
  readonly rows: number
  readonly labelled: number
  /** Rows whose target, prediction or error is infinite: with one, no error is finite. */
  readonly nonFinite: number
  /** Of the rows that have both numbers. */
  readonly sums: RegressionSums
}

interface Sizes {
  readonly rows: number
  readonly labelled: number
  readonly pairs: number
  readonly finite: number
  readonly zeroTargets: number
  readonly low: number
  readonly high: number
  readonly error: number
  readonly relative: number
}

/** Errors that are not finite are counted, and then there are no sums. Faults `observe/missing-column`. */
export async function summariseRegression(
  engine: SqlEngine,
  table: SqlTable,
  outcomes: OutcomeColumns,
): Promise<RegressionOutcomes> {
  const source = errorsOf(table, outcomes)
  const sizes = await firstPass(engine, source)
  const { rows, labelled, pairs, finite } = sizes
  const sums = pairs === 0 || finite < pairs ? NO_SUMS : await secondPass(engine, source, sizes)
  return { kind: 'regression', rows, labelled, nonFinite: pairs - finite, sums: { ...sums, n: pairs } }
}

const NO_SUMS: RegressionSums = {
  n: 0,
  absoluteErrors: 0,
  squaredErrors: 0,
  squaredTargetDeviations: 0,
  zeroTargets: 0,
  relativeErrors: 0,
}

/** `t` target, `e` error, `r` |error ÷ target| where the target is not 0. */
function errorsOf(table: SqlTable, { prediction, label }: OutcomeColumns): string {
  const target = label === null ? 'CAST(NULL AS DOUBLE)' : numberOf(table, label)
  return `(SELECT t, p - t AS e, CASE WHEN t <> 0 AND ${finiteTest('t')} THEN abs((p - t) / t) END AS r
    FROM (SELECT ${target} AS t, ${numberOf(table, prediction)} AS p FROM ${table.from}) AS u)`
}

async function firstPass(engine: SqlEngine, source: string): Promise<Sizes> {
  const [row] = await engine.query(`SELECT count(*), count(t), count(e),
    count(CASE WHEN ${finiteTest('t')} AND ${finiteTest('e')} THEN 1 END),
    count(CASE WHEN t = 0 AND e IS NOT NULL THEN 1 END),
    min(CASE WHEN e IS NOT NULL THEN t END), max(CASE WHEN e IS NOT NULL THEN t END), max(abs(e)), max(r)
    FROM ${source} AS v`)
  const [rows = 0, labelled = 0, pairs = 0, finite = 0, zeroTargets = 0, low = 0, high = 0, error = 0, relative = 0] = (
    row ?? []
  ).map(countOf)
  return { rows, labelled, pairs, finite, zeroTargets, low, high, error, relative }
}

async function secondPass(engine: SqlEngine, source: string, sizes: Sizes): Promise<RegressionSums> {
  const { low, high, zeroTargets, pairs } = sizes
  const middle = low / 2 + high / 2
  const [spread, error, relative] = [
    powerAbove(high / 2 - low / 2),
    powerAbove(sizes.error),
    powerAbove(sizes.relative),
  ]
  const d = `(t - ${numberLiteral(middle)}) * ${numberLiteral(1 / spread)}`
  const e = `e * ${numberLiteral(1 / error)}`
  const hasShares = zeroTargets === 0 && Number.isFinite(sizes.relative)
  const [row] = await engine.query(`SELECT ${unitSum(engine, `abs(${e})`)}, ${unitSum(engine, `(${e}) * (${e})`)},
    ${unitSum(engine, d)}, ${unitSum(engine, `(${d}) * (${d})`)},
    ${hasShares ? unitSum(engine, `r * ${numberLiteral(1 / relative)}`) : 'NULL'}
    FROM ${source} AS v WHERE e IS NOT NULL`)
  const [absolute, squared, deviations, squaredDeviations, shares] = row ?? []
  return {
    n: pairs,
    absoluteErrors: error * fromUnits(absolute),
    squaredErrors: fromUnits(squared),
    errorUnit: error,
    squaredTargetDeviations:
      low === high ? 0 : aroundMean(wholeOf(deviations), wholeOf(squaredDeviations), BigInt(pairs)),
    targetUnit: spread,
    zeroTargets,
    relativeErrors: hasShares ? relative * fromUnits(shares) : Number.POSITIVE_INFINITY,
  }
}

/** Σ(d − mean d)² from Σd and Σd², both in units of 2⁻⁶⁰; exact until the last step. */
function aroundMean(sum: bigint, squares: bigint, n: bigint): number {
  const scaled = n * squares * (1n << 60n) - sum * sum
  return Number(scaled) / Number(n) / 2 ** 120
}
