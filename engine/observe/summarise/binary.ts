// A binary model's outcomes as a summary: rows by prediction and label, and what its scores say of the labelled rows.
import { Fault } from '../../base/fault.ts'
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import type { CalibrationScheme } from '../metrics/calibration.ts'
import { type Confusion, confusionOf, type PredictionCount } from '../metrics/confusion.ts'
import type { ScoreSums } from '../metrics/score-sums.ts'
import { summariseScores } from './binary-scores.ts'
import { countOf } from './exact-sums.ts'
import {
  binaryClassOf,
  classOf,
  columnOf,
  numberOf,
  type OutcomeColumns,
  refuseOtherClasses,
} from './outcome-columns.ts'

export interface CalibrationBins {
  readonly bins: number
  readonly scheme: CalibrationScheme
}

export const DEFAULT_CALIBRATION: CalibrationBins = { bins: 10, scheme: 'equal_width' }

export interface BinaryOutcomes {
  readonly kind: 'binary'
  /** The column's name. */
  readonly prediction: string
  readonly counts: Confusion
  /** Rows whose prediction is missing: they are in no count. */
  readonly withoutPrediction: number
  /** Null where the card names no score. */
  readonly scores: ScoreSums | null
}

export interface ScoreOutcomes {
  readonly kind: 'score'
  readonly rows: number
  readonly labelled: number
  readonly scores: ScoreSums
}

/** Faults `observe/not-binary` where a prediction or label is neither 0 nor 1. */
export async function summariseBinary(
  engine: SqlEngine,
  table: SqlTable,
  outcomes: OutcomeColumns,
  calibrations: readonly CalibrationBins[],
): Promise<BinaryOutcomes> {
  const { prediction, label, score, positive } = outcomes
  const y = label === null ? 'CAST(NULL AS INTEGER)' : binaryClassOf(table, label, positive)
  const answer = await engine.query(
    `SELECT p, y, count(*) FROM (SELECT ${binaryClassOf(table, prediction, positive)} AS p, ${y} AS y FROM ${table.from}) AS t GROUP BY p, y`,
  )
  const other = (index: number) => answer.reduce((n, row) => (row[index] === -1 ? n + countOf(row[2]) : n), 0)
  await refuseOtherClasses(table, outcomes, prediction, other(0))
  await refuseOtherClasses(table, outcomes, label ?? '', other(1))
  if (answer.every(([p, y]) => p !== 1 && y !== 1)) await refuseUnknownClass(engine, table, outcomes)
  const predicted = answer.filter(([p]) => p !== null)
  return {
    kind: 'binary',
    prediction,
    counts: confusionOf(predicted.map(([p, y, n]) => predictionCount(p === 1, y, countOf(n)))),
    withoutPrediction: answer.reduce((sum, [p, , n]) => (p === null ? sum + countOf(n) : sum), 0),
    scores:
      score === null
        ? null
        : await summariseScores(engine, labelledScores(table, outcomes, label, score), calibrations),
  }
}

/** A class that is misspelt would make every row a 0, and every prediction right. */
async function refuseUnknownClass(engine: SqlEngine, table: SqlTable, outcomes: OutcomeColumns): Promise<void> {
  const { positive, prediction, label } = outcomes
  if (positive === undefined) return
  const columns = [prediction, ...(label === null ? [] : [label])]
  const counts = columns.map((name) => `count(DISTINCT ${classOf(table, name)})`)
  const [row] = await engine.query(`SELECT ${counts.join(', ')} FROM ${table.from}`)
  const column = columns.find((name, i) => columnOf(table, name).kind !== 'boolean' && countOf(row?.[i]) > 1)
  if (column === undefined) return
  throw new Fault(
    'observe/unknown-class',
    `no row of \`${column}\` is \`${positive}\`, and it has ${countOf(row?.[columns.indexOf(column)])} other values`,
    "write `positive: …` in the card's `data` as the column writes the class",
  )
}

/** A model that gives scores only: no decision, so no rates. */
export async function summariseScoreOnly(
  engine: SqlEngine,
  table: SqlTable,
  outcomes: OutcomeColumns,
  calibrations: readonly CalibrationBins[],
): Promise<ScoreOutcomes> {
  const { label, positive } = outcomes
  const score = outcomes.score ?? outcomes.prediction
  const y = label === null ? 'CAST(NULL AS INTEGER)' : binaryClassOf(table, label, positive)
  const [row] = await engine.query(
    `SELECT count(*), count(y), count(CASE WHEN y = -1 THEN 1 END) FROM (SELECT ${y} AS y FROM ${table.from}) AS t`,
  )
  await refuseOtherClasses(table, outcomes, label ?? '', countOf(row?.[2]))
  return {
    kind: 'score',
    rows: countOf(row?.[0]),
    labelled: countOf(row?.[1]),
    scores: await summariseScores(engine, labelledScores(table, outcomes, label, score), calibrations),
  }
}

function predictionCount(isSelected: boolean, label: unknown, n: number): PredictionCount {
  const prediction = isSelected ? 1 : 0
  if (label === null) return { prediction, label, n }
  return { prediction, label: label === 1 ? 1 : 0, n }
}

/** `s`, `y` of the rows that have both. */
function labelledScores(table: SqlTable, outcomes: OutcomeColumns, label: string | null, score: string): string {
  const y = label === null ? 'CAST(NULL AS INTEGER)' : binaryClassOf(table, label, outcomes.positive)
  return `(SELECT s, y FROM (SELECT ${numberOf(table, score)} AS s, ${y} AS y FROM ${table.from}) AS t WHERE s IS NOT NULL AND y IS NOT NULL)`
}
