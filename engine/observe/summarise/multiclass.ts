// Outcomes of a classifier with any number of classes: rows by label and prediction.
import { compareText } from '../../base/order.ts'
import type { SqlCell, SqlEngine, SqlTable } from '../../world-sql.ts'
import type { ClassCount } from '../metrics/multiclass.ts'
import { countOf } from './exact-sums.ts'
import { classOf, type OutcomeColumns } from './outcome-columns.ts'

export interface MulticlassOutcomes {
  readonly kind: 'multiclass'
  /** Rows with a prediction. */
  readonly rows: number
  readonly withoutPrediction: number
  /** Of the rows with both. */
  readonly counts: readonly ClassCount[]
}

export async function summariseMulticlass(
  engine: SqlEngine,
  table: SqlTable,
  { prediction, label }: OutcomeColumns,
): Promise<MulticlassOutcomes> {
  const y = label === null ? 'CAST(NULL AS VARCHAR)' : classOf(table, label)
  const answer = await engine.query(
    `SELECT p, y, count(*) FROM (SELECT ${classOf(table, prediction)} AS p, ${y} AS y FROM ${table.from}) AS t GROUP BY p, y`,
  )
  const predicted = answer.filter(([p]) => p !== null)
  const rowsOf = (lines: typeof answer) => lines.reduce((sum, [, , n]) => sum + countOf(n), 0)
  return {
    kind: 'multiclass',
    rows: rowsOf(predicted),
    withoutPrediction: rowsOf(answer) - rowsOf(predicted),
    counts: predicted
      .filter(([, y]) => y !== null)
      .map(([p, y, n]) => ({ label: nameOf(y), prediction: nameOf(p), n: countOf(n) }))
      .sort(byName),
  }
}

/** A class as a name: numbers by their shortest digits, so that 1 and 1.0 are one class. */
function nameOf(cell: SqlCell | undefined): string {
  return typeof cell === 'number' ? String(cell + 0) : String(cell)
}

function byName(a: ClassCount, b: ClassCount): number {
  return compareText(a.label, b.label) || compareText(a.prediction, b.prediction)
}
