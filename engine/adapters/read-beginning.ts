// The beginning of a file of any kind: a device that never ends, a pipe that has no size, a file larger than memory.
import { closeSync, openSync, readSync } from 'node:fs'

const PIECE = 1024 * 1024

/** At most `most` bytes, fewer where it ends before. Throws what the system says. */
export function readBeginning(path: string, most: number): Uint8Array {
  const descriptor = openSync(path, 'r')
  try {
    const pieces: Buffer[] = []
    for (let left = most; left > 0; ) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE, left))
      const got = readSync(descriptor, piece, 0, piece.length, null)
      if (got === 0) break
      pieces.push(piece.subarray(0, got))
      left -= got
    }
    return Buffer.concat(pieces)
  } finally {
    closeSync(descriptor)
  }
}
