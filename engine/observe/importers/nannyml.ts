// NannyML's exports, CSV or Parquet: univariate drift, and performance estimated without labels (CBPE, DLE).
// Columns are flat, `<column>_<method>_<figure>`, and are matched from the right. Only the analysis period is measured.

import type { Cell, Table } from '../../domain/table.ts'
import {
  type Extracted,
  feature,
  figure,
  type ImportedMeasurement,
  MODEL,
  present,
  Refusal,
  type Source,
  type SourceWindow,
} from './imported.ts'
import { readCsv } from './read-csv.ts'
import { readText } from './read-text.ts'
import { booleanCell, numberCell, textCell } from './table.ts'

const CHUNK = [
  'chunk_key',
  'chunk_start_index',
  'chunk_end_index',
  'chunk_start_date',
  'chunk_end_date',
  'chunk_period',
]

/** The Jensen-Shannon distance is base 2, the chi-square value a statistic, the Wasserstein distance not normed. */
type Known = readonly [metric: string, name?: string | undefined, variant?: string]
const DRIFT: ReadonlyMap<string, Known> = new Map<string, Known>([
  ['kolmogorov_smirnov', ['drift.ks']],
  ['jensen_shannon', ['drift.jensen_shannon', undefined, ':base2']],
  ['hellinger', ['drift.hellinger']],
  ['wasserstein', ['custom', 'nannyml.wasserstein']],
  ['chi2', ['custom', 'nannyml.chi2_statistic']],
  ['l_infinity', ['custom', 'nannyml.l_infinity']],
])
const ESTIMATED: ReadonlySet<string> = new Set(['roc_auc', 'accuracy', 'f1', 'precision', 'recall'])
const REGRESSION: ReadonlySet<string> = new Set(['mae', 'mape', 'mse', 'msle', 'rmse', 'rmsle'])

/**
 * Reads drift, or estimates, of the chunks of the analysis period, each with its window. A file of both is refused:
 * throws `Refusal`.
 */
export function importNannyml(source: Source): Extracted {
  const table = source.table ?? readCsv(readText(source.bytes, 'csv'))
  const places = new Map(table.columns.map((name, index) => [name, index]))
  const bases = table.columns.filter((name) => name.endsWith('_value')).map((name) => name.slice(0, -'_value'.length))
  if (!CHUNK.every((name) => places.has(name)) || bases.length === 0) throw unknownColumns(table)
  const rows = table.rows
    .map((cells) => new ChunkRow(places, cells))
    .filter((row) => row.text('chunk_period') === 'analysis')
  const isEstimate = (base: string) => places.has(`${base}_upper_confidence_boundary`)
  if (bases.every(isEstimate)) return estimates(bases, rows, table)
  if (bases.some(isEstimate)) throw unknownColumns(table)
  return drift(bases, rows, table)
}

function unknownColumns(table: Table): Refusal {
  const seen = table.columns.filter((name) => name !== '').slice(0, 20)
  const wanted = 'an export of NannyML has `chunk_…` columns and `<column>_<method>_value` or `<metric>_value`'
  return new Refusal('unknown-shape', `the columns are \`${seen.join('`, `')}\`; ${wanted}`)
}

/** A row by column name. */
class ChunkRow {
  private readonly places: ReadonlyMap<string, number>
  private readonly cells: readonly Cell[]

  constructor(places: ReadonlyMap<string, number>, cells: readonly Cell[]) {
    this.places = places
    this.cells = cells
  }

  text(name: string): string | null {
    return textCell(this.cells[this.places.get(name) ?? -1])
  }

  number(name: string): number | null {
    return numberCell(this.cells[this.places.get(name) ?? -1], `\`${name}\` of chunk \`${this.text('chunk_key')}\``)
  }

  finite(name: string): number | undefined {
    const value = this.number(name)
    return value !== null && Number.isFinite(value) ? value : undefined
  }

  alert(base: string): boolean | null {
    const name = `${base}_alert`
    return booleanCell(this.cells[this.places.get(name) ?? -1], `\`${name}\` of chunk \`${this.text('chunk_key')}\``)
  }

  /** An empty cell is a value that could not be computed. */
  value(base: string) {
    return figure(this.number(`${base}_value`), 'not-a-number')
  }

  /** Rows of the chunk. */
  rows(): number | undefined {
    const [first, last] = [this.finite('chunk_start_index'), this.finite('chunk_end_index')]
    return first === undefined || last === undefined ? undefined : last - first + 1
  }

  window(): SourceWindow {
    const [start, end] = [this.text('chunk_start_date'), this.text('chunk_end_date')]
    return { key: this.text('chunk_key') ?? '', start, end }
  }
}

function drift(bases: readonly string[], rows: readonly ChunkRow[], table: Table): Extracted {
  const split = bases.map((base) => ({ base, found: splitBase(base) }))
  const ignored = split.filter(({ found }) => found === null).map(({ base }) => base)
  if (ignored.length === bases.length) throw unknownColumns(table)
  const measurements = rows.flatMap((row) =>
    split.flatMap(({ base, found }) => (found === null ? [] : [driftOf(row, base, found)])),
  )
  return { shape: 'nannyml-univariate', measurements, ignored }
}

/** `renda_mensal_jensen_shannon` → column and method; null for a method that is not known. */
function splitBase(base: string): { readonly column: string; readonly method: string } | null {
  const methods = [...DRIFT.keys()].sort((a, b) => b.length - a.length)
  const method = methods.find((one) => base.endsWith(`_${one}`))
  return method === undefined ? null : { column: base.slice(0, -method.length - 1), method }
}

function driftOf(
  row: ChunkRow,
  base: string,
  { column, method }: { column: string; method: string },
): ImportedMeasurement {
  const [metric, name, variant = ''] = DRIFT.get(method) ?? ['custom']
  const told = { n: row.rows(), flagged: row.alert(base), threshold: row.finite(`${base}_upper_threshold`), name }
  return {
    metric,
    subject: feature(column),
    ...row.value(base),
    worse: 'high',
    definition: `nannyml:${method}${variant}`,
    window: row.window(),
    ...present(told),
  }
}

function estimates(metrics: readonly string[], rows: readonly ChunkRow[], table: Table): Extracted {
  if (metrics.includes('reconstruction_error')) throw unknownColumns(table)
  const method = metrics.every((metric) => REGRESSION.has(metric)) ? 'DLE' : 'CBPE'
  const measurements = rows.flatMap((row) => metrics.map((metric) => estimateOf(row, metric, method)))
  return { shape: `nannyml-${method.toLowerCase()}`, measurements }
}

function estimateOf(row: ChunkRow, metric: string, method: string): ImportedMeasurement {
  const isKnown = ESTIMATED.has(metric)
  const told = {
    n: row.rows(),
    flagged: row.alert(metric),
    low: row.finite(`${metric}_lower_confidence_boundary`),
    high: row.finite(`${metric}_upper_confidence_boundary`),
    lowerThreshold: row.finite(`${metric}_lower_threshold`),
    upperThreshold: row.finite(`${metric}_upper_threshold`),
  }
  return {
    metric: isKnown ? `performance.estimated_${metric === 'roc_auc' ? 'auc' : metric}` : 'custom',
    ...(isKnown ? {} : { name: `nannyml.estimated_${metric}` }),
    subject: MODEL,
    ...row.value(metric),
    worse: isKnown ? 'low' : null,
    definition: `nannyml:${method}`,
    window: row.window(),
    ...present(told),
  }
}
