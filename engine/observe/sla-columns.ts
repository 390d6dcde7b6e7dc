// Figures of the service from columns of the data: how long each answer took, and whether it failed (`sla.columns` of a card).
import { compareText } from '../base/order.ts'
import { identifier } from '../base/sql-text.ts'
import type { ModelCard } from '../domain/model-card.ts'
import type { Measurement } from '../domain/snapshot.ts'
import type { SqlEngine, SqlRow, SqlTable } from '../world-sql.ts'
import { asMeasurement } from './metrics/as-measurement.ts'
import { wilson } from './metrics/intervals.ts'
import { known, type Measured, unknown } from './metrics/measured.ts'

export interface SlaColumns {
  readonly columns: NonNullable<NonNullable<ModelCard['sla']>['columns']>
  readonly windowSeconds: number
  /** `objectives.availability` of the card: what the error budget is of. */
  readonly availability: number | undefined
  /** Endpoints with fewer rows are left out: a figure of a handful of rows tells the rows. */
  readonly minimumGroupSize: number
}

const QUANTILES = [
  ['sla.latency_p50_ms', 0.5],
  ['sla.latency_p95_ms', 0.95],
  ['sla.latency_p99_ms', 0.99],
] as const
/** More endpoints than this are no endpoints but addresses with ids in them. */
const MOST_ENDPOINTS = 200
const COLUMN = 'data-column'

/** Of the whole window, and of each endpoint where the card names that column. */
export async function slaOfColumns(engine: SqlEngine, table: SqlTable, sla: SlaColumns): Promise<Measurement[]> {
  const { endpoint } = sla.columns
  const [whole = []] = await engine.query(slaSql(engine, table, sla, null))
  const all = measurementsOf(whole, sla, {})
  if (endpoint === undefined) return all
  const rows = await engine.query(slaSql(engine, table, sla, endpoint))
  const each = rows
    .filter(([name, count]) => name !== null && Number(count) >= sla.minimumGroupSize)
    .sort(([a], [b]) => compareText(String(a), String(b)))
    .flatMap(([name, ...figures]) => measurementsOf(figures, sla, { endpoint: String(name) }))
  return [...all, ...each]
}

function slaSql(engine: SqlEngine, { from }: SqlTable, { columns }: SlaColumns, endpoint: string | null): string {
  const latency = columns.latency === undefined ? null : identifier(columns.latency)
  const error = columns.error === undefined ? null : identifier(columns.error)
  const finite =
    latency === null
      ? null
      : `CASE WHEN abs(${latency}) < CAST('Infinity' AS DOUBLE) AND ${latency} >= 0 THEN ${latency} END`
  const figures = [
    'count(*)',
    ...(finite === null ? [] : [`count(${finite})`, ...QUANTILES.map(([, share]) => quantile(engine, finite, share))]),
    ...(error === null ? [] : [`count(${error})`, `count(CASE WHEN ${error} THEN 1 END)`]),
  ]
  if (endpoint === null) return `SELECT ${figures.join(', ')} FROM ${from}`
  const name = identifier(endpoint)
  return `SELECT ${[name, ...figures].join(', ')} FROM ${from} GROUP BY ${name} ORDER BY count(*) DESC, ${name} LIMIT ${MOST_ENDPOINTS}`
}

/** Exact on DuckDB, interpolated as NumPy does; Trino has an approximate one only. */
function quantile({ dialect }: SqlEngine, value: string, share: number): string {
  return dialect === 'duckdb' ? `quantile_cont(${value}, ${share})` : `approx_percentile(${value}, ${share})`
}

function measurementsOf(figures: SqlRow, sla: SlaColumns, place: { readonly endpoint?: string }): Measurement[] {
  const [count = 0, ...rest] = figures.map((one) => (one === null ? null : Number(one)))
  const rows = Number(count)
  const hasLatency = sla.columns.latency !== undefined
  const latency = hasLatency ? rest.slice(0, 4) : []
  const [answered, failed] = rest.slice(latency.length)
  const told = (metric: string, measured: Measured): Measurement => {
    const { endpoint } = place
    return {
      ...asMeasurement(metric, measured, { definition: COLUMN }),
      ...(endpoint === undefined ? {} : { endpoint }),
    }
  }
  return [
    ...(hasLatency ? QUANTILES.map(([metric], i) => told(metric, quantileOf(latency[i + 1], latency[0] ?? 0))) : []),
    ...(answered === undefined ? [] : errorFigures(answered ?? 0, failed ?? 0, sla.availability, told)),
    told(
      'sla.throughput',
      sla.windowSeconds > 0 ? known(rows / sla.windowSeconds, rows) : unknown('zero_denominator', rows),
    ),
  ]
}

function quantileOf(value: number | null | undefined, n: number): Measured {
  return value === null || value === undefined ? unknown('empty_window', n) : known(value, n)
}

function errorFigures(
  answered: number,
  failed: number,
  objective: number | undefined,
  told: (metric: string, measured: Measured) => Measurement,
): Measurement[] {
  const share = (part: number): Measured =>
    answered === 0 ? unknown('empty_window', 0) : known(part / answered, answered, wilson({ part, whole: answered }))
  const budget = objective === undefined ? 0 : 1 - objective
  const burn = answered === 0 ? unknown('empty_window', 0) : known(failed / answered / budget, answered)
  return [
    told('sla.error_rate', share(failed)),
    told('sla.availability', share(answered - failed)),
    ...(budget > 0 ? [told('sla.burn_rate', burn)] : []),
  ]
}
