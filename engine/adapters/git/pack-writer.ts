// Writes one pack, version 2, with its index: https://git-scm.com/docs/pack-format
import { createHash } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import { makeFolder, removeQuietly, syncFolder, writeFlushed } from '../../base/durable-files.ts'
import type { ObjectId } from '../../world.ts'
import type { GitObject, ObjectKind } from './object-id.ts'

/** What an index says of one object of the pack. */
export interface PackedObject {
  readonly id: ObjectId
  readonly offset: number
  readonly crc: number
}

/** Level 1 takes half the time of Git's default 6 for a few per cent more bytes; folding packs deflates anew. */
export const DEFLATE_LEVEL = 1

/** The numbers of kinds in a pack. Source: gitformat-pack(5). */
export const TYPES: Readonly<Record<ObjectKind, number>> = { commit: 1, tree: 2, blob: 3, tag: 4 }

/** Commits first, then trees, then blobs: the order in which readers want them. */
const ORDER: readonly ObjectKind[] = ['commit', 'tag', 'tree', 'blob']

/**
 * One flush for the pack, one for the index, one for the folder; the index is renamed last, so a pack is seen whole or
 * not at all. `marks` is a folder where an empty file of the pack's name says that it is ours (own-packs.ts).
 */
export function writePack(objectsDir: string, objects: ReadonlyMap<ObjectId, GitObject>, marks: string): string {
  const { pack, entries } = packBytes(objects)
  return installPack(objectsDir, pack, entries, { folder: marks, text: '' })
}

/** The bytes of a pack of whole (undeltified) objects. */
export function packBytes(objects: ReadonlyMap<ObjectId, GitObject>): { pack: Buffer; entries: PackedObject[] } {
  const pieces = [packHeader(objects.size)]
  const entries: PackedObject[] = []
  let offset = 12
  for (const wanted of ORDER) {
    for (const [id, { kind, content }] of objects) {
      if (kind !== wanted) continue
      const head = entryHead(TYPES[kind], content.length)
      const data = deflateSync(content, { level: DEFLATE_LEVEL })
      entries.push({ id, offset, crc: crc32(data, crc32(head)) })
      pieces.push(head, data)
      offset += head.length + data.length
    }
  }
  return { pack: withTrailer(pieces), entries }
}

/** The beginning of a pack of so many objects, version 2. */
export function packHeader(count: number): Buffer {
  const header = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1')
  header.writeUInt32BE(count, 8)
  return header
}

/** Type and size of an entry: 4 bits of size, then 7 a byte. */
export function entryHead(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 15)]
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) | 128
    bytes.push(rest & 127)
  }
  return Buffer.from(bytes)
}

/** The pieces as one, with the SHA-1 of all of them at the end, as packs and indexes have it. */
export function withTrailer(pieces: readonly Buffer[]): Buffer {
  const sum = createHash('sha1')
  for (const piece of pieces) sum.update(piece)
  return Buffer.concat([...pieces, sum.digest()])
}

/** Puts a pack and its index in place, durably; the pack's path. */
export function installPack(
  objectsDir: string,
  pack: Buffer,
  entries: readonly PackedObject[],
  mark: { readonly folder: string; readonly text: string },
): string {
  const folder = join(objectsDir, 'pack')
  makeFolder(folder)
  // By content, so that a pack of this name is this pack.
  const name = `pack-${pack.toString('hex', pack.length - 20)}`
  const stem = join(folder, name)
  const temporary = join(folder, `tmp_pack_${process.pid}_${name}`)
  const temporaryIndex = join(folder, `tmp_idx_${process.pid}_${name}`)
  try {
    writeFlushed(temporary, pack, 0o444)
    writeFlushed(temporaryIndex, indexBytes(entries, pack.subarray(-20)), 0o444)
    markPack(mark, name)
    renameSync(temporary, `${stem}.pack`)
    renameSync(temporaryIndex, `${stem}.idx`)
  } catch (error) {
    removeQuietly(temporary)
    removeQuietly(temporaryIndex)
    throw error
  }
  syncFolder(folder)
  return `${stem}.pack`
}

/** Where the mark cannot be written the pack is good all the same; it is only never folded. */
function markPack({ folder, text }: { readonly folder: string; readonly text: string }, name: string): void {
  try {
    makeFolder(folder)
    writeFileSync(join(folder, name), text)
  } catch {
    // see above
  }
}

function indexBytes(entries: readonly PackedObject[], packSum: Buffer): Buffer {
  const sorted = [...entries].sort((a, b) => (a.id < b.id ? -1 : 1))
  const wide = sorted.filter(({ offset }) => offset >= 0x80000000)
  const count = sorted.length
  const index = Buffer.alloc(8 + 1024 + count * 28 + wide.length * 8)
  index.writeUInt32BE(0xff744f63, 0)
  index.writeUInt32BE(2, 4)
  let wideAt = 0
  sorted.forEach(({ id, offset, crc }, i) => {
    for (let byte = Number.parseInt(id.slice(0, 2), 16); byte < 256; byte++) {
      const at = 8 + byte * 4
      index.writeUInt32BE(index.readUInt32BE(at) + 1, at)
    }
    index.write(id, 1032 + i * 20, 'hex')
    index.writeUInt32BE(crc, 1032 + count * 20 + i * 4)
    const isWide = offset >= 0x80000000
    index.writeUInt32BE(isWide ? 0x80000000 + wideAt : offset, 1032 + count * 24 + i * 4)
    if (isWide) index.writeBigUInt64BE(BigInt(offset), 1032 + count * 28 + wideAt++ * 8)
  })
  return withTrailer([index, packSum])
}
