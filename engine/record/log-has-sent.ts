// Whether the log tells that a training was sent: what stands there is never sent again, whatever the marks say.
import { decodeEntry } from '../ledger/entry.ts'
import { decodeBundle } from '../ledger/entry-bundle.ts'
import { TILE_WIDTH, tilePath } from '../ledger/tile-path.ts'
import type { RetrainOrder, SourceTree } from '../world.ts'
import { logSize } from './last-entries.ts'
import { logReader } from './log-reader.ts'

/** By the id of the request, the whole log through; `unknown` ones do not count, nor entries that nobody here can open. */
export function hasLogSent(record: SourceTree | null, { request, model }: RetrainOrder): boolean {
  const read = logReader(record)
  const size = logSize(read)
  for (let index = 0; index * TILE_WIDTH < size; index++) {
    const bundle = read(tilePath({ row: 'entries', index, width: Math.min(TILE_WIDTH, size - index * TILE_WIDTH) }))
    if (bundle === null || !Buffer.from(bundle).includes(request)) continue
    for (const bytes of decodeBundle(bundle) ?? []) {
      const entry = decodeEntry(bytes)
      if (entry?.kind !== 'trigger-sent') continue
      const { body = {} } = entry
      if (body.request === request && body.model === model && body.state !== 'unknown') return true
    }
  }
  return false
}
