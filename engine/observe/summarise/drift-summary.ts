// What drift is measured from: both windows of a model, summarised by SQL. The reference is scanned once and can be kept;
// then the current window is scanned with the reference's bins, and bins in doubt are read again on both sides. No rows.
import type { SqlColumn, SqlEngine, SqlTable } from '../../world-sql.ts'
import { pairCounts } from '../metrics/category-pairs.ts'
import { pairsInSql, scanCategories, scanOthers } from './drift-categories.ts'
import type { CategorySummary, ColumnSummary, DriftSummary, NumberSummary } from './drift-column.ts'
import {
  type CategorySide,
  type ColumnSide,
  isKeptOf,
  KEPT_FORMAT,
  type KeptReference,
  type NumberSide,
  type OtherSide,
  sideKind,
} from './drift-kept.ts'
import { compareNumbers } from './drift-numbers.ts'
import { scanNumbers, scanPlaced } from './drift-scan.ts'

export type { DriftSummary } from './drift-column.ts'
export type { KeptReference } from './drift-kept.ts'

export interface DriftRequest {
  readonly reference: SqlTable
  readonly current: SqlTable
  readonly columns: readonly SqlColumn[]
  /** KS and Wasserstein exact above a million rows too. */
  readonly exact: boolean
  /** Of these very columns and of the same reference data: the caller keys it by their digest. */
  readonly kept?: KeptReference | null
  /** Also what the named variants of other tools need; costs further scans. Default false. */
  readonly variants?: boolean
  readonly onProgress?: (done: number, total: number, what: string) => void
}

/** Faults `observe/sql`. */
export async function summariseDrift(engine: SqlEngine, request: DriftRequest): Promise<DriftSummary> {
  const { current, columns } = request
  const names = (kind: ColumnSide['kind']) => columns.filter((column) => sideKind(column.kind) === kind)
  const steps = progressOf(request)
  const kept = isKeptOf(request.kept, columns) ? request.kept : await scanReference(engine, request, steps)
  const places = kept.columns.filter((side) => side.kind === 'number')
  steps('current')
  const numbers = await scanPlaced(engine, current, places)
  steps('current')
  const others = [
    ...(await scanCategories(engine, current, names('category'))),
    ...(await scanOthers(engine, current, names('other'))),
  ]
  const now = inOrder(columns, [...numbers, ...others])
  steps('distances')
  const compared = await compareNumbers(engine, request, places, numbers)
  return {
    reference: kept,
    rows: { reference: kept.rows, current: await rowsOf(engine, current, now) },
    columns: await Promise.all(
      columns.map((column, i) => summaryOf(engine, request, column, [kept.columns[i], now[i]], compared)),
    ),
  }
}

async function scanReference(
  engine: SqlEngine,
  request: DriftRequest,
  steps: (what: string) => void,
): Promise<KeptReference> {
  const { reference, columns } = request
  const of = (kind: ColumnSide['kind']) => columns.filter((column) => sideKind(column.kind) === kind)
  steps('reference')
  const numbers = await scanNumbers(
    engine,
    reference,
    of('number').map(({ name }) => name),
  )
  steps('reference')
  const others = [
    ...(await scanCategories(engine, reference, of('category'))),
    ...(await scanOthers(engine, reference, of('other'))),
  ]
  const sides = inOrder(columns, [...numbers, ...others])
  return { format: KEPT_FORMAT, rows: await rowsOf(engine, reference, sides), columns: sides }
}

async function summaryOf(
  engine: SqlEngine,
  { reference, current }: DriftRequest,
  column: SqlColumn,
  [before, now]: readonly [ColumnSide | undefined, ColumnSide | undefined],
  numbers: ReadonlyMap<string, NumberSummary>,
): Promise<ColumnSummary> {
  if (before?.kind === 'category' && now?.kind === 'category')
    return await categorySummary(engine, reference, current, column, before, now)
  const missing = { reference: before?.missing ?? 0, current: now?.missing ?? 0 }
  return numbers.get(column.name) ?? { kind: 'other', name: column.name, missing }
}

async function categorySummary(
  engine: SqlEngine,
  reference: SqlTable,
  current: SqlTable,
  column: SqlColumn,
  before: CategorySide,
  now: CategorySide,
): Promise<CategorySummary> {
  const named = before.values !== null && now.values !== null ? { reference: before.values, current: now.values } : null
  const pairs = named
    ? pairCounts(named.reference, named.current)
    : await pairsInSql(engine, reference, current, column)
  return {
    kind: 'category',
    name: column.name,
    missing: { reference: before.missing, current: now.missing },
    pairs,
    values: named,
  }
}

/** A column that is counted tells the rows; a table of none is asked. */
async function rowsOf(engine: SqlEngine, table: SqlTable, sides: readonly ColumnSide[]): Promise<number> {
  const number = sides.find((side): side is NumberSide => side.kind === 'number')
  if (number) return number.missing + number.infinite + number.finite
  const category = sides.find((side): side is CategorySide => side.kind === 'category' && side.values !== null)
  if (category) return category.missing + (category.values ?? []).reduce((sum, { n }) => sum + n, 0)
  const [row] = await engine.query(`SELECT count(*) FROM ${table.from}`)
  return Number(row?.[0] ?? 0)
}

/** Sides in the order of the columns; a name stands for one column. */
function inOrder(
  columns: readonly SqlColumn[],
  sides: readonly (NumberSide | CategorySide | OtherSide)[],
): ColumnSide[] {
  const byName = new Map(sides.map((side) => [side.name, side]))
  return columns.map(({ name }) => byName.get(name) ?? { kind: 'other', name, missing: 0 })
}

function progressOf({ kept, columns, onProgress }: DriftRequest): (what: string) => void {
  const total = isKeptOf(kept, columns) ? 3 : 5
  let done = 0
  return (what) => onProgress?.(done++, total, what)
}
