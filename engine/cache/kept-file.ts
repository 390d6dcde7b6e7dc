// The one form of a cache file: a checksum, a header of JSON, and a body of bytes that the header points into.
// A file that is torn, changed, of another engine or of another form is as good as absent. Pure: bytes in, bytes out.
import { crc32 } from 'node:zlib'

const MAGIC = 'tutela-cache-1'

export interface KeptFile {
  readonly header: unknown
  readonly body: Uint8Array
}

/** Null where the bytes are not exactly what `serialiseKept` wrote for this engine. */
export function parseKept(bytes: Uint8Array, engine: string): KeptFile | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const first = buffer.indexOf(10)
  const [magic, sum, length] = first === -1 ? [] : buffer.toString('latin1', 0, Math.min(first, 200)).split(' ')
  if (magic !== MAGIC || length === undefined) return null
  const rest = buffer.subarray(first + 1)
  if (String(crc32(rest)) !== sum) return null
  const end = Number(length)
  const parsed = JSON.parse(rest.toString('utf8', 0, end)) as { readonly engine: string; readonly header: unknown }
  return parsed.engine === engine ? { header: parsed.header, body: rest.subarray(end) } : null
}

/** The pieces of a file, in order. `engine` names the code whose results these are. */
export function serialiseKept(engine: string, header: unknown, body: readonly Uint8Array[]): Uint8Array[] {
  const head = Buffer.from(JSON.stringify({ engine, header }))
  let sum = crc32(head)
  for (const piece of body) sum = crc32(piece, sum)
  return [Buffer.from(`${MAGIC} ${sum} ${head.length}\n`, 'latin1'), head, ...body]
}
