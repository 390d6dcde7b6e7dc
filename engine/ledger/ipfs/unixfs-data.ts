// What UnixFS says of a node, in the data of its dag-pb: a directory, a part of a sharded one, or a file with the sizes of
// its parts. Source: https://specs.ipfs.tech/unixfs/
import { equalBytes } from '../tree-hash.ts'
import { type Field, readFields, writeFields } from './protobuf.ts'

/** `file` with `data`: a leaf of the profile without raw leaves. `shard`: a directory too large for one block. */
export type UnixfsData =
  | { readonly type: 'directory' }
  | {
      readonly type: 'file'
      readonly data: Uint8Array | null
      readonly size: number
      readonly parts: readonly number[]
    }
  | { readonly type: 'shard'; readonly bitfield: Uint8Array }

const TYPES = { directory: 1, file: 2, shard: 5 } as const
const MURMUR3_X64_64 = 0x22
/** Children of a shard. */
export const FANOUT = 256

/** The bytes for a node's data. */
export function encodeUnixfs(value: UnixfsData): Uint8Array {
  const fields: Field[] = [[1, TYPES[value.type]]]
  if (value.type === 'file') {
    if (value.data !== null) fields.push([2, value.data])
    fields.push([3, value.size], ...value.parts.map((part): Field => [4, part]))
  }
  if (value.type === 'shard') fields.push([2, value.bitfield], [5, MURMUR3_X64_64], [6, FANOUT])
  return writeFields(fields)
}

/** Null for everything else, and for other forms of the same: times and permissions, which no log has, among them. */
export function decodeUnixfs(bytes: Uint8Array): UnixfsData | null {
  const value = valueIn(readFields(bytes) ?? [])
  return value !== null && equalBytes(encodeUnixfs(value), bytes) ? value : null
}

function valueIn(fields: readonly Field[]): UnixfsData | null {
  const [type, ...rest] = fields
  const data = rest.find(([number]) => number === 2)?.[1]
  const bytes = data instanceof Uint8Array ? data : null
  if (type?.[1] === TYPES.directory) return { type: 'directory' }
  if (type?.[1] === TYPES.shard && bytes !== null) return { type: 'shard', bitfield: bytes }
  if (type?.[1] !== TYPES.file) return null
  const size = rest.find(([number]) => number === 3)?.[1]
  const parts = rest.flatMap(([number, value]) => (number === 4 && typeof value === 'number' ? [value] : []))
  return typeof size === 'number' ? { type: 'file', data: bytes, size, parts } : null
}
