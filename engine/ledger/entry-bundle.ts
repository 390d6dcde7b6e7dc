// Entry bundles: up to 256 entries, each behind its length as a big-endian uint16. Source: https://c2sp.org/tlog-tiles

/** What the length prefix can say. */
export const MAX_ENTRY_BYTES = 65_535
const PREFIX_BYTES = 2

/** Gives memory of exactly so many bytes, with any content. */
export type Allocate = (bytes: number) => Buffer

/** The bytes of a bundle. An entry beyond 65,535 bytes is a bug: `encodeEntry` refuses it before. */
export function encodeBundle(entries: readonly Uint8Array[], allocate: Allocate = Buffer.alloc): Uint8Array {
  const total = entries.reduce((sum, entry) => sum + PREFIX_BYTES + entry.length, 0)
  const bundle = allocate(total)
  let at = 0
  for (const entry of entries) {
    if (entry.length > MAX_ENTRY_BYTES) throw new Error(`internal error: an entry of ${entry.length} bytes`)
    at = bundle.writeUInt16BE(entry.length, at)
    bundle.set(entry, at)
    at += entry.length
  }
  return bundle
}

/** The entries as views of `bundle`; `null` when a length runs past the end. */
export function decodeBundle(bundle: Uint8Array): Uint8Array[] | null {
  const entries: Uint8Array[] = []
  for (let at = 0; at < bundle.length; ) {
    const high = bundle[at]
    const low = bundle[at + 1]
    if (high === undefined || low === undefined) return null
    const end = at + PREFIX_BYTES + high * 256 + low
    if (end > bundle.length) return null
    entries.push(bundle.subarray(at + PREFIX_BYTES, end))
    at = end
  }
  return entries
}
