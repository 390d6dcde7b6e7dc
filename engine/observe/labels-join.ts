// Labels that come later, from a file of their own: joined by the columns that both files have. Keys are told by name and
// by count alone.
import { Fault } from '../base/fault.ts'
import { identifier } from '../base/sql-text.ts'
import { visibleText } from '../base/visible-text.ts'
import type { FileEngine, SqlColumn, SqlTable } from '../world-sql.ts'

export interface LabelCounts {
  /** Rows of the labels file. */
  readonly rows: number
  /** Labels whose row is not in the current data. */
  readonly unknown: number
  /** Rows of the labels file without a key. */
  readonly keyless: number
  readonly key: readonly string[]
}

/** Columns of both files, but the label. Faults `observe/no-key`. */
export function keyOf(current: readonly string[], labels: readonly string[], label: string): readonly string[] {
  const key = labels.filter((name) => name !== label && current.includes(name))
  if (key.length > 0) return key
  const hint = 'both need a column, such as an id of the row, by which a label finds its row'
  throw new Fault(
    'observe/no-key',
    `the labels have no column in common with the current data but \`${visibleText(label)}\``,
    hint,
  )
}

export interface JoinRequest {
  readonly current: SqlTable
  readonly labels: SqlTable
  readonly key: readonly string[]
  readonly label: SqlColumn
  /** Whether the current data have a column of that name too: a label of the file comes before it. */
  readonly isInCurrent: boolean
}

/** The current rows with their labels; the same rows, whatever the labels are. Faults `observe/ambiguous-key`. */
export async function joinLabels(
  engine: FileEngine,
  request: JoinRequest,
): Promise<{ readonly table: SqlTable; readonly counts: LabelCounts }> {
  const { current, labels, key, label, isInCurrent } = request
  const [rows, keyless] = await countsOf(engine, labels, key)
  const own = current.columns.filter(({ name }) => name !== label.name)
  const name = identifier(label.name)
  const value = isInCurrent ? `coalesce(l.${name}, c.${name})` : `l.${name}`
  const on = key.map((column) => `c.${identifier(column)} = l.${identifier(column)}`).join(' AND ')
  const list = [...own.map((column) => `c.${identifier(column.name)}`), `${value} AS ${name}`].join(', ')
  const [rowsOf, labelsOf] = [aliased(current, 'c'), aliased(labels, 'l')]
  const join = `SELECT ${list} FROM ${rowsOf} LEFT JOIN ${labelsOf} ON ${on}`
  const unknown = await engine.query(
    `SELECT count(*) FROM ${labelsOf} WHERE ${present(key)} AND NOT EXISTS (SELECT 1 FROM ${rowsOf} WHERE ${on})`,
  )
  const table = await engine.keep('labelled', join, [...own, label])
  return { table, counts: { rows, keyless, key, unknown: Number(unknown[0]?.[0]) } }
}

async function countsOf(engine: FileEngine, labels: SqlTable, key: readonly string[]): Promise<[number, number]> {
  const list = key.map(identifier).join(', ')
  const [row = []] = await engine.query(
    `SELECT count(*), count(CASE WHEN ${present(key)} THEN 1 END) FROM ${aliased(labels, 'l')}`,
  )
  const twins = await engine.query(
    `SELECT count(*) FROM (SELECT ${list} FROM ${aliased(labels, 'l')} WHERE ${present(key)} GROUP BY ${list} HAVING count(*) > 1) AS t`,
  )
  const ambiguous = Number(twins[0]?.[0])
  if (ambiguous > 0) {
    const names = key.map((name) => `\`${visibleText(name)}\``).join(', ')
    const what = `${ambiguous} ${ambiguous === 1 ? 'key stands' : 'keys stand'} more than once in the labels (by ${names})`
    throw new Fault('observe/ambiguous-key', what, 'a row has one label: keep the newest')
  }
  return [Number(row[0]), Number(row[0]) - Number(row[1])]
}

function aliased({ from }: SqlTable, alias: string): string {
  return `(SELECT * FROM ${from}) AS ${alias}`
}

function present(key: readonly string[]): string {
  return key.map((name) => `l.${identifier(name)} IS NOT NULL`).join(' AND ')
}
