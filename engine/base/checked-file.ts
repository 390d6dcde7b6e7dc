// Bytes that may be lost but must not be wrong: a checksum, a header of JSON, and a body that the header points into.
// A file that is torn, changed, of another writer or of another form is as good as absent. Pure: bytes in, bytes out.
import { crc32 } from 'node:zlib'

const MAGIC = 'tutela-cache-1'

/** What the writer put in: the header may say where in the body its parts begin. */
export interface CheckedFile {
  readonly header: unknown
  readonly body: Uint8Array
}

/** Null where the bytes are not exactly what `serialiseChecked` wrote for this writer. */
export function parseChecked(bytes: Uint8Array, writer: string): CheckedFile | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const first = buffer.indexOf(10)
  const [magic, sum, length] = first === -1 ? [] : buffer.toString('latin1', 0, Math.min(first, 200)).split(' ')
  if (magic !== MAGIC || length === undefined) return null
  const rest = buffer.subarray(first + 1)
  if (String(crc32(rest)) !== sum) return null
  const end = Number(length)
  const parsed = parseHeader(rest.toString('utf8', 0, end))
  return parsed?.writer === writer ? { header: parsed.header, body: rest.subarray(end) } : null
}

function parseHeader(text: string): { readonly writer: string; readonly header: unknown } | null {
  try {
    return JSON.parse(text) as { readonly writer: string; readonly header: unknown }
  } catch {
    return null
  }
}

/** The pieces of a file, in order. `writer` names the code and the purpose: another one's file is not read. */
export function serialiseChecked(writer: string, header: unknown, body: readonly Uint8Array[] = []): Uint8Array[] {
  const head = Buffer.from(JSON.stringify({ writer, header }))
  let sum = crc32(head)
  for (const piece of body) sum = crc32(piece, sum)
  return [Buffer.from(`${MAGIC} ${sum} ${head.length}\n`, 'latin1'), head, ...body]
}
