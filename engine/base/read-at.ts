// A piece of an open file, whole however many reads it takes.
import { readSync } from 'node:fs'

/** Fewer than `length` bytes only where the file ends before. Throws what the system says. */
export function readAt(descriptor: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(length)
  let filled = 0
  while (filled < length) {
    const got = readSync(descriptor, bytes, filled, length - filled, at + filled)
    if (got === 0) return bytes.subarray(0, filled)
    filled += got
  }
  return bytes
}
