// The key stream by which the vectors describe large inputs, a piece at a time (RFC 8439; see the vectors' README).
import { createCipheriv, createHash } from 'node:crypto'

/** `size` bytes of the stream under a seed, in pieces of at most `piece` bytes. */
export function* keyStream(seed: string, size: number, piece: number): Generator<Uint8Array> {
  const key = createHash('sha256').update(seed).digest()
  const cipher = createCipheriv('chacha20', key, Buffer.alloc(16))
  const zeros = Buffer.alloc(piece)
  for (let at = 0; at < size; at += piece) yield cipher.update(zeros.subarray(0, Math.min(piece, size - at)))
}
