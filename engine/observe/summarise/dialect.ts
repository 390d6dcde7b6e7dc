// What differs between the SQL of the engines, and nothing else: the summaries are written once, over this.
import { identifier } from '../../base/sql-text.ts'
import type { SqlColumn, SqlEngine } from '../../world-sql.ts'

export interface Dialect {
  /** Whether a double is neither NaN nor infinite. NULL for NULL. */
  isFinite(x: string): string
  isNan(x: string): string
  /** A list of quantiles of the finite values of `x`; on a cluster they are approximate. */
  quantiles(x: string, shares: readonly number[]): string
  /** The type of whole numbers of 38 digits. */
  readonly wideType: string
  /** One value for a row of these columns: equal rows have equal ones, unlike rows almost never. */
  rowHash(columns: readonly SqlColumn[]): string
  /**
   * A number for each row, from 1: its place in the files. DuckDB numbers in one thread, file by file, where the window has no
   * order; a cluster knows no places, and gets an order that is the same in every run.
   */
  rowNumber(columns: readonly SqlColumn[]): string
}

const DUCKDB: Dialect = {
  isFinite: (x) => `isfinite(${x})`,
  isNan: (x) => `isnan(${x})`,
  quantiles: (x, shares) => `quantile_disc(${x}, [${shares.join(', ')}])`,
  wideType: 'HUGEINT',
  rowHash: (columns) => `hash(${columns.map(({ name }) => identifier(name)).join(', ')})`,
  rowNumber: () => 'row_number() OVER ()',
}

const TRINO: Dialect = {
  isFinite: (x) => `is_finite(${x})`,
  isNan: (x) => `is_nan(${x})`,
  quantiles: (x, shares) => `approx_percentile(${x}, ARRAY[${shares.map((share) => `DOUBLE '${share}'`).join(', ')}])`,
  wideType: 'DECIMAL(38, 0)',
  rowHash: (columns) => `xxhash64(to_utf8(array_join(ARRAY[${columns.map(trinoText).join(', ')}], chr(31))))`,
  rowNumber: (columns) => `row_number() OVER (ORDER BY ${TRINO.rowHash(columns)})`,
}

/** −0 is written as 0, for they are equal. */
function trinoText({ name, kind }: SqlColumn): string {
  const value = kind === 'number' ? `${identifier(name)} + 0e0` : identifier(name)
  return `coalesce(CAST(${value} AS VARCHAR), chr(0))`
}

/** By the engine's own word for what it speaks. */
export function dialectOf(engine: SqlEngine): Dialect {
  return engine.dialect === 'duckdb' ? DUCKDB : TRINO
}
