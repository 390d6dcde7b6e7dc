// What differs between the SQL of the engines, and nothing else: the summaries are written once, over this.
import type { SqlEngine } from '../../world-sql.ts'

export interface Dialect {
  /** Whether a double is neither NaN nor infinite. NULL for NULL. */
  isFinite(x: string): string
  isNan(x: string): string
  /** A list of approximate quantiles of the finite values of `x`. */
  quantiles(x: string, shares: readonly number[]): string
}

const DUCKDB: Dialect = {
  isFinite: (x) => `isfinite(${x})`,
  isNan: (x) => `isnan(${x})`,
  quantiles: (x, shares) => `approx_quantile(${x}, [${shares.join(', ')}])`,
}

const TRINO: Dialect = {
  isFinite: (x) => `is_finite(${x})`,
  isNan: (x) => `is_nan(${x})`,
  quantiles: (x, shares) => `approx_percentile(${x}, ARRAY[${shares.map((share) => `DOUBLE '${share}'`).join(', ')}])`,
}

export function dialectOf(engine: SqlEngine): Dialect {
  return engine.dialect === 'duckdb' ? DUCKDB : TRINO
}
