// The entries of a log one after the other, a bundle at a time: for those who read what a log says. Whether it is the log
// that was signed is verify-log.ts.
import { decodeEntry, type ReadEntry } from './entry.ts'
import { decodeBundle } from './entry-bundle.ts'
import type { ReadLogFile } from './plan-append.ts'
import { TILE_WIDTH, tilePath } from './tile-path.ts'

/** One entry with its place. `entry` is null where the bytes are no entry of Tutela. */
export interface PlacedEntry {
  readonly index: number
  readonly bytes: Uint8Array
  readonly entry: ReadEntry | null
}

/** The first `size` entries of a log. Bundles that are missing or broken are passed over: the verifier names them. */
export function* logEntries(read: ReadLogFile, size: number): Generator<PlacedEntry> {
  for (let first = 0; first < size; first += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, size - first)
    const bundle = read(tilePath({ row: 'entries', index: first / TILE_WIDTH, width }))
    const entries = bundle === null ? null : decodeBundle(bundle)
    for (const [i, bytes] of (entries ?? []).slice(0, width).entries()) {
      yield { index: first + i, bytes, entry: decodeEntry(bytes) }
    }
  }
}
