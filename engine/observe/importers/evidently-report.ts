// Evidently's Report of the first API (0.4 to 0.6, `evidently.legacy` after): `metrics[].metric` and `.result`.
import { columnDrift } from './evidently-tests.ts'
import { type Extracted, feature, figure, type ImportedMeasurement, MODEL, present } from './imported.ts'
import {
  isArray,
  isObject,
  maybeBoolean,
  maybeNumber,
  maybeObject,
  maybeText,
  member,
  numberAt,
  objectAt,
  textAt,
} from './json-value.ts'
import type { JsonObject } from './read-json.ts'

type Worse = 'low' | 'high'
type Reader = (result: JsonObject) => readonly ImportedMeasurement[]

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['DatasetDriftMetric', datasetDrift],
  ['DataDriftTable', driftTable],
  ['ColumnDriftMetric', (result) => [driftOf(result)]],
  ['DatasetMissingValuesMetric', missingValues],
  ['DatasetSummaryMetric', datasetSummary],
  ['ClassificationQualityMetric', classificationQuality],
  ['RegressionQualityMetric', regressionQuality],
])

/** `entries`: objects with `metric` and `result`. */
export function readReport(entries: readonly JsonObject[], version: string | null): Extracted {
  const measurements: ImportedMeasurement[] = []
  const ignored: string[] = []
  for (const entry of entries) {
    const kind = textAt(entry, 'metric')
    const read = READERS.get(kind)
    if (read === undefined) ignored.push(kind)
    else measurements.push(...read(objectAt(entry, 'result')))
  }
  return { shape: 'evidently-report', version, measurements, ignored }
}

const own = (metric: string, value: number | null, worse: Worse, more: Partial<ImportedMeasurement> = {}) => ({
  metric,
  subject: MODEL,
  ...figure(value),
  worse,
  definition: 'evidently',
  ...more,
})

function datasetDrift(result: JsonObject): ImportedMeasurement[] {
  const share = numberAt(result, 'share_of_drifted_columns')
  const verdict = { threshold: maybeNumber(result, 'drift_share'), flagged: maybeBoolean(result, 'dataset_drift') }
  return [own('drift.share_drifted', share, 'high', present(verdict))]
}

function driftTable(result: JsonObject): ImportedMeasurement[] {
  const columns = objectAt(result, 'drift_by_columns')
  return Object.keys(columns).map((name) => driftOf(objectAt(columns, name)))
}

function driftOf(result: JsonObject): ImportedMeasurement {
  const isCategory = maybeText(result, 'column_type') === 'cat'
  return columnDrift({
    column: textAt(result, 'column_name'),
    test: textAt(result, 'stattest_name'),
    score: numberAt(result, 'drift_score'),
    limit: maybeNumber(result, 'stattest_threshold'),
    flagged: maybeBoolean(result, 'drift_detected'),
    n: isCategory ? countedRows(result, 'current') : undefined,
    nReference: isCategory ? countedRows(result, 'reference') : undefined,
  })
}

/** Bars of a category are counts; those of a number are densities, which tell no sample size. */
function countedRows(result: JsonObject, side: string): number | undefined {
  const one = maybeObject(result, side)
  const bars = one === undefined ? undefined : maybeObject(one, 'small_distribution')
  const counts = bars === undefined ? undefined : member(bars, 'y')
  if (!isArray(counts)) return undefined
  let sum = 0
  for (const count of counts) {
    if (typeof count !== 'number' || !Number.isInteger(count)) return undefined
    sum += count
  }
  return sum
}

/** Shares by column are of rows; that of the whole is of cells. */
function missingValues(result: JsonObject): ImportedMeasurement[] {
  const current = objectAt(result, 'current')
  const rows = numberAt(current, 'number_of_rows')
  const columns = numberAt(current, 'number_of_columns')
  const cells = rows === null || columns === null ? null : rows * columns
  const byColumn = maybeObject(current, 'share_of_missing_values_by_column') ?? {}
  return [
    own('data.missing_share', numberAt(current, 'share_of_missing_values'), 'high', {
      definition: 'evidently:cells',
      ...present({ n: cells }),
    }),
    ...Object.keys(byColumn).map((name) =>
      own('data.missing_share', numberAt(byColumn, name), 'high', { subject: feature(name), ...present({ n: rows }) }),
    ),
  ]
}

function datasetSummary(result: JsonObject): ImportedMeasurement[] {
  const current = objectAt(result, 'current')
  const rows = numberAt(current, 'number_of_rows')
  const duplicated = numberAt(current, 'number_of_duplicated_rows')
  const n = present({ n: rows })
  const share = rows === null || duplicated === null ? null : duplicated / rows
  return [own('data.rows', rows, 'low', n), own('data.duplicate_share', share, 'high', n)]
}

const CLASSIFICATION: readonly (readonly [string, string, Worse])[] = [
  ['accuracy', 'performance.accuracy', 'low'],
  ['precision', 'performance.precision', 'low'],
  ['recall', 'performance.recall', 'low'],
  ['f1', 'performance.f1', 'low'],
  ['roc_auc', 'performance.auc', 'low'],
  ['log_loss', 'performance.log_loss', 'high'],
]

/** A field that is null was not computed (no probabilities): no measurement. */
function classificationQuality(result: JsonObject): ImportedMeasurement[] {
  const current = objectAt(result, 'current')
  return CLASSIFICATION.flatMap(([field, metric, worse]) => {
    const value = numberAt(current, field)
    return value === null ? [] : [own(metric, value, worse)]
  })
}

const REGRESSION: readonly (readonly [string, string, Worse, number])[] = [
  ['mean_abs_error', 'performance.mae', 'high', 1],
  ['rmse', 'performance.rmse', 'high', 1],
  ['r2_score', 'performance.r2', 'low', 1],
  // 0 to 100 in Evidently.
  ['mean_abs_perc_error', 'performance.mape', 'high', 100],
]

function regressionQuality(result: JsonObject): ImportedMeasurement[] {
  const current = objectAt(result, 'current')
  return REGRESSION.flatMap(([field, metric, worse, scale]) => {
    const value = numberAt(current, field)
    return value === null ? [] : [own(metric, value / scale, worse)]
  })
}

/** Whether every entry has this form. */
export function isReportEntry(entry: unknown): boolean {
  return (
    isObject(entry as JsonObject) &&
    Object.hasOwn(entry as object, 'metric') &&
    Object.hasOwn(entry as object, 'result')
  )
}
