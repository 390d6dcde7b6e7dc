// Performance without labels: the reference's scores stream in order through the calibration, then the current ones through
// the curve that came out. One score is held at a time, and the steps of the curve; for the trial of the calibration, a bounded
// number of scores.
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import { gainsByCalibration, type LabelledScores } from '../metrics/calibration-trial.ts'
import type { CbpeReference, CbpeWindow, EstimatedSummary } from '../metrics/cbpe.ts'
import { ascendingCalibrator } from '../metrics/isotonic.ts'
import { referenceCurve } from '../metrics/reference-curve.ts'
import { summariseBinary } from './binary.ts'
import { dialectOf } from './dialect.ts'
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

/** One pass over each table, the reference first. Labels of the current window are never read. */
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
  const curve = referenceCurve()
  for await (const [scores = NONE, positives = NONE, negatives = NONE] of engine.numbers(
    referenceSql(table, outcomes),
  )) {
    for (let i = 0; i < scores.length; i++)
      curve.add({ score: scores[i] ?? 0, positives: positives[i] ?? 0, negatives: negatives[i] ?? 0 })
  }
  const { steps, ...fit } = curve.end()
  const isTried = fit.auc <= RANKS_PERFECTLY
  const gains = isTried && gainsByCalibration(await trialRows(engine, table, outcomes, fit.rows))
  return {
    rows: fit.rows,
    counts,
    calibration: gains ? steps : null,
    hasProbabilities: fit.hasProbabilities,
    ranks: fit.ranks,
  }
}

const NONE = new Float64Array()

/** NannyML leaves scores alone that rank nearly without error. */
const RANKS_PERFECTLY = 0.999
/** Rows that a trial of the calibration is made on: 0.9 MB. Of a larger reference, every k-th row. */
const MOST_TRIED = 100_000

async function trialRows(
  engine: SqlEngine,
  table: SqlTable,
  { score, label, positive }: EstimatedOutcomes,
  rows: number,
): Promise<LabelledScores> {
  const step = Math.max(1, Math.ceil(rows / MOST_TRIED))
  const found = { scores: new Float64Array(MOST_TRIED), labels: new Uint8Array(MOST_TRIED) }
  let size = 0
  const numbered = `SELECT ${numberOf(table, score)} AS s, ${binaryClassOf(table, label, positive)} AS y, ${dialectOf(engine).rowNumber(table.columns)} AS i FROM ${table.from}`
  const sql = `SELECT s, CAST(y AS DOUBLE) FROM (${numbered}) AS t WHERE s IS NOT NULL AND y IS NOT NULL AND i % ${step} = 0 ORDER BY i`
  for await (const [scores = NONE, labels = NONE] of engine.numbers(sql)) {
    const room = Math.min(scores.length, MOST_TRIED - size)
    found.scores.set(scores.subarray(0, room), size)
    found.labels.set(labels.subarray(0, room), size)
    size += room
  }
  return { scores: found.scores.subarray(0, size), labels: found.labels.subarray(0, size) }
}

/** One pass in ascending order of score. Without a calibration, scores count as they are. */
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
  for await (const [scores = NONE, all = NONE, selected = NONE, other = NONE] of engine.numbers(sql)) {
    for (let i = 0; i < scores.length; i++) {
      const value = scores[i] ?? 0
      const p = calibrate(value) ?? 0
      hasProbabilities &&= value >= 0 && value <= 1
      add(sums, p, { all: all[i] ?? 0, selected: selected[i] ?? 0, other: other[i] ?? 0 })
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
