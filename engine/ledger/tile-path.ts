// Where a tile stands: `tile/<L>/<N>[.p/<W>]` and `tile/entries/<N>[.p/<W>]`, with N in groups of three digits.
// Paths are relative to the log's folder. Source: https://c2sp.org/tlog-tiles

/** Hashes in a full tile, entries in a full bundle. */
export const TILE_WIDTH = 256

/** `entries` is the row of bundles beside the rows of hashes. */
export type TileRow = number | 'entries'

/** One tile or bundle: `width` below 256 is a partial one. */
export interface TileAddress {
  readonly row: TileRow
  /** Below 2^53: a row of a real log holds fewer tiles. */
  readonly index: number
  /** 1 to 256; 256 is a full tile, everything below a partial one. */
  readonly width: number
}

/** `tile/0/x001/067.p/5`; a full tile has no suffix. */
export function tilePath({ row, index, width }: TileAddress): string {
  if (!Number.isSafeInteger(index) || index < 0 || width < 1 || width > TILE_WIDTH) {
    throw new Error(`internal error: no tile ${row}/${index} of width ${width}`)
  }
  const suffix = width === TILE_WIDTH ? '' : `.p/${width}`
  return `tile/${row}/${groups(index)}${suffix}`
}

function groups(index: number): string {
  const last = String(index % 1000).padStart(3, '0')
  let path = last
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`
  }
  return path
}

const PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*)(\d{3})(?:\.p\/([1-9]\d{0,2}))?$/

/** The address; `null` for every path that no log of this format has (`x000/001`, `.p/256`, level 64, …). */
export function parseTilePath(path: string): TileAddress | null {
  const match = PATH.exec(path)
  if (match === null) return null
  const [, row = '', thousands = '', last = '', width] = match
  const level: TileRow = row === 'entries' ? row : Number(row)
  const index = Number(thousands.replaceAll(/[x/]/g, '') + last)
  if (!Number.isSafeInteger(index) || (level !== 'entries' && level > 63)) return null
  const address = { row: level, index, width: width === undefined ? TILE_WIDTH : Number(width) }
  if (width !== undefined && address.width >= TILE_WIDTH) return null
  return tilePath(address) === path ? address : null
}

/** The widths of the right-edge tiles of a log of `size` entries, level by level; 0 where that level ends on a full tile. */
export function edgeWidths(
  size: number,
): readonly { readonly level: number; readonly index: number; readonly width: number }[] {
  const edge = []
  for (let level = 0, units = size; units > 0; level++, units = Math.floor(units / TILE_WIDTH)) {
    edge.push({ level, index: Math.floor(units / TILE_WIDTH), width: units % TILE_WIDTH })
  }
  return edge
}
