// Labels that come later, from a file of their own: joined by all columns that both files have but the label, nothing
// being equal to nothing. A label is never guessed: a key that stands twice is refused. Keys are told by name and count alone.
import { Fault } from '../base/fault.ts'
import { identifier } from '../base/sql-text.ts'
import { visibleText } from '../base/visible-text.ts'
import type { FileEngine, SqlColumn, SqlTable } from '../world-sql.ts'

export interface LabelCounts {
  readonly key: readonly string[]
  /** Rows of the labels file. */
  readonly rows: number
  /** Of them without any key. */
  readonly keyless: number
  /** Keys that no row of the window has. */
  readonly unknown: number
  /** Rows of the window whose label of the file is another than the one that the data had. */
  readonly contradicting: number
  /** Rows of the window that share their key with another: each has that label. */
  readonly shared: number
}

/** Columns of both files, but the label. Faults `observe/no-key`. */
export function keyOf(current: readonly string[], labels: readonly string[], label: string): readonly string[] {
  const key = labels.filter((name) => name !== label && current.includes(name))
  if (key.length > 0) return key
  const what = `the labels have no column in common with the current data, \`${visibleText(label)}\` aside`
  const seen = labels.slice(0, 10).map((name) => `\`${visibleText(name, 60)}\``)
  const hint = `both need a column, such as an id, by which a label finds its row; the labels have ${seen.join(', ')}`
  throw new Fault('observe/no-key', what, hint)
}

export interface JoinRequest {
  readonly current: SqlTable
  readonly labels: SqlTable
  readonly key: readonly string[]
  readonly label: SqlColumn
  /** Columns of `current` that were read for the key alone: they are not passed on. */
  readonly keyOnly: readonly string[]
}

/** The current rows with their labels, each once; a label of the file comes before one that the data have. Faults `observe/ambiguous-key`. */
export async function joinLabels(
  engine: FileEngine,
  { current, labels, key, label, keyOnly }: JoinRequest,
): Promise<{ readonly table: SqlTable; readonly counts: LabelCounts }> {
  const { rows, keyless } = await labelCounts(engine, labels, key)
  const own = current.columns.filter(({ name }) => name !== label.name && !keyOnly.includes(name))
  const name = identifier(label.name)
  const earlier = current.columns.find((column) => column.name === label.name)
  const isAlike = earlier === undefined || earlier.kind === label.kind
  const text = (cell: string) => (isAlike ? cell : `CAST(${cell} AS VARCHAR)`)
  const value = earlier === undefined ? `l.${name}` : `coalesce(${text(`l.${name}`)}, ${text(`c.${name}`)})`
  const joined: SqlColumn = { name: label.name, kind: isAlike ? label.kind : 'category' }
  const on = keysMeet(key, labels)
  const list = [...own.map((column) => `c.${identifier(column.name)}`), `${value} AS ${name}`].join(', ')
  const keyed = `(SELECT * FROM ${labels.from} WHERE ${somePresent(key)}) AS l`
  const rowsOf = `(SELECT * FROM ${current.from}) AS c`
  const [unknown] = await engine.query(
    `SELECT count(*) FROM ${keyed} WHERE NOT EXISTS (SELECT 1 FROM ${rowsOf} WHERE ${on})`,
  )
  const [shared] = await engine.query(repeatedSql(current, key, 'sum(n)'))
  const [unlike] =
    earlier === undefined || !isAlike
      ? []
      : await engine.query(`SELECT count(*) FROM ${rowsOf} JOIN ${keyed} ON ${on} WHERE c.${name} <> l.${name}`)
  const table = await engine.keep('labelled', `SELECT ${list} FROM ${rowsOf} LEFT JOIN ${keyed} ON ${on}`, [
    ...own,
    joined,
  ])
  const called = current.called === undefined ? {} : { called: current.called }
  return {
    table: { ...table, ...called, placeOf: placeOfEither({ current, labels, label: joined, earlier }) },
    counts: {
      key,
      rows,
      keyless,
      unknown: Number(unknown?.[0]),
      contradicting: Number(unlike?.[0] ?? 0),
      shared: Number(shared?.[0] ?? 0),
    },
  }
}

/** A label may stand in either file. Where its kind differs between them, a condition on it holds for neither. */
function placeOfEither({
  current,
  labels,
  label,
  earlier,
}: Pick<JoinRequest, 'current' | 'labels' | 'label'> & {
  readonly earlier: SqlColumn | undefined
}): NonNullable<SqlTable['placeOf']> {
  return async (column, condition) => {
    if (column !== label.name) return (await current.placeOf?.(column, condition)) ?? null
    const isIn = (one: SqlTable) => one.columns.some(({ name, kind }) => name === label.name && kind === label.kind)
    const place = isIn(labels) ? await labels.placeOf?.(column, condition) : null
    return place ?? (earlier !== undefined && isIn(current) ? await current.placeOf?.(column, condition) : null) ?? null
  }
}

/**
 * Nothing is equal to nothing, where one column of several is missing. Written in plain equalities, for Trino joins those by
 * hash, and `IS NOT DISTINCT FROM` row by row. A key of one column is never missing.
 */
function keysMeet(key: readonly string[], { columns }: SqlTable): string {
  const kinds = new Map(columns.map(({ name, kind }) => [name, kind]))
  const equalities = key.flatMap((name) => {
    const [c, l] = [`c.${identifier(name)}`, `l.${identifier(name)}`]
    if (key.length === 1) return [`${c} = ${l}`]
    const absent = ABSENT[kinds.get(name) ?? 'text']
    return [`coalesce(${c}, ${absent}) = coalesce(${l}, ${absent})`, `(${c} IS NULL) = (${l} IS NULL)`]
  })
  return equalities.join(' AND ')
}

/** Any value of the kind: whether it stands for none is compared too. */
const ABSENT: Readonly<Record<SqlColumn['kind'], string>> = {
  number: '0e0',
  boolean: 'FALSE',
  timestamp: "TIMESTAMP '1970-01-01 00:00:00'",
  category: "''",
  text: "''",
}

async function labelCounts(engine: FileEngine, labels: SqlTable, key: readonly string[]) {
  const [twins] = await engine.query(repeatedSql(labels, key, 'count(*)'))
  const ambiguous = Number(twins?.[0])
  if (ambiguous > 0) {
    const names = key.map((name) => `\`${visibleText(name)}\``).join(', ')
    const many = ambiguous === 1 ? 'one key stands' : `${ambiguous} keys stand`
    const where = labels.called ?? 'the labels'
    const what = `${many} more than once in ${where} (by ${names})${await twinRows(engine, labels, key)}`
    throw new Fault('observe/ambiguous-key', what, 'a row has one label: keep the newest')
  }
  const [row = []] = await engine.query(
    `SELECT count(*), count(CASE WHEN ${somePresent(key)} THEN 1 END) FROM ${labels.from}`,
  )
  return { rows: Number(row[0]), keyless: Number(row[0]) - Number(row[1]) }
}

/** Two rows of the first key that stands twice, where the engine reads files in order; the key itself is not told. */
async function twinRows({ dialect, query }: FileEngine, { from }: SqlTable, key: readonly string[]): Promise<string> {
  if (dialect !== 'duckdb') return ''
  const list = key.map(identifier).join(', ')
  const numbered = `SELECT *, row_number() OVER () AS "row of the file" FROM ${from}`
  const twins = `SELECT min("row of the file") AS a, min("row of the file", 2)[2] AS b FROM (${numbered}) WHERE ${somePresent(key)} GROUP BY ${list} HAVING count(*) > 1`
  const [row] = await query(`SELECT a, b FROM (${twins}) ORDER BY a LIMIT 1`)
  return row === undefined ? '' : `: rows ${row[0]} and ${row[1]}, the header aside, are the first two of one`
}

/** Over the keys that stand more than once; `n` is how often. */
function repeatedSql({ from }: SqlTable, key: readonly string[], figure: string): string {
  const list = key.map(identifier).join(', ')
  const counted = `SELECT count(*) AS n FROM ${from} WHERE ${somePresent(key)} GROUP BY ${list} HAVING count(*) > 1`
  return `SELECT ${figure} FROM (${counted}) AS repeated`
}

function somePresent(key: readonly string[]): string {
  return `(${key.map((name) => `${identifier(name)} IS NOT NULL`).join(' OR ')})`
}
