// The body of the last `run` entry of the log in a tree: what the next run's entries are compared with.
import { parseCheckpoint } from '../ledger/checkpoint.ts'
import { decodeEntry } from '../ledger/entry.ts'
import type { RunBody } from '../ledger/entry-bodies.ts'
import { decodeBundle } from '../ledger/entry-bundle.ts'
import { parseNote } from '../ledger/note.ts'
import type { ReadLogFile } from '../ledger/plan-append.ts'
import { TILE_WIDTH, tilePath } from '../ledger/tile-path.ts'
import { type KeptRunBody, lastRunClosed } from './kept-run-body.ts'

/**
 * From the right edge backwards, a bundle at a time; null where the log has no `run` entry or is not there. `kept` gives
 * the body of an encrypted one. Faults `record/last-run-encrypted`.
 */
export function lastRunBody(read: ReadLogFile, kept: KeptRunBody): RunBody | null {
  const size = logSize(read)
  for (let index = Math.ceil(size / TILE_WIDTH) - 1; index >= 0; index--) {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH)
    const bundle = read(tilePath({ row: 'entries', index, width }))
    const entries = bundle === null ? null : decodeBundle(bundle)
    if (entries === null) return null
    for (const bytes of entries.reverse()) {
      const entry = decodeEntry(bytes)
      if (entry?.kind !== 'run') continue
      if (entry.body !== undefined) return entry.body as unknown as RunBody
      const body = kept(entry.run)
      if (body === null) throw lastRunClosed(entry.run)
      return body
    }
  }
  return null
}

/** Entries of the log by its checkpoint; 0 where there is none. Signatures are checked when the log is appended to. */
export function logSize(read: ReadLogFile): number {
  const bytes = read('checkpoint')
  const note = bytes === null ? null : parseNote(bytes)
  const checkpoint = note === null ? null : parseCheckpoint(note.text)
  return checkpoint === null ? 0 : Number(checkpoint.size)
}
