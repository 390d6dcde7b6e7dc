// Makes the receipt of one entry from a log's files: a handful of tiles, however large the log is.
// Checking one is receipt.ts, which shares nothing with this but the form.
import { Fault } from '../base/fault.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { decodeBundle } from './entry-bundle.ts'
import { parseNote } from './note.ts'
import type { ReadLogFile } from './plan-append.ts'
import { proveInclusion } from './prove.ts'
import { formatReceipt } from './receipt.ts'
import { edgeWidths, parseTilePath, TILE_WIDTH, tilePath } from './tile-path.ts'
import { HASH_BYTES } from './tree-hash.ts'

/** A receipt, and the bytes of the entry that it is for. */
export interface MadeReceipt {
  readonly receipt: Uint8Array
  readonly entry: Uint8Array
}

/** Which entry, in the log of which size, under which signed checkpoint (of that size or an earlier one). */
export interface ReceiptRequest {
  readonly read: ReadLogFile
  readonly index: number
  /** Entries of the log as its files are. */
  readonly size: number
  readonly note: Uint8Array
}

/** The receipt. Faults `ledger/no-entry` beyond the checkpoint, `ledger/unreadable` where a file is missing or short. */
export function makeReceipt({ read, index, size, note }: ReceiptRequest): MadeReceipt {
  const checkpoint = parseCheckpoint(parseNote(note)?.text ?? '')
  if (checkpoint === null) throw unreadable('the checkpoint')
  const proven = Number(checkpoint.size)
  if (index >= proven)
    throw new Fault(
      'ledger/no-entry',
      `the log has no entry ${index}`,
      proven === 0 ? 'it is empty' : `its entries are 0 to ${proven - 1}`,
    )
  const bundle = Math.floor(index / TILE_WIDTH)
  const width = Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH)
  const path = tilePath({ row: 'entries', index: bundle, width })
  const bytes = read(path)
  const entry = bytes === null ? undefined : decodeBundle(bytes)?.[index % TILE_WIDTH]
  if (entry === undefined) throw unreadable(`\`${path}\``)
  const proof = proveInclusion(atSize(read, size, proven), index, proven)
  if (proof === null) throw unreadable('a tile')
  return { receipt: formatReceipt({ index: BigInt(index), proof, checkpoint: note }), entry }
}

/** Reads a log as it was when it was smaller: its right edge is the beginning of tiles that have grown since. */
function atSize(read: ReadLogFile, size: number, earlier: number): ReadLogFile {
  if (earlier === size) return read
  const edge = edgeWidths(size)
  return (path) => {
    const tile = parseTilePath(path)
    if (tile === null || tile.row === 'entries') return read(path)
    const last = edge[tile.row]
    const width = last === undefined || tile.index < last.index ? TILE_WIDTH : last.width
    return read(tilePath({ ...tile, width }))?.subarray(0, tile.width * HASH_BYTES) ?? null
  }
}

function unreadable(what: string): Fault {
  return new Fault(
    'ledger/unreadable',
    `${what} of the log cannot be read`,
    'see what is wrong with `tutela verify ledger`',
  )
}
