// Performance without labels: the reference's scores stream in order through the calibration, then the current ones through
// the curve that came out. One score is held at a time, and the steps of the curve.
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import type { CbpeReference, CbpeWindow, EstimatedSummary } from '../metrics/cbpe.ts'
import { ascendingCalibrator } from '../metrics/isotonic.ts'
import { calibrationTrial, referenceCurve, type ScoredRows } from '../metrics/reference-curve.ts'
import { summariseBinary } from './binary.ts'
import { countOf } from './exact-sums.ts'
import { binaryClassOf, numberOf, type OutcomeColumns } from './outcome-columns.ts'

/** A binary model with scores, and a label in its reference. */
export type EstimatedOutcomes = OutcomeColumns & { readonly label: string; readonly score: string }

export interface EstimateRequest {
  /** Labelled. */
  readonly reference: SqlTable
  /** Its labels, if any, are not read. */
  readonly current: SqlTable
  readonly outcomes: EstimatedOutcomes
}

export async function estimatePerformance(engine: SqlEngine, request: EstimateRequest): Promise<EstimatedSummary> {
  const reference = await calibrateReference(engine, request.reference, request.outcomes)
  return { reference, window: await estimateWindow(engine, request.current, request.outcomes, reference) }
}

/** What may be kept by the reference's digest. */
export async function calibrateReference(
  engine: SqlEngine,
  table: SqlTable,
  outcomes: EstimatedOutcomes,
): Promise<CbpeReference> {
  const { counts } = await summariseBinary(engine, table, { ...outcomes, score: null }, [])
  const sql = referenceSql(table, outcomes)
  const curve = referenceCurve()
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  await eachScore(engine, sql, (rows) => {
    lowest = Math.min(lowest, rows.score)
    highest = Math.max(highest, rows.score)
    curve.add(rows)
  })
  const fit = curve.end()
  const trial = calibrationTrial(fit)
  if (fit.trials.length > 0) await eachScore(engine, sql, (rows) => trial.add(rows))
  return {
    rows: fit.rows,
    counts,
    calibration: trial.gains() ? fit.steps : null,
    hasProbabilities: lowest >= 0 && highest <= 1,
    ranks: fit.ranks,
  }
}

export async function estimateWindow(
  engine: SqlEngine,
  table: SqlTable,
  { prediction, score, positive }: EstimatedOutcomes,
  { calibration }: CbpeReference,
): Promise<CbpeWindow> {
  const calibrate = calibration === null ? (raw: number) => raw : ascendingCalibrator(calibration)
  const sums = { scored: 0, predicted: 0, positives: 0, negatives: 0, rankedRight: 0, tp: 0, fp: 0, fn: 0, tn: 0 }
  let hasProbabilities = true
  const sql = `SELECT s, ${count('TRUE')}, ${count('p = 1')}, ${count('p = 0')}
    FROM (SELECT ${numberOf(table, score)} AS s, ${binaryClassOf(table, prediction, positive)} AS p FROM ${table.from}) AS t
    WHERE s IS NOT NULL GROUP BY s ORDER BY s`
  for await (const rows of engine.stream(sql)) {
    for (const [raw, all, selected, other] of rows) {
      const value = countOf(raw)
      const p = calibrate(value) ?? 0
      hasProbabilities &&= value >= 0 && value <= 1
      add(sums, p, { all: countOf(all), selected: countOf(selected), other: countOf(other) })
    }
  }
  return { ...sums, hasProbabilities }
}

/** Rows of one score, above those before, of which a share `p` is expected to be positive. */
function add(
  sums: { -readonly [sum in keyof Omit<CbpeWindow, 'hasProbabilities'>]: number },
  p: number,
  { all, selected, other }: { readonly all: number; readonly selected: number; readonly other: number },
): void {
  sums.rankedRight += all * p * (sums.negatives + (all * (1 - p)) / 2)
  sums.scored += all
  sums.positives += all * p
  sums.negatives += all * (1 - p)
  sums.predicted += selected + other
  sums.tp += selected * p
  sums.fp += selected * (1 - p)
  sums.fn += other * p
  sums.tn += other * (1 - p)
}

/** Score, positives, negatives of the rows that have score and label. */
function referenceSql(table: SqlTable, { score, label, positive }: EstimatedOutcomes): string {
  return `SELECT s, ${count('y = 1')}, ${count('y = 0')}
    FROM (SELECT ${numberOf(table, score)} AS s, ${binaryClassOf(table, label, positive)} AS y FROM ${table.from}) AS t
    WHERE s IS NOT NULL AND y IS NOT NULL GROUP BY s ORDER BY s`
}

/** A double, since that is what crosses into JavaScript as it is. */
function count(test: string): string {
  return `CAST(count(CASE WHEN ${test} THEN 1 END) AS DOUBLE)`
}

async function eachScore(engine: SqlEngine, sql: string, take: (rows: ScoredRows) => void): Promise<void> {
  for await (const batch of engine.stream(sql)) {
    for (const [score, positives, negatives] of batch) {
      take({ score: countOf(score), positives: countOf(positives), negatives: countOf(negatives) })
    }
  }
}
