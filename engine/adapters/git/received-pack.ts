// Puts a pack that came over the wire in place: every object is inflated, its deltas applied and its id computed here, so
// nothing a server claims is taken on trust. https://git-scm.com/docs/pack-format
import { hash } from 'node:crypto'
import { crc32, inflateSync } from 'node:zlib'
import { Fault } from '../../base/fault.ts'
import type { ObjectId } from '../../world.ts'
import { applyDelta, MAX_SIZE } from './delta.ts'
import { type GitObject, type ObjectKind, objectId } from './object-id.ts'
import { installPack, type PackedObject } from './pack-writer.ts'

const KINDS: readonly (ObjectKind | null)[] = [null, 'commit', 'tree', 'blob', 'tag']

/** Of bases whose deltas are not all applied yet, and of all objects: no honest pack comes near. */
const [MAX_HELD, MAX_BUILT] = [2 * MAX_SIZE, 128 * MAX_SIZE]

/** Faults `git/bad-pack`. A pack without objects is not kept; `marks` as in pack-writer.ts: it is folded with our own. */
export function installReceivedPack(objectsDir: string, pack: Buffer, marks: string): void {
  const count = checkEnvelope(pack)
  if (count > 0) installPack(objectsDir, pack, identify(pack, readEntries(pack, count)), { folder: marks, text: '' })
}

interface Entry {
  readonly offset: number
  readonly type: number
  readonly data: number
  readonly size: number
  readonly end: number
  readonly base: number | ObjectId | null
}

function checkEnvelope(pack: Buffer): number {
  if (pack.length < 32 || pack.toString('latin1', 0, 4) !== 'PACK' || pack.readUInt32BE(4) !== 2)
    throw badPack('no pack')
  if (hash('sha1', pack.subarray(0, -20), 'hex') !== pack.toString('hex', pack.length - 20)) throw badPack('checksum')
  return pack.readUInt32BE(8)
}

function readEntries(pack: Buffer, count: number): Entry[] {
  const entries: Entry[] = []
  for (let i = 0, at = 12; i < count; i++) {
    const entry = readEntry(pack, at)
    entries.push(entry)
    at = entry.end
  }
  if (entries.at(-1)?.end !== pack.length - 20) throw badPack('length')
  return entries
}

function readEntry(pack: Buffer, offset: number): Entry {
  let at = offset
  const next = (): number => pack[at++] ?? 0
  let byte = next()
  const type = (byte >> 4) & 7
  let size = byte & 15
  for (let scale = 16; byte >= 128 && at < pack.length; scale *= 128) {
    byte = next()
    size += (byte & 127) * scale
  }
  let base: number | ObjectId | null = null
  if (type === 6) {
    byte = next()
    let back = byte & 127
    while (byte >= 128 && at < pack.length) {
      byte = next()
      back = (back + 1) * 128 + (byte & 127)
    }
    base = offset - back
  } else if (type === 7) {
    base = pack.toString('hex', at, at + 20)
    at += 20
  }
  if (type === 0 || type === 5 || size > MAX_SIZE) throw badPack(`entry at byte ${offset}`)
  const { used } = inflate(pack, at, size)
  return { offset, type, data: at, size, end: at + used, base }
}

function inflate(pack: Buffer, at: number, size: number): { readonly bytes: Buffer; readonly used: number } {
  try {
    // With `info` the answer tells how much was read, which Node's types do not know.
    const result = inflateSync(pack.subarray(at, -20), {
      chunkSize: Math.max(64, Math.min(size + 16, 1 << 20)),
      maxOutputLength: size + 1,
      info: true,
    } as object) as unknown as { buffer: Buffer; engine: { bytesWritten: number } }
    if (result.buffer.length === size) return { bytes: result.buffer, used: result.engine.bytesWritten }
  } catch (cause) {
    throw badPack(`deflated data at byte ${at}`, cause)
  }
  throw badPack(`size at byte ${at}`)
}

/** An object, and the entries that are deltas of it and wait for their turn. */
interface Base {
  readonly object: GitObject
  readonly waiting: Entry[]
}

/** Ids of all entries: bases first, then what hangs on them, depth first, so that few objects are held at a time. */
function identify(pack: Buffer, entries: readonly Entry[]): PackedObject[] {
  const deltas = Map.groupBy(entries, ({ base }) => base)
  const done = new Map<number, PackedObject>()
  let built = 0
  const settle = (entry: Entry, object: GitObject): Base => {
    const id = objectId(object.kind, object.content)
    done.set(entry.offset, { id, offset: entry.offset, crc: crc32(pack.subarray(entry.offset, entry.end)) })
    built += object.content.length
    if (built > MAX_BUILT) throw badPack(`more than ${MAX_BUILT} bytes of objects`)
    return { object, waiting: [...(deltas.get(entry.offset) ?? []), ...(deltas.get(id) ?? [])] }
  }
  for (const entry of entries) {
    const kind = KINDS[entry.type]
    if (kind === undefined || kind === null) continue
    const path = [settle(entry, { kind, content: inflate(pack, entry.data, entry.size).bytes })]
    let held = entry.size
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const child = top.waiting.pop()
      // Nothing more hangs on it: it is let go of before its last child is built upon.
      if (top.waiting.length === 0) held -= path.pop()?.object.content.length ?? 0
      // A base that is in the pack twice has its deltas once.
      if (child === undefined || done.has(child.offset)) continue
      const content = applyDelta(top.object.content, inflate(pack, child.data, child.size).bytes)
      if (content === null) throw badPack(`delta at byte ${child.offset}`)
      path.push(settle(child, { kind, content }))
      held += content.length
      if (held > MAX_HELD) throw badPack(`more than ${MAX_HELD} bytes of bases at once`)
    }
  }
  if (done.size !== entries.length) throw badPack('deltas without base')
  return [...done.values()]
}

function badPack(what: string, cause?: unknown): Fault {
  return new Fault(
    'git/bad-pack',
    `the remote sent a pack that cannot be read (${what})`,
    'run again; if it stays, ask who keeps the remote',
    {
      cause,
    },
  )
}
