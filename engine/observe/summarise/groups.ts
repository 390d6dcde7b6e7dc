// Rows of every protected group by prediction and label: all attributes, and the pairs that are asked for, in one scan.
// A missing value is a group of its own and no name, so no real value can pass for it. Who has no prediction was not selected.

import { Fault } from '../../base/fault.ts'
import { compareText } from '../../base/order.ts'
import type { SqlCell, SqlEngine, SqlRow, SqlTable } from '../../world-sql.ts'
import { type Confusion, NO_ROWS } from '../metrics/confusion.ts'
import { countOf } from './exact-sums.ts'
import { binaryClassOf, classOf, type OutcomeColumns, refuseOtherClasses } from './outcome-columns.ts'

export interface GroupsRequest {
  readonly outcomes: OutcomeColumns
  readonly attributes: readonly string[]
  /** Intersectional groups: each is two of the attributes. */
  readonly pairs: readonly (readonly [string, string])[]
}

/** Rows of one value, or of one pair of values; null is missing. */
export interface ValueCounts {
  readonly values: readonly (string | null)[]
  readonly counts: Confusion
}

export interface AttributeCounts {
  /** One attribute, or the two of a pair. */
  readonly attributes: readonly string[]
  readonly groups: readonly ValueCounts[]
}

export interface GroupsSummary {
  /** Every row. */
  readonly all: Confusion
  readonly attributes: readonly AttributeCounts[]
}

/** More values than this are no groups, but something that was measured or written freely. */
const MOST_GROUPS = 1000

/** Of the positions in the answer: p·y counts follow the attributes. */
const CELLS = ['tp', 'fp', 'fn', 'tn', 'unlabelledSelected', 'unlabelledOther'] as const satisfies (keyof Confusion)[]

/** Faults `observe/not-binary`, `observe/too-many-groups`, `observe/missing-column`. */
export async function summariseGroups(
  engine: SqlEngine,
  table: SqlTable,
  request: GroupsRequest,
): Promise<GroupsSummary> {
  const { outcomes, attributes } = request
  const sets = [[], ...attributes.map((name) => [name]), ...request.pairs]
  const names = [...new Set(sets.flat())]
  const most = sets.length * (MOST_GROUPS + 1)
  const answer = await engine.query(`${groupsSql(table, outcomes, names, sets)} LIMIT ${most + 1}`)
  if (answer.length > most) await refuseManyGroups(engine, table, sets)
  await refuseOtherClasses(table, outcomes, outcomes.prediction, invalid(answer, names.length + 1 + CELLS.length))
  await refuseOtherClasses(table, outcomes, outcomes.label ?? '', invalid(answer, names.length + 2 + CELLS.length))
  const bySet = Map.groupBy(answer, (row) => Number(row[0]))
  const countsOf = (set: readonly string[]) => groupsOf(bySet.get(maskOf(set, names)) ?? [], set, names)
  return {
    all: countsOf([])[0]?.counts ?? NO_ROWS,
    attributes: [...attributes.map((name) => [name]), ...request.pairs].map((set) => {
      const groups = countsOf(set)
      if (groups.length > MOST_GROUPS) throw tooManyGroups(table, set, groups.length)
      return { attributes: set, groups }
    }),
  }
}

/** Where more groups would come than any answer may have: which attribute it is. */
async function refuseManyGroups(
  engine: SqlEngine,
  table: SqlTable,
  sets: readonly (readonly string[])[],
): Promise<void> {
  for (const set of sets.filter(({ length }) => length > 0)) {
    const values = set.map((name) => classOf(table, name)).join(', ')
    const [row] = await engine.query(`SELECT count(*) FROM (SELECT DISTINCT ${values} FROM ${table.from}) AS d`)
    if (countOf(row?.[0]) > MOST_GROUPS) throw tooManyGroups(table, set, countOf(row?.[0]))
  }
}

function tooManyGroups({ called }: SqlTable, set: readonly string[], groups: number): Fault {
  return new Fault(
    'observe/too-many-groups',
    `\`${set.join(' × ')}\`${called === undefined ? '' : ` of ${called}`} has ${groups} groups, more than ${MOST_GROUPS}`,
    'protected attributes are categories: cut numbers into bands, and dates into periods',
  )
}

/** Counts over rows first, the sets over those counts: the table is read once. */
function groupsSql(
  table: SqlTable,
  { prediction, label, positive }: OutcomeColumns,
  names: readonly string[],
  sets: readonly (readonly string[])[],
): string {
  const keys = names.map((_, i) => `a${i}`)
  const list = (columns: readonly string[]) => columns.map((name) => `a${names.indexOf(name)}`).join(', ')
  const y = label === null ? 'CAST(NULL AS INTEGER)' : binaryClassOf(table, label, positive)
  const values = names.map((name, i) => `${classOf(table, name)} AS a${i}`)
  const inner = `SELECT ${[...values, `coalesce(${binaryClassOf(table, prediction, positive)}, 0) AS p`, `${y} AS y`].join(', ')} FROM ${table.from}`
  const counted = `SELECT ${[...keys, 'p', 'y'].join(', ')}, count(*) AS n FROM (${inner}) AS t GROUP BY ${[...keys, 'p', 'y'].join(', ')}`
  const mask = keys.length === 0 ? '0' : `grouping(${keys.join(', ')})`
  const cell = (when: string) => `sum(CASE WHEN ${when} THEN n ELSE 0 END)`
  const cells = [
    cell('p = 1 AND y = 1'),
    cell('p = 1 AND y = 0'),
    cell('p = 0 AND y = 1'),
    cell('p = 0 AND y = 0'),
    cell('p = 1 AND y IS NULL'),
    cell('p = 0 AND y IS NULL'),
    cell('p = -1'),
    cell('y = -1'),
  ]
  return `SELECT ${[mask, ...keys, ...cells].join(', ')} FROM (${counted}) AS c GROUP BY GROUPING SETS (${sets.map((set) => `(${list(set)})`).join(', ')})`
}

/** `grouping()` of a set: a bit, the first name the highest, for each name that is not in it. */
function maskOf(set: readonly string[], names: readonly string[]): number {
  return names.reduce((mask, name) => 2 * mask + (set.includes(name) ? 0 : 1), 0)
}

function groupsOf(rows: readonly SqlRow[], set: readonly string[], names: readonly string[]): ValueCounts[] {
  return rows
    .map((row) => ({
      values: set.map((name) => groupValue(row[1 + names.indexOf(name)])),
      counts: Object.fromEntries(
        CELLS.map((cell, i) => [cell, countOf(row[1 + names.length + i])]),
      ) as unknown as Confusion,
    }))
    .filter(({ counts }) => CELLS.some((cell) => counts[cell] > 0))
    .sort(byValues)
}

function groupValue(cell: SqlCell | undefined): string | null {
  if (cell === null || cell === undefined) return null
  return typeof cell === 'number' ? String(cell + 0) : String(cell)
}

function invalid(answer: readonly SqlRow[], index: number): number {
  // Every row is once in the empty set.
  return Math.max(0, ...answer.map((row) => countOf(row[index])))
}

function byValues(a: ValueCounts, b: ValueCounts): number {
  for (const [i, value] of a.values.entries()) {
    const other = b.values[i] ?? null
    if (value === other) continue
    if (value === null) return 1
    if (other === null) return -1
    return compareText(value, other)
  }
  return 0
}
