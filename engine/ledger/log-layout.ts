// Which files a log of a given size has, and which of a list of paths are among them. Needs no content.
import { compareText } from '../base/order.ts'
import { edgeWidths, parseTilePath, TILE_WIDTH, type TileRow, tilePath } from './tile-path.ts'
import type { VerifyProblem } from './verify-problem.ts'

/** The tiles of one row that are there, in order. */
export interface LaidRow {
  readonly row: TileRow
  readonly tiles: readonly LaidTile[]
}

/** One tile or bundle that is there in its full width. */
export interface LaidTile {
  readonly index: number
  /** What the size asks for: 256, or the width of the right edge. */
  readonly width: number
  /** Narrower partial files of the same tile, left from smaller sizes. */
  readonly stale: readonly number[]
}

/** A log's files in their order, and what is wrong with their names and number. */
export interface Layout {
  /** `entries` first, then levels from 0 up. */
  readonly rows: readonly LaidRow[]
  readonly problems: readonly VerifyProblem[]
}

/** How many gaps in a row are named one by one. */
const NAMED_GAPS = 20

/** Sorts the paths within `tile/` into the rows of a log of `size` entries; strangers and gaps are problems. */
export function layOut(paths: Iterable<string>, size: number): Layout {
  const edges = edgeWidths(size)
  const problems: VerifyProblem[] = []
  const rows = new Map<TileRow, Map<number, number[]>>()
  for (const path of paths) {
    if (path !== 'tile' && !path.startsWith('tile/')) continue
    const address = parseTilePath(path)
    const level = address?.row === 'entries' ? 0 : address?.row
    const edge = level === undefined ? undefined : edges[level]
    if (address === null || edge === undefined || address.width > widthAt(edge, address.index)) {
      problems.push({ code: 'ledger/stray-file', where: path })
      continue
    }
    const row = rows.get(address.row) ?? new Map<number, number[]>()
    rows.set(address.row, row)
    row.set(address.index, [...(row.get(address.index) ?? []), address.width])
  }
  const [lowest] = edges
  const asked =
    lowest === undefined
      ? []
      : [{ ...lowest, row: 'entries' as TileRow }, ...edges.map((edge) => ({ ...edge, row: edge.level }))]
  const laid = asked.map(({ row, ...edge }) => layRow(row, edge, rows.get(row) ?? new Map(), problems))
  return { rows: laid, problems: problems.sort((a, b) => compareText(a.where, b.where)) }
}

interface Edge {
  readonly index: number
  readonly width: number
}

/** The width that a tile must have; 0 beyond the edge. */
function widthAt(edge: Edge, index: number): number {
  if (index < edge.index) return TILE_WIDTH
  return index === edge.index ? edge.width : 0
}

function layRow(
  row: TileRow,
  edge: Edge,
  found: ReadonlyMap<number, readonly number[]>,
  problems: VerifyProblem[],
): LaidRow {
  const tiles: LaidTile[] = []
  for (const index of [...found.keys()].sort((a, b) => a - b)) {
    const width = widthAt(edge, index)
    const widths = found.get(index) ?? []
    if (widths.includes(width))
      tiles.push({ index, width, stale: widths.filter((w) => w !== width).sort((a, b) => a - b) })
  }
  const count = edge.index + (edge.width > 0 ? 1 : 0)
  for (const [at, index] of gaps(tiles, count).entries()) {
    if (at === NAMED_GAPS) break
    problems.push({ code: 'ledger/missing-file', where: tilePath({ row, index, width: widthAt(edge, index) }) })
  }
  if (tiles.length + NAMED_GAPS < count) {
    const actual = `${tiles.length} of ${count} files`
    problems.push({ code: 'ledger/missing-file', where: `tile/${row}`, expected: `${count} files`, actual })
  }
  return { row, tiles }
}

/** The first indexes below `count` that no tile has, one more than are named at most. */
function gaps(tiles: readonly LaidTile[], count: number): number[] {
  const missing: number[] = []
  let next = 0
  for (const { index } of [...tiles, { index: count }]) {
    for (; next < index && missing.length < NAMED_GAPS; next++) missing.push(next)
    next = index + 1
  }
  return missing
}
