// Attributions and reason codes of a table: the mean |SHAP| of every feature, and how many adverse decisions carry a reason.
import { identifier, numberLiteral, textLiteral } from '../../base/sql-text.ts'
import type { SqlColumn, SqlEngine, SqlTable } from '../../world-sql.ts'
import type { Attribution, ReasonSummary } from '../metrics/explain-measurements.ts'
import { countOf, fromUnits, powerAbove, unitSum } from './exact-sums.ts'
import { binaryClassOf, columnOf, finiteTest, presentTest } from './outcome-columns.ts'

export interface AttributionSummary {
  readonly rows: number
  readonly attributions: readonly Attribution[]
}

export interface ReasonsRequest {
  readonly prediction: string
  /** The value of the prediction that is a decision against someone. */
  readonly adverse: string
  /** The column of reason codes; an empty text is none. */
  readonly reasons: string
  /** Whether the classes are 0 and 1 in any form: then `adverse` is one of them in any form. */
  readonly isTruth?: boolean
}

/** Of a matrix with a row a case and a number column a feature; a cell that is not finite leaves its feature without a mean. */
export async function summariseAttributions(engine: SqlEngine, table: SqlTable): Promise<AttributionSummary> {
  const columns = table.columns.filter(({ kind }) => kind === 'number')
  if (columns.length === 0) return { rows: 0, attributions: [] }
  const sizes = columns.flatMap(({ name }) => {
    const cell = identifier(name)
    return [
      `count(CASE WHEN ${finiteTest(cell)} THEN 1 END)`,
      `max(CASE WHEN ${finiteTest(cell)} THEN abs(${cell}) END)`,
    ]
  })
  const [row = []] = await engine.query(`SELECT ${['count(*)', ...sizes].join(', ')} FROM ${table.from}`)
  const rows = countOf(row[0])
  const whole = columns.flatMap(({ name }, i) =>
    rows > 0 && countOf(row[1 + 2 * i]) === rows ? [{ name, unit: powerAbove(countOf(row[2 + 2 * i])) }] : [],
  )
  const means = await meansOf(engine, table, whole, rows)
  return { rows, attributions: columns.map(({ name }) => ({ feature: name, value: means.get(name) ?? null })) }
}

async function meansOf(
  engine: SqlEngine,
  table: SqlTable,
  columns: readonly { readonly name: string; readonly unit: number }[],
  rows: number,
): Promise<ReadonlyMap<string, number>> {
  if (columns.length === 0) return new Map()
  const sums = columns.map(({ name, unit }) => unitSum(engine, `abs(${identifier(name)}) * ${numberLiteral(1 / unit)}`))
  const [row = []] = await engine.query(`SELECT ${sums.join(', ')} FROM ${table.from}`)
  return new Map(columns.map(({ name, unit }, i) => [name, (fromUnits(row[i]) / rows) * unit]))
}

/** Adverse decisions, and those of them with a reason; one pass. Faults `observe/missing-column`. */
export async function summariseReasons(
  engine: SqlEngine,
  table: SqlTable,
  { prediction, adverse, reasons, isTruth = false }: ReasonsRequest,
): Promise<ReasonSummary> {
  const side = isTruth ? truthOf(adverse) : null
  const isAdverse =
    side === null
      ? equals(columnOf(table, prediction), adverse)
      : `${binaryClassOf(table, prediction, undefined)} = ${side}`
  const code = identifier(columnOf(table, reasons).name)
  const [row] = await engine.query(`SELECT count(CASE WHEN a THEN 1 END), count(CASE WHEN a AND r THEN 1 END)
    FROM (SELECT ${isAdverse} AS a, ${code} IS NOT NULL AND trim(CAST(${code} AS VARCHAR)) <> '' AS r FROM ${table.from}) AS t`)
  return { adverse: countOf(row?.[0]), withReason: countOf(row?.[1]) }
}

function truthOf(text: string): 0 | 1 | null {
  if (/^(1|1\.0|true)$/i.test(text)) return 1
  return /^(0|0\.0|false)$/i.test(text) ? 0 : null
}

function equals(column: SqlColumn, value: string): string {
  const quoted = identifier(column.name)
  if (column.kind === 'boolean') return `${presentTest(column)} AND ${quoted} = ${/^(1|true)$/i.test(value)}`
  if (column.kind !== 'number') return `${presentTest(column)} AND ${quoted} = ${textLiteral(value)}`
  const number = Number(value)
  if (value.trim() === '' || !Number.isFinite(number)) return 'FALSE'
  return `${presentTest(column)} AND ${quoted} = ${numberLiteral(number)}`
}
