// Git's delta format: copies from a base and literal bytes. https://git-scm.com/docs/pack-format#_deltified_representation

/** The object that `delta` makes from `base`; null where it does not fit (damaged). */
export function applyDelta(base: Buffer, delta: Buffer): Buffer | null {
  const [baseSize, afterBase] = readSize(delta, 0)
  const [size, start] = readSize(delta, afterBase)
  if (start > delta.length || baseSize !== base.length || size > MAX_SIZE) return null
  const out = Buffer.allocUnsafe(size)
  let at = start
  let filled = 0
  while (at < delta.length) {
    const op = byteAt(delta, at++)
    if (op === 0) return null
    if (op < 128) {
      if (at + op > delta.length || filled + op > size) return null
      out.set(delta.subarray(at, at + op), filled)
      at += op
      filled += op
      continue
    }
    let offset = 0
    let length = 0
    if (op & 1) offset = byteAt(delta, at++)
    if (op & 2) offset += byteAt(delta, at++) * 0x100
    if (op & 4) offset += byteAt(delta, at++) * 0x10000
    if (op & 8) offset += byteAt(delta, at++) * 0x1000000
    if (op & 16) length = byteAt(delta, at++)
    if (op & 32) length += byteAt(delta, at++) * 0x100
    if (op & 64) length += byteAt(delta, at++) * 0x10000
    if (length === 0) length = 0x10000
    if (at > delta.length || offset + length > base.length || filled + length > size) return null
    out.set(base.subarray(offset, offset + length), filled)
    filled += length
  }
  return filled === size ? out : null
}

/** Larger objects are no policy, card or report; a claim of more is an attack or damage. */
export const MAX_SIZE = 512 * 1024 * 1024

function readSize(delta: Buffer, from: number): [size: number, next: number] {
  let size = 0
  let scale = 1
  let at = from
  for (;;) {
    const byte = byteAt(delta, at++)
    size += (byte & 127) * scale
    scale *= 128
    if (byte < 128 || at > delta.length) return [size, at]
  }
}

function byteAt(buffer: Buffer, at: number): number {
  return buffer[at] ?? 0
}
