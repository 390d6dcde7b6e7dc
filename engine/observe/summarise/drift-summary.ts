// What drift is measured from: both windows of a model, summarised by SQL. The reference is scanned once and can be kept;
// then the current window is scanned with the reference's bins, and bins in doubt are read again on both sides. No rows.
import type { SqlColumn, SqlEngine, SqlTable } from '../../world-sql.ts'
import { pairCounts } from '../metrics/category-pairs.ts'
import { pairsInSql, scanCategories, scanOthers } from './drift-categories.ts'
import type { CategorySummary, ColumnSummary, DriftSummary, OtherSummary } from './drift-column.ts'
import { type ColumnSide, isKeptOf, KEPT_FORMAT, type KeptReference, type NumberSide, sideKind } from './drift-kept.ts'
import { compareNumbers } from './drift-numbers.ts'
import { type Progress, scanNumbers, scanPlaced } from './drift-scan.ts'

export type { DriftSummary } from './drift-column.ts'
export type { KeptReference } from './drift-kept.ts'

export interface DriftRequest {
  readonly reference: SqlTable
  readonly current: SqlTable
  readonly columns: readonly SqlColumn[]
  /** KS and Wasserstein exact above a million rows too. */
  readonly exact: boolean
  /** Finite rows a side up to which they are exact unasked. Default a million. */
  readonly exactUpTo?: number
  /** Of these very columns and of the same reference data: the caller keys it by their digest. */
  readonly kept?: KeptReference | null
  /** Also what the named variants of other tools need; costs further scans. Default false. */
  readonly variants?: boolean
  readonly onProgress?: (done: number, total: number, what: string) => void
}

/** Faults `observe/sql`. */
export async function summariseDrift(engine: SqlEngine, request: DriftRequest): Promise<DriftSummary> {
  const { columns } = request
  const progress = progressOf(request)
  const kept = isKeptOf(request.kept, columns) ? request.kept : null
  const told = (what: string) => (done: number) => progress(done, what)
  const reference = kept ?? (await scanSide(engine, request.reference, columns, null, told('reference')))
  const current = await scanSide(engine, request.current, columns, reference, told('current'))
  const numbers = await compareNumbers(engine, request, numbersOf(reference), numbersOf(current), told('distances'))
  const summaries: ColumnSummary[] = []
  for (const [i, column] of columns.entries()) {
    const [before, now] = [reference.columns[i], current.columns[i]]
    if (before === undefined || now === undefined) continue
    summaries.push(numbers.get(column.name) ?? (await summaryOf(engine, request, column, before, now)))
  }
  return { reference, rows: { reference: reference.rows, current: current.rows }, columns: summaries }
}

/** Missing cells of the current window, by column: NULL, and NaN of a number. */
export function missingCells({ columns }: DriftSummary): ReadonlyMap<string, number> {
  return new Map(
    columns.map((column) => [
      column.name,
      column.kind === 'number' ? column.totals.current.missing : column.missing.current,
    ]),
  )
}

/** A side as it may be kept; the current window (`places` given) in the reference's bins. */
async function scanSide(
  engine: SqlEngine,
  table: SqlTable,
  columns: readonly SqlColumn[],
  places: KeptReference | null,
  progress: Progress,
): Promise<KeptReference> {
  const of = (kind: ColumnSide['kind']) => columns.filter((column) => sideKind(column.kind) === kind)
  const [count] = await engine.query(`SELECT count(*) FROM ${table.from}`)
  const rows = Number(count?.[0] ?? 0)
  const names = of('number').map(({ name }) => name)
  const numbers =
    places === null
      ? await scanNumbers(engine, table, { names, rows, progress })
      : await scanPlaced(engine, table, { reference: numbersOf(places), rows, progress })
  const categories = await scanCategories(engine, table, of('category'))
  const others = await scanOthers(engine, table, of('other'))
  progress(categories.length + others.length)
  const byName = new Map<string, ColumnSide>([...numbers, ...categories, ...others].map((side) => [side.name, side]))
  return { format: KEPT_FORMAT, rows, columns: columns.flatMap(({ name }) => byName.get(name) ?? []) }
}

async function summaryOf(
  engine: SqlEngine,
  { reference, current }: DriftRequest,
  column: SqlColumn,
  before: ColumnSide,
  now: ColumnSide,
): Promise<CategorySummary | OtherSummary> {
  const missing = { reference: before.missing, current: now.missing }
  if (before.kind !== 'category' || now.kind !== 'category') return { kind: 'other', name: column.name, missing }
  const values = before.values && now.values ? { reference: before.values, current: now.values } : null
  const pairs = values
    ? pairCounts(values.reference, values.current)
    : await pairsInSql(engine, reference, current, column)
  return { kind: 'category', name: column.name, missing, pairs, values }
}

function numbersOf({ columns }: KeptReference): readonly NumberSide[] {
  return columns.filter((side) => side.kind === 'number')
}

/** Counts columns: each is scanned on the sides that are scanned, and numbers are compared. */
function progressOf({ kept, columns, onProgress }: DriftRequest): (by: number, what: string) => void {
  const numbers = columns.filter(({ kind }) => sideKind(kind) === 'number').length
  const total = columns.length * (isKeptOf(kept, columns) ? 1 : 2) + numbers
  let done = 0
  return (by, what) => {
    done += by
    onProgress?.(done, total, what)
  }
}
