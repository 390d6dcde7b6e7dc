// One pack of deltas from many objects: objects of one kind and place stand together, and each is tried as a delta of its
// neighbours. The method is Git's (https://github.com/git/git/blob/v2.47.0/Documentation/technical/pack-heuristics.txt).
import { crc32, deflateSync } from 'node:zlib'
import { compareText } from '../../base/order.ts'
import type { ObjectId } from '../../world.ts'
import { parseCommit } from './commit-object.ts'
import { DeltaBase, makeDelta } from './delta-encode.ts'
import type { GitObject, ObjectKind } from './object-id.ts'
import type { ObjectStore } from './object-store.ts'
import { entryHead, installPack, type PackedObject, packHeader, TYPES, withTrailer } from './pack-writer.ts'
import { isFolder, parseTree } from './tree-object.ts'

const WINDOW = 4
const MAX_CHAIN = 50
const OFS_DELTA = 6
/** Below, a delta saves nothing; above, it takes too long. */
const DELTA_SIZES = { smallest: 64, largest: 8 << 20 }

/** Ids in the order of the pack: commits, then trees and blobs by place, the largest of a place first. */
export function orderForDeltas(objects: ObjectStore, ids: ReadonlySet<ObjectId>): ObjectId[] {
  const found: { readonly id: ObjectId; readonly kind: ObjectKind; readonly size: number; readonly at: number }[] = []
  const trees = new Map<ObjectId, Buffer>()
  const roots: ObjectId[] = []
  for (const id of ids) {
    const { kind, content } = take(objects, id)
    if (kind === 'tree') trees.set(id, content)
    if (kind === 'commit') roots.push(parseCommit(id, content).tree)
    const at = kind === 'commit' ? -parseCommit(id, content).committer.at : 0
    found.push({ id, kind, size: content.length, at })
  }
  const places = placesOf(roots, trees)
  const rank: Readonly<Record<ObjectKind, number>> = { commit: 0, tag: 1, tree: 2, blob: 3 }
  const placeOf = (id: ObjectId): string => places.get(id) ?? ''
  found.sort(
    (a, b) =>
      rank[a.kind] - rank[b.kind] ||
      a.at - b.at ||
      compareText(placeOf(a.id), placeOf(b.id)) ||
      b.size - a.size ||
      compareText(a.id, b.id),
  )
  return found.map(({ id }) => id)
}

/** Where each object stands, with numbers and ids in the path as `#`: `reports/#/#/run.json` gathers all runs. */
function placesOf(roots: readonly ObjectId[], trees: ReadonlyMap<ObjectId, Buffer>): Map<ObjectId, string> {
  const places = new Map<ObjectId, string>()
  const visit = (id: ObjectId, place: string): void => {
    if (places.has(id)) return
    places.set(id, place)
    const content = trees.get(id)
    if (content === undefined) return
    for (const entry of parseTree(content, id)) {
      const name = entry.name.replace(/[0-9a-f]{8,}|\d+/g, '#')
      if (isFolder(entry)) visit(entry.id, `${place}/${name}`)
      else if (!places.has(entry.id)) places.set(entry.id, `${place}/${name}`)
    }
  }
  for (const root of roots) visit(root, '')
  return places
}

interface Candidate extends GitObject {
  readonly base: DeltaBase
  readonly offset: number
  readonly chain: number
}

/** Durable when it returns; the pack's path. */
export function writeFoldedPack(
  objects: ObjectStore,
  ids: readonly ObjectId[],
  mark: { readonly folder: string; readonly text: string },
): string {
  const pieces = [packHeader(ids.length)]
  const entries: PackedObject[] = []
  const window: Candidate[] = []
  let offset = 12
  for (const id of ids) {
    const object = take(objects, id)
    const best = bestDelta(window, object)
    const head = best === null ? entryHead(TYPES[object.kind], object.content.length) : deltaHead(best, offset)
    const data = deflateSync(best?.delta ?? object.content)
    entries.push({ id, offset, crc: crc32(data, crc32(head)) })
    pieces.push(head, data)
    window.push({
      ...object,
      base: new DeltaBase(object.content),
      offset,
      chain: best === null ? 0 : best.base.chain + 1,
    })
    if (window.length > WINDOW) window.shift()
    offset += head.length + data.length
  }
  return installPack(objects.objectsDir, withTrailer(pieces), entries, mark)
}

interface Best {
  readonly base: Candidate
  readonly delta: Buffer
}

/** The shortest delta against the neighbours before it; null where the object alone is as good. */
function bestDelta(window: readonly Candidate[], { kind, content }: GitObject): Best | null {
  if (content.length < DELTA_SIZES.smallest || content.length > DELTA_SIZES.largest) return null
  let best: Best | null = null
  for (let i = window.length - 1; i >= 0; i--) {
    const base = window[i]
    if (base === undefined || base.kind !== kind || base.chain >= MAX_CHAIN) continue
    if (base.content.length > DELTA_SIZES.largest || base.content.length > content.length * 32) continue
    const limit: number = best === null ? Math.floor(content.length / 2) : best.delta.length - 1
    const delta = makeDelta(base.base, content, limit)
    if (delta !== null) best = { base, delta }
  }
  return best
}

/** https://git-scm.com/docs/pack-format#_pack_pack_files_have_the_following_format: offsets in 7 bits, each but the last plus one. */
function deltaHead({ base, delta }: Best, offset: number): Buffer {
  let back = offset - base.offset
  const bytes = [back & 127]
  for (back = Math.floor(back / 128); back > 0; back = Math.floor(back / 128)) bytes.unshift(128 | (--back & 127))
  return Buffer.concat([entryHead(OFS_DELTA, delta.length), Buffer.from(bytes)])
}

function take(objects: ObjectStore, id: ObjectId): GitObject {
  const object = objects.find(id)
  if (object === null) throw objects.lackingFault(id, 'blob')
  return object
}
