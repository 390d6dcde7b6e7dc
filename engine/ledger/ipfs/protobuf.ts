// The little of protobuf that dag-pb and UnixFS need: fields that are varints or bytes, in the order in which they stand.
// Source: https://protobuf.dev/programming-guides/encoding/
import { putVarint, readVarint, varintBytes } from './varint.ts'

/** Its number, and a whole number or bytes. */
export type Field = readonly [number: number, value: number | Uint8Array]

const VARINT = 0
const BYTES = 2

/** The fields one after another. */
export function writeFields(fields: readonly Field[]): Uint8Array {
  let length = 0
  for (const [number, value] of fields) {
    length += varintBytes(number * 8)
    length += typeof value === 'number' ? varintBytes(value) : varintBytes(value.length) + value.length
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const [number, value] of fields) {
    if (typeof value === 'number') {
      at = putVarint(bytes, putVarint(bytes, at, number * 8 + VARINT), value)
      continue
    }
    at = putVarint(bytes, putVarint(bytes, at, number * 8 + BYTES), value.length)
    bytes.set(value, at)
    at += value.length
  }
  return bytes
}

/** The fields, bytes as views; null where they run past the end, or are of another kind. */
export function readFields(bytes: Uint8Array): Field[] | null {
  const fields: Field[] = []
  for (let at = 0; at < bytes.length; ) {
    const key = readVarint(bytes, at)
    const value = key === null ? null : readVarint(bytes, key.next)
    if (key === null || value === null) return null
    const number = Math.floor(key.value / 8)
    if (key.value % 8 === VARINT) {
      fields.push([number, value.value])
      at = value.next
      continue
    }
    at = value.next + value.value
    if (key.value % 8 !== BYTES || at > bytes.length) return null
    fields.push([number, bytes.subarray(value.next, at)])
  }
  return fields
}
