// Outcomes of a classifier with any number of classes: rows by label and prediction.
import { Fault } from '../../base/fault.ts'
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

/** More pairs of label and prediction than this are no classes, but numbers or free text. */
const MOST_PAIRS = 250_000

/** Faults `observe/too-many-classes`. */
export async function summariseMulticlass(
  engine: SqlEngine,
  table: SqlTable,
  { prediction, label }: OutcomeColumns,
): Promise<MulticlassOutcomes> {
  const y = label === null ? 'CAST(NULL AS VARCHAR)' : classOf(table, label)
  const answer = await engine.query(
    `SELECT p, y, count(*) FROM (SELECT ${classOf(table, prediction)} AS p, ${y} AS y FROM ${table.from}) AS t GROUP BY p, y LIMIT ${MOST_PAIRS + 1}`,
  )
  if (answer.length > MOST_PAIRS) throw tooManyClasses(prediction)
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

function tooManyClasses(prediction: string): Fault {
  return new Fault(
    'observe/too-many-classes',
    `\`${prediction}\` and its label have more than ${MOST_PAIRS} pairs of values`,
    'a model that gives numbers is `kind: regression` or `kind: score`',
  )
}

/** A class as a name: numbers by their shortest digits, so that 1 and 1.0 are one class. */
function nameOf(cell: SqlCell | undefined): string {
  return typeof cell === 'number' ? String(cell + 0) : String(cell)
}

function byName(a: ClassCount, b: ClassCount): number {
  return compareText(a.label, b.label) || compareText(a.prediction, b.prediction)
}
