// Unsigned varints as multiformats and protobuf write them, read strictly: at most 2^53, in the fewest bytes.
// Source: https://github.com/multiformats/unsigned-varint

/** A number and the offset behind it. */
export interface ReadVarint {
  readonly value: number
  readonly next: number
}

/** 2^53 − 1 takes eight bytes. */
const MOST_BYTES = 8

/** Null where the bytes end within it, it has more bytes than it needs, or its value is above 2^53 − 1. */
export function readVarint(bytes: Uint8Array, at: number): ReadVarint | null {
  let value = 0
  for (let i = 0; i < MOST_BYTES; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) return null
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte >= 0x80) continue
    const isLongerThanNeeded = byte === 0 && i > 0
    return isLongerThanNeeded || !Number.isSafeInteger(value) ? null : { value, next: at + i + 1 }
  }
  return null
}

/** The bytes of a whole number from 0 to 2^53 − 1. */
export function writeVarint(value: number): Uint8Array {
  const bytes = new Uint8Array(varintBytes(value))
  putVarint(bytes, 0, value)
  return bytes
}

/** How many bytes a whole number takes. */
export function varintBytes(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`internal error: no varint ${value}`)
  let count = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) count++
  return count
}

/** Writes a whole number at a place; the place behind it. */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
  let next = at
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[next++] = (rest % 0x80) | 0x80
  bytes[next++] = rest
  return next
}
