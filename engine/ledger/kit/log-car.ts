// The CAR of a log from its files: blocks of files are read again when they are written and not kept, so that of a large log the
// directories alone are in memory beside what goes out.
import { carPieces } from '../ipfs/car-write.ts'
import { type Cid, cidText } from '../ipfs/cid.ts'
import { logBlocks } from '../ipfs/log-dag.ts'
import type { ReadLogFile } from '../plan-append.ts'

/** A log as one file, and the name of its root. */
export interface LogCar {
  readonly cid: Cid
  readonly pieces: Iterable<Uint8Array>
}

/** The CAR of a log of `size` entries. Faults `ledger/unreadable` where a file that its size needs is not there. */
export function logCar(read: ReadLogFile, size: number): LogCar {
  const kept = new Map<string, Uint8Array | { readonly path: string; readonly at: number; readonly length: number }>()
  let file = { path: '', at: 0 }
  const watched: ReadLogFile = (path) => {
    file = { path, at: 0 }
    return read(path)
  }
  const made = logBlocks({ read: watched, size })
  for (let step = made.next(); ; step = made.next()) {
    if (step.done === true) {
      const { cid } = step.value
      return { cid, pieces: carPieces(cid, (wanted) => blockOf(kept.get(cidText(wanted)), read)) }
    }
    const [cid, bytes] = step.value
    // The chunks of a file come right after it was read, in order.
    if (cid.codec === 'raw') {
      kept.set(cidText(cid), { ...file, length: bytes.length })
      file = { path: file.path, at: file.at + bytes.length }
    } else kept.set(cidText(cid), bytes)
  }
}

function blockOf(
  kept: Uint8Array | { readonly path: string; readonly at: number; readonly length: number } | undefined,
  read: ReadLogFile,
): Uint8Array | null {
  if (kept === undefined || kept instanceof Uint8Array) return kept ?? null
  return read(kept.path)?.subarray(kept.at, kept.at + kept.length) ?? null
}
