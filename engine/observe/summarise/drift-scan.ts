// The scans of columns of numbers: where the bins lie, the bins, and for the reference the deciles and few values.
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import { scanBins } from './drift-bins.ts'
import type { NumberSide } from './drift-kept.ts'
import type { PlacedColumn } from './drift-layout.ts'
import { withDeciles, withFewValues } from './drift-order.ts'
import { betterPlace, samplePlaces } from './drift-place.ts'

/** A column may be placed anew so often; a range shrinks to a crowded bin each time. */
const MOST_PLACINGS = 3

/** Columns in one scan: fewer scans for files that must be parsed, less memory for many columns. */
const COLUMNS_AT_ONCE = 8

/** Told of so many columns more that are done. */
export type Progress = (columns: number) => void

/** The reference's columns. */
export async function scanNumbers(
  engine: SqlEngine,
  table: SqlTable,
  { names, rows, progress }: { readonly names: readonly string[]; readonly rows: number; readonly progress: Progress },
): Promise<readonly NumberSide[]> {
  const places = await samplePlaces(engine, table, names, rows)
  const placed = names.map((name, i) => ({ name, place: places[i] ?? { centre: 0, scale: 1 } }))
  let sides = await scanInBatches(engine, table, placed, { rows, progress })
  for (let again = 0; again < MOST_PLACINGS; again++) {
    const better = sides.flatMap((side): PlacedColumn[] => {
      const place = betterPlace(side)
      return place === null ? [] : [{ name: side.name, place }]
    })
    if (better.length === 0) break
    const redone = new Map((await scanInBatches(engine, table, better, { rows })).map((side) => [side.name, side]))
    sides = sides.map((side) => redone.get(side.name) ?? side)
  }
  return await withDeciles(engine, table, await withFewValues(engine, table, sides))
}

/** The current window's columns, in the reference's bins. */
export async function scanPlaced(
  engine: SqlEngine,
  table: SqlTable,
  {
    reference,
    rows,
    progress,
  }: { readonly reference: readonly NumberSide[]; readonly rows: number; readonly progress: Progress },
): Promise<readonly NumberSide[]> {
  const placed = reference.map(({ name, place }) => ({ name, place }))
  return await withFewValues(engine, table, await scanInBatches(engine, table, placed, { rows, progress }))
}

async function scanInBatches(
  engine: SqlEngine,
  table: SqlTable,
  columns: readonly PlacedColumn[],
  { rows, progress }: { readonly rows: number; readonly progress?: Progress },
): Promise<NumberSide[]> {
  const sides: NumberSide[] = []
  for (let at = 0; at < columns.length; at += COLUMNS_AT_ONCE) {
    const batch = columns.slice(at, at + COLUMNS_AT_ONCE)
    sides.push(...(await scanBins(engine, table, batch, rows)))
    progress?.(batch.length)
  }
  return sides
}
