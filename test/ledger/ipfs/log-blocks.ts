// A log in memory and its blocks, for tests.
import type { CarSource } from '../../../engine/ledger/ipfs/car-index.ts'
import type { ReadBlock } from '../../../engine/ledger/ipfs/car-write.ts'
import { cidText } from '../../../engine/ledger/ipfs/cid.ts'
import { type LogSnapshot, logBlocks } from '../../../engine/ledger/ipfs/log-dag.ts'
import type { Made } from '../../../engine/ledger/ipfs/unixfs-file.ts'
import type { MemoryLog } from '../memory-log.ts'

/** Blocks by the text of their CIDs. */
export type Blocks = Map<string, Uint8Array>

export const readerOf =
  (blocks: ReadonlyMap<string, Uint8Array>): ReadBlock =>
  (cid) =>
    blocks.get(cidText(cid)) ?? null

/** The directory of the log at `size`, from a snapshot or from nothing; the new blocks go into `into`. */
export function addLog(log: MemoryLog, size: number, into: Blocks, from?: LogSnapshot): Made {
  const made = logBlocks({ size, read: (path) => log.get(path) ?? null, ...(from !== undefined && { from }) })
  for (let step = made.next(); ; step = made.next()) {
    if (step.done === true) return step.value
    into.set(cidText(step.value[0]), step.value[1])
  }
}

export const bytesOf = (blocks: Blocks): number => [...blocks.values()].reduce((sum, { length }) => sum + length, 0)

/** A CAR in memory. */
export const sourceOf = (car: Uint8Array): CarSource => ({
  size: car.length,
  read: (at, length) => car.subarray(at, at + length),
})
