// Which files of a log change as it grows: the ones that a pinned directory gains and loses between two sizes.
import { edgeWidths, TILE_WIDTH, type TileAddress, type TileRow, tilePath } from '../tile-path.ts'

/** Paths within the log's folder, `checkpoint` not among them. */
export interface ChangedPaths {
  readonly added: readonly string[]
  /** Partial tiles that the larger size does not need. */
  readonly removed: readonly string[]
}

/** From a log of `before` entries (0: from nothing) to one of `after`. A directory holds what its checkpoint needs alone. */
export function changedPaths(before: number, after: number): ChangedPaths {
  const [old, now] = [rowsOf(before), rowsOf(after)]
  const added: string[] = []
  for (const [row, edge] of now) {
    for (let index = old.get(row)?.index ?? 0; index < edge.index; index++) {
      added.push(tilePath({ row, index, width: TILE_WIDTH }))
    }
  }
  const [oldPartials, partials] = [partialsOf(old), partialsOf(now)]
  added.push(...partials.filter((path) => !oldPartials.includes(path)))
  return { added, removed: oldPartials.filter((path) => !partials.includes(path)) }
}

function rowsOf(size: number): ReadonlyMap<TileRow, TileAddress> {
  const levels = edgeWidths(size).map(({ level, ...edge }): TileAddress => ({ row: level, ...edge }))
  const rows = levels.flatMap((edge) => (edge.row === 0 ? [{ ...edge, row: 'entries' as const }, edge] : [edge]))
  return new Map(rows.map((edge) => [edge.row, edge]))
}

function partialsOf(rows: ReadonlyMap<TileRow, TileAddress>): string[] {
  return [...rows.values()].filter(({ width }) => width > 0).map(tilePath)
}
