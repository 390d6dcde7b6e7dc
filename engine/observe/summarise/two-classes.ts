// A column of two classes has two: with a class named as 1, any other text counts as 0, so a third one is a slip in the data
// or a column of something else. Values are counted, never told.
import { Fault } from '../../base/fault.ts'
import { numberLiteral, textLiteral } from '../../base/sql-text.ts'
import { visibleText } from '../../base/visible-text.ts'
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import { countOf } from './exact-sums.ts'
import { classOf, columnOf, type OutcomeColumns } from './outcome-columns.ts'

/** Of prediction and label, each alone and both together. Faults `observe/not-binary`. */
export async function requireTwoClasses(engine: SqlEngine, table: SqlTable, outcomes: OutcomeColumns): Promise<void> {
  const { kind, positive, prediction, label } = outcomes
  if (positive === undefined || (kind !== 'binary' && kind !== 'score')) return
  const names = [...(kind === 'binary' ? [prediction] : []), ...(label === null ? [] : [label])]
  const columns = names.map((name) => columnOf(table, name)).filter((column) => column.kind !== 'boolean')
  if (columns.length === 0) return
  const isAlike = columns.every((column) => column.kind === columns[0]?.kind)
  const sets = [
    ...columns.map(({ name }) => [name]),
    ...(isAlike && columns.length > 1 ? [columns.map(({ name }) => name)] : []),
  ]
  const each = columns.map(({ name }, i) => `SELECT ${i} AS c, ${classOf(table, name)} AS v FROM ${table.from}`)
  const counts = sets.map((set) => {
    const which = columns.flatMap(({ name }, i) => (set.includes(name) ? [i] : [])).join(', ')
    return `count(DISTINCT CASE WHEN c IN (${which}) THEN v END)`
  })
  const figures = isAlike
    ? await engine.query(`SELECT ${counts.join(', ')} FROM (${each.join(' UNION ALL ')}) AS classes`)
    : [
        (await Promise.all(each.map((sql) => engine.query(`SELECT count(DISTINCT v) FROM (${sql}) AS classes`)))).map(
          ([row]) => row?.[0] ?? 0,
        ),
      ]
  for (const [i, set] of sets.entries())
    if (countOf(figures[0]?.[i]) > 2) throw await tooMany(engine, table, set, countOf(figures[0]?.[i]))
}

async function tooMany(engine: SqlEngine, table: SqlTable, names: readonly string[], values: number): Promise<Fault> {
  const { called } = table
  const columns = names.map((name) => `\`${visibleText(name)}\``).join(' and ')
  const has = names.length === 1 ? 'has' : 'together have'
  const where = called === undefined ? '' : ` of ${called}`
  const rarest = await placeOfRarest(engine, table, names)
  const place = rarest === null ? '' : `; the rarest is at ${rarest}`
  return new Fault(
    'observe/not-binary',
    `${columns}${where} ${has} ${values} different values, and the card says \`kind\` of two classes${place}`,
    'mend what is written otherwise (upper and lower case, blanks and accents count), or write `kind: multiclass`',
  )
}

/** Where it stands first: of three values it is most likely the slip. The value itself is not told. */
async function placeOfRarest(
  engine: SqlEngine,
  table: SqlTable,
  [name, ...others]: readonly string[],
): Promise<string | null> {
  if (name === undefined || others.length > 0 || table.placeOf === undefined) return null
  const value = classOf(table, name)
  const counted = `SELECT ${value} AS v, count(*) AS n FROM ${table.from} WHERE ${value} IS NOT NULL GROUP BY v`
  const [row] = await engine.query(`SELECT v FROM (${counted}) AS classes ORDER BY n, v LIMIT 1`)
  const rarest = row?.[0]
  if (typeof rarest === 'number') return await table.placeOf(name, `${value} = ${numberLiteral(rarest)}`)
  return typeof rarest === 'string' ? await table.placeOf(name, `${value} = ${textLiteral(rarest)}`) : null
}
