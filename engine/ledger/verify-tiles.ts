// Every byte of every tile and bundle of a log checked against its neighbours: entries against leaves, each tile against
// its hash one level up, older partial files against newer ones. One tile and its parent are in memory at a time.
// Where all files are there and nothing is found, the right edge's root covers every entry.

import { decodeBundle } from './entry-bundle.ts'
import type { LaidRow, LaidTile, Layout } from './log-layout.ts'
import type { ReadLogFile } from './plan-append.ts'
import { decodeEntry } from './read-entry.ts'
import { TILE_WIDTH, type TileRow, tilePath } from './tile-path.ts'
import { equalBytes, HASH_BYTES, leafHashes } from './tree-hash.ts'
import { rootOfUnits, unitAt } from './tree-root.ts'
import type { VerifyProblem } from './verify-problem.ts'

/** How much was checked. */
export interface TileCheck {
  /** Entries whose bytes were read and hashed. */
  readonly entries: number
  /** Whether entry 0 is an entry of Tutela; if not, entries are opaque bytes and only the tree is checked. */
  readonly opaque: boolean
}

/** Checks the files of a layout and reports into `problem`. */
export function verifyTiles(read: ReadLogFile, { rows }: Layout, problem: (found: VerifyProblem) => void): TileCheck {
  const [bundles, leaves] = rows
  let opaque = false
  let entries = 0
  // Tiles first: of a tile that is wrong itself, each of its entries is told besides.
  for (const [i, row] of rows.slice(1).entries()) checkRow(read, row, rows[i + 2], problem)
  if (bundles !== undefined && leaves !== undefined) {
    const widths = new Map(leaves.tiles.map(({ index, width }) => [index, width]))
    for (const tile of bundles.tiles) {
      const bundle = checkBundle(read, tile, problem)
      if (bundle === null) continue
      if (tile.index === 0) opaque = isOpaque(bundle[0])
      entries += bundle.length
      if (!opaque) checkEntries(bundle, tile, problem)
      const leafTile = widths.has(tile.index) ? read(tilePath({ row: 0, index: tile.index, width: tile.width })) : null
      if (leafTile !== null) checkLeaves(bundle, leafTile, tile, problem)
    }
  }
  return { entries, opaque }
}

function isOpaque(entry: Uint8Array | undefined): boolean {
  return entry === undefined || decodeEntry(entry) === null
}

/** The entries of a bundle, checked for their number; null (and a problem) when they cannot be told. */
function checkBundle(read: ReadLogFile, tile: LaidTile, problem: (found: VerifyProblem) => void): Uint8Array[] | null {
  const where = pathOf('entries', tile)
  const bytes = read(where)
  const entries = bytes === null ? null : decodeBundle(bytes)
  if (bytes === null || entries === null || entries.length !== tile.width) {
    const actual = entries === null ? 'a length that runs past the end' : `${entries.length} entries`
    problem({ code: 'ledger/bad-bundle', where, expected: `${tile.width} entries`, actual })
    return null
  }
  for (const width of tile.stale) {
    const last = entries[width - 1]
    const end = last === undefined ? 0 : last.byteOffset + last.length - bytes.byteOffset
    checkStale(read, { row: 'entries', index: tile.index, width }, bytes.subarray(0, end), problem)
  }
  return entries
}

function checkEntries(
  entries: readonly Uint8Array[],
  { index, width }: LaidTile,
  problem: (found: VerifyProblem) => void,
): void {
  const where = tilePath({ row: 'entries', index, width })
  for (const [i, entry] of entries.entries()) {
    if (decodeEntry(entry) === null)
      problem({ code: 'ledger/bad-entry', where: `${where} entry ${index * TILE_WIDTH + i}` })
  }
}

function checkLeaves(
  entries: readonly Uint8Array[],
  leaves: Uint8Array,
  tile: LaidTile,
  problem: (found: VerifyProblem) => void,
): void {
  if (leaves.length !== tile.width * HASH_BYTES) return
  const hashes = leafHashes(entries)
  if (equalBytes(hashes, leaves)) return
  const where = pathOf('entries', tile)
  for (let i = 0; i < tile.width; i++) {
    const hash = unitAt(hashes, i)
    if (equalBytes(hash, unitAt(leaves, i))) continue
    const place = `${where} entry ${tile.index * TILE_WIDTH + i}`
    problem({ code: 'ledger/entry-hash', where: place, expected: hex(unitAt(leaves, i)), actual: hex(hash) })
  }
}

/** Checks each tile's length, its older partial files, and its root against the row above. */
function checkRow(
  read: ReadLogFile,
  row: LaidRow,
  above: LaidRow | undefined,
  problem: (found: VerifyProblem) => void,
): void {
  const parents = new Map(above?.tiles.map((tile) => [tile.index, tile]))
  let parent: { readonly index: number; readonly bytes: Uint8Array | null } = { index: -1, bytes: null }
  for (const tile of row.tiles) {
    const where = pathOf(row.row, tile)
    const bytes = read(where)
    if (bytes === null || bytes.length !== tile.width * HASH_BYTES) {
      const expected = `${tile.width * HASH_BYTES} bytes`
      problem({ code: 'ledger/bad-length', where, expected, actual: `${bytes?.length ?? 0} bytes` })
      continue
    }
    for (const width of tile.stale) {
      checkStale(read, { row: row.row, index: tile.index, width }, bytes.subarray(0, width * HASH_BYTES), problem)
    }
    if (tile.width < TILE_WIDTH || above === undefined) continue
    const index = Math.floor(tile.index / TILE_WIDTH)
    if (parent.index !== index) {
      const laid = parents.get(index)
      parent = { index, bytes: laid === undefined ? null : read(pathOf(above.row, laid)) }
    }
    const expected = parent.bytes === null ? null : unitAt(parent.bytes, tile.index % TILE_WIDTH)
    if (expected === null || expected.length !== HASH_BYTES) continue
    const root = rootOfUnits(bytes)
    if (!equalBytes(root, expected)) {
      problem({ code: 'ledger/tile-hash', where, expected: hex(expected), actual: hex(root) })
    }
  }
}

function checkStale(
  read: ReadLogFile,
  address: { readonly row: TileRow; readonly index: number; readonly width: number },
  expected: Uint8Array,
  problem: (found: VerifyProblem) => void,
): void {
  const where = tilePath(address)
  const bytes = read(where)
  if (bytes === null || !equalBytes(bytes, expected)) problem({ code: 'ledger/stale-partial', where })
}

function pathOf(row: TileRow, { index, width }: LaidTile): string {
  return tilePath({ row, index, width })
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
