// Joins packs as they are: their entries one after another under one header and one index. Deltas name their bases by
// distance or id, so they hold wherever the whole body of a pack is put. Costs the copying of the bytes alone.
import { readFileSync } from 'node:fs'
import type { PackFile } from './pack-file.ts'
import { installPack, type PackedObject, packHeader, withTrailer } from './pack-writer.ts'

/** Durable when it returns; the new pack's path. Null where two of them hold one object, which a pack must not hold twice. */
export function joinPacks(
  objectsDir: string,
  packs: readonly PackFile[],
  mark: { readonly folder: string; readonly text: string },
): string | null {
  const pieces: Buffer[] = []
  const entries: PackedObject[] = []
  const seen = new Set<string>()
  let shift = 0
  for (const { path, index } of packs) {
    const body = readFileSync(path).subarray(12, -20)
    for (let i = 0; i < index.count; i++) {
      const id = index.idAt(i)
      const crc = index.crcAt(i)
      if (seen.has(id) || crc === null) return null
      seen.add(id)
      entries.push({ id, offset: index.offsetAt(i) + shift, crc })
    }
    pieces.push(body)
    shift += body.length
  }
  return installPack(objectsDir, withTrailer([packHeader(entries.length), ...pieces]), entries, mark)
}
