// Which columns hold what a model said and what came true, and how their values are read as classes in SQL.
import { Fault } from '../../base/fault.ts'
import { identifier, numberLiteral, textLiteral } from '../../base/sql-text.ts'
import type { ModelCard } from '../../domain/model-card.ts'
import type { SqlColumn, SqlTable } from '../../world-sql.ts'

export type OutcomeKind = NonNullable<ModelCard['data']>['kind']

/** Column names of a table. A label that has not arrived is NULL; so is a score that was not given. */
export interface OutcomeColumns {
  readonly kind: OutcomeKind
  /** Of `score`: the score itself, unless `score` names another column. */
  readonly prediction: string
  readonly label: string | null
  readonly score: string | null
  /** The class that counts as 1 where the columns of a binary model are no 0/1; all others count as 0. */
  readonly positive?: string
}

/** Above every finite number, the same in every dialect. DuckDB sorts NaN above it, Trino compares it with nothing. */
const INFINITY = "CAST('Infinity' AS DOUBLE)"

/** Faults `observe/missing-column`. */
export function columnOf(table: SqlTable, name: string): SqlColumn {
  const column = table.columns.find((one) => one.name === name)
  if (column !== undefined) return column
  throw new Fault('observe/missing-column', `there is no column \`${name}\``, 'name a column of the data in the card')
}

/** Neither NULL nor NaN. */
export function presentTest({ name, kind }: SqlColumn): string {
  return kind === 'number' ? `abs(${identifier(name)}) <= ${INFINITY}` : `${identifier(name)} IS NOT NULL`
}

/** Neither NULL nor NaN nor infinite. */
export function finiteTest(expression: string): string {
  return `abs(${expression}) < ${INFINITY}`
}

/** A number; NULL where it is missing or NaN. */
export function numberOf(table: SqlTable, name: string): string {
  const column = columnOf(table, name)
  const quoted = identifier(name)
  if (column.kind === 'number') return `CASE WHEN ${presentTest(column)} THEN ${quoted} END`
  if (column.kind === 'boolean') return `CASE WHEN ${quoted} THEN 1.0e0 WHEN NOT ${quoted} THEN 0.0e0 END`
  throw new Fault(
    'observe/wrong-type',
    `\`${name}\` is a ${column.kind} column, and a number is needed`,
    'give the column of the scores or of the numeric target',
  )
}

/** 1 and 0 of a binary column, NULL where it is missing, −1 where the value is neither. */
export function binaryClassOf(table: SqlTable, name: string, positive: string | undefined): string {
  const column = columnOf(table, name)
  const quoted = identifier(name)
  if (column.kind === 'boolean') return `CASE WHEN ${quoted} THEN 1 WHEN NOT ${quoted} THEN 0 END`
  const { yes, no } = positive === undefined ? plainClasses(column, quoted) : namedClass(column, quoted, positive)
  return `CASE WHEN ${yes} THEN 1 WHEN ${no} THEN 0 WHEN ${presentTest(column)} THEN -1 END`
}

/** A class by its name, NULL where it is missing; numbers keep their type. */
export function classOf(table: SqlTable, name: string): string {
  const column = columnOf(table, name)
  return column.kind === 'number' ? numberOf(table, name) : identifier(name)
}

/** `rows`: those whose value is of neither class. Faults `observe/not-binary` where there are any, with the place of the first. */
export async function refuseOtherClasses(
  table: SqlTable,
  columns: OutcomeColumns,
  name: string,
  rows: number,
): Promise<void> {
  if (rows === 0) return
  const { called } = table
  const place = (await table.placeOf?.(name, `${binaryClassOf(table, name, columns.positive)} = -1`)) ?? null
  const file = called === undefined || place !== null ? '' : ` of ${called}`
  const many = rows === 1 ? 'one row has' : `${rows} rows have`
  throw new Fault(
    'observe/not-binary',
    `${place === null ? '' : `${place}: `}${many} a value in \`${name}\`${file} that is neither 0 nor 1${place !== null && rows > 1 ? ', this one the first' : ''}`,
    columns.positive === undefined
      ? "prediction and label are 0 and 1, or true and false: else name the class that counts as 1, `positive: …` in the card's `data`"
      : 'look at what the column holds',
  )
}

function plainClasses({ kind }: SqlColumn, quoted: string): { yes: string; no: string } {
  if (kind === 'number') return { yes: `${quoted} = 1`, no: `${quoted} = 0` }
  return { yes: `lower(${quoted}) IN ('1', '1.0', 'true')`, no: `lower(${quoted}) IN ('0', '0.0', 'false')` }
}

function namedClass(column: SqlColumn, quoted: string, positive: string): { yes: string; no: string } {
  if (column.kind !== 'number') return { yes: `${quoted} = ${textLiteral(positive)}`, no: `${quoted} IS NOT NULL` }
  const value = Number(positive)
  if (positive.trim() !== '' && Number.isFinite(value))
    return { yes: `${quoted} = ${numberLiteral(value)}`, no: presentTest(column) }
  throw new Fault(
    'observe/wrong-type',
    `\`${column.name}\` holds numbers, and the positive class \`${positive}\` is none`,
    'give the positive class as the column writes it',
  )
}
