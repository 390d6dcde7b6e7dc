// Counts of the values of categories, all columns of a side in one scan. Columns of very many values (an id, say) are not
// fetched by name: for them it is counted how often which pair of counts occurs, and that is enough for every distance.
import { compareText } from '../../base/order.ts'
import { identifier, textLiteral } from '../../base/sql-text.ts'
import type { SqlColumn, SqlEngine, SqlTable } from '../../world-sql.ts'
import type { PairOfCounts } from '../metrics/category-pairs.ts'
import { type CategorySide, MOST_CATEGORIES, type OtherSide } from './drift-kept.ts'

/**
 * One for each column, in their order; `values` sorted by code point, and null where there are more than are kept by
 * name.
 */
export async function scanCategories(
  engine: SqlEngine,
  table: SqlTable,
  columns: readonly SqlColumn[],
): Promise<CategorySide[]> {
  if (columns.length === 0) return []
  const counts = `SELECT j, v, count(*) AS n FROM (${columns.map((column, j) => `SELECT ${j} AS j, ${textOf(column)} AS v FROM ${table.from}`).join(' UNION ALL ')}) a GROUP BY j, v`
  const many = `SELECT j, v, n, count(*) OVER (PARTITION BY j) AS different FROM (${counts}) b`
  const kept = `CASE WHEN different <= ${MOST_CATEGORIES + 1} THEN v END`
  const rows = await engine.query(
    `SELECT j, v IS NULL, ${kept}, max(different), sum(n) FROM (${many}) c GROUP BY j, v IS NULL, ${kept}`,
  )
  return columns.map(({ name }, at) => {
    const own = rows.filter(([j]) => Number(j) === at)
    const missing = own.find(([, isNull]) => isNull === true)
    const isTooMany = own.some(
      ([, isNull, , different]) => Number(different) - (missing ? 1 : 0) > MOST_CATEGORIES && !isNull,
    )
    const values = own
      .filter(([, isNull]) => isNull !== true)
      .map(([, , value, , n]) => ({ value: String(value), n: Number(n) }))
    return {
      kind: 'category',
      name,
      missing: Number(missing?.[4] ?? 0),
      values: isTooMany ? null : values.sort((a, b) => compareText(a.value, b.value)),
    }
  })
}

/** How often each pair of counts occurs among the values of a column, both windows read together. */
export async function pairsInSql(
  engine: SqlEngine,
  reference: SqlTable,
  current: SqlTable,
  column: SqlColumn,
): Promise<PairOfCounts[]> {
  const side = (table: SqlTable, r: number, c: number) =>
    `SELECT ${textOf(column)} AS v, ${r} AS r, ${c} AS c FROM ${table.from} WHERE ${identifier(column.name)} IS NOT NULL`
  const values = `SELECT v, sum(r) AS r, sum(c) AS c FROM (${side(reference, 1, 0)} UNION ALL ${side(current, 0, 1)}) a GROUP BY v`
  const rows = await engine.query(`SELECT r, c, count(*) FROM (${values}) b GROUP BY r, c ORDER BY r, c`)
  return rows.map(([r, c, values]) => ({ reference: Number(r), current: Number(c), values: Number(values) }))
}

/** Missing cells of columns that are neither numbers nor categories. */
export async function scanOthers(
  engine: SqlEngine,
  table: SqlTable,
  columns: readonly SqlColumn[],
): Promise<OtherSide[]> {
  if (columns.length === 0) return []
  const [row = []] = await engine.query(
    `SELECT count(*), ${columns.map(({ name }) => `count(${identifier(name)})`).join(', ')} FROM ${table.from}`,
  )
  return columns.map(({ name }, i) => ({ kind: 'other', name, missing: Number(row[0]) - Number(row[i + 1]) }))
}

function textOf({ name, kind }: SqlColumn): string {
  const column = identifier(name)
  if (kind !== 'boolean') return column
  return `CASE WHEN ${column} THEN ${textLiteral('true')} WHEN NOT ${column} THEN ${textLiteral('false')} END`
}
