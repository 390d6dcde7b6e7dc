// Upkeep: keeps a long history small and quick without `git gc`. What runs write lies in small packs of whole objects;
// when these weigh too much beside the rest, they and the folded packs of their size become one pack of deltas. Packs that
// have grown large are only joined, byte by byte, and very large ones are left alone: so a fold's work is bounded whatever
// the history, and an object is folded a few times in its life (geometric sizes, as `git repack --geometric`).
// Only packs that are marked as ours are touched. What is folded is removed after the new pack is on disk; a reader that
// misses an object looks for new packs.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { removeQuietly, syncFolder } from '../../base/durable-files.ts'
import { type FileLock, lockFile } from '../../base/lock-file.ts'
import type { ObjectId } from '../../world.ts'
import { orderForDeltas, writeFoldedPack } from './folded-pack.ts'
import { joinPacks } from './join-packs.ts'
import { listNames, looseFile } from './loose-objects.ts'
import { BLOCK_BYTES, FOLDED, type OwnPack, ownPacks, removePack } from './own-packs.ts'
import type { PackFile } from './pack-file.ts'
import type { Parts } from './parts.ts'
import { claimsFolder } from './ref-update.ts'

/** New packs that may wait; with the folded ones they stay below Git's own 50 (`gc.autoPackLimit`). */
const MAX_NEW_PACKS = 20
/** New bytes are folded above this part of all bytes, so that `.git` stays well within twice its folded size … */
const NEW_PART = 1 / 4
/** … but a few are not worth a fold, and many are folded in any case: the more, the longer the fold. */
const NEW_BYTES = { few: 192 << 10, many: 4 << 20 }
/** A folded pack of this size is deltified no more: what its first versions cost is then a few per cent of it. */
const GROWN_BYTES = 1 << 20
/** Above, a pack is left to `git gc`, which streams. */
const LARGE_BYTES = 32 << 20
/** Grown packs of about one size that are joined at a time. */
const JOINED_AT_LEAST = 4
/** Loose objects are counted in one of 16 folders, and at most so many are folded at a time. */
const SAMPLED = /^.7$/
const MAX_LOOSE = 4000
/** Deltas make packs smaller; by how much at least is guessed. */
const SHRINKS_BY = 4

/** How many packs and loose objects were folded; 0 where there is too little to fold, or anything stands in the way. */
export function foldPacks(parts: Parts): number {
  const { objectsDir } = parts.objects
  if (existsSync(join(objectsDir, 'pack/multi-pack-index'))) return 0
  let lock: FileLock | null = null
  try {
    const plan = planFold(parts)
    if (plan === null) return 0
    lock = lockFile(join(parts.repository.commonDir, 'tutela/fold'), {
      name: 'the folding of packs',
      claims: claimsFolder(parts.refs),
      waitMs: 0,
    })
    return carryOut(parts, plan)
  } catch {
    // Nothing depends on it, and the next run tries again.
    return 0
  } finally {
    lock?.release()
  }
}

interface FoldPlan {
  readonly packs: readonly OwnPack[]
  readonly withLoose: boolean
  readonly how: 'deltify' | 'join'
}

function planFold(parts: Parts): FoldPlan | null {
  const { own, allBytes } = ownPacks(parts)
  const loose = estimateLoose(parts.objects.objectsDir)
  const isNew = ({ isFolded, bytes }: OwnPack) => !isFolded && bytes <= LARGE_BYTES
  const fresh = own.filter(isNew)
  const newBytes = sumOf(fresh) + loose * BLOCK_BYTES
  const limit = Math.min(NEW_BYTES.many, Math.max(NEW_BYTES.few, allBytes * NEW_PART))
  if (fresh.length > MAX_NEW_PACKS || newBytes > limit) {
    const grown = own.filter(({ isFolded, bytes }) => isFolded && bytes < GROWN_BYTES)
    const packs = [...fresh, ...withGeometricSizes(grown, newBytes / SHRINKS_BY, GROWN_BYTES * 2)]
    return { packs, withLoose: loose > 0, how: 'deltify' }
  }
  const grown = own.filter(({ isFolded, bytes }) => isFolded && bytes >= GROWN_BYTES)
  const packs = withGeometricSizes(grown, 0, LARGE_BYTES)
  return packs.length >= JOINED_AT_LEAST ? { packs, withLoose: false, how: 'join' } : null
}

/** From the smallest up while each is at most twice what is taken so far. */
function withGeometricSizes(packs: readonly OwnPack[], start: number, most: number): OwnPack[] {
  const taken: OwnPack[] = []
  let sum = start
  for (const one of packs) {
    if ((sum > 0 && one.bytes > 2 * sum) || sum + one.bytes > most) break
    taken.push(one)
    sum += one.bytes
  }
  return taken
}

function carryOut(parts: Parts, { packs, withLoose, how }: FoldPlan): number {
  const { objects } = parts
  const sources = packs.map(({ pack }) => pack)
  const mark = { folder: parts.packMarks, text: FOLDED }
  const loose = withLoose ? looseIds(objects.objectsDir) : []
  const joined = how === 'join' ? joinPacks(objects.objectsDir, sources, mark) : null
  const made = joined ?? deltify(parts, sources, loose)
  if (made === null) return 0
  objects.refresh()
  for (const pack of sources) if (pack.path !== made) removePack(parts, pack)
  for (const id of loose) removeQuietly(looseFile(objects.objectsDir, id))
  syncFolder(join(objects.objectsDir, 'pack'))
  objects.refresh()
  return packs.length + loose.length
}

/** Null where there is nothing to fold. */
function deltify(parts: Parts, packs: readonly PackFile[], loose: readonly ObjectId[]): string | null {
  const ids = new Set<ObjectId>()
  for (const { index } of packs) for (const i of byOffset(index)) ids.add(index.idAt(i))
  for (const id of loose) ids.add(id)
  if (ids.size === 0) return null
  const mark = { folder: parts.packMarks, text: FOLDED }
  return writeFoldedPack(parts.objects, orderForDeltas(parts.objects, ids), mark)
}

/** Neighbours in a pack share bases, so reading in its order is quick. */
function byOffset(index: PackFile['index']): number[] {
  const offsets = Array.from({ length: index.count }, (_, i) => index.offsetAt(i))
  return [...offsets.keys()].sort((a, b) => (offsets[a] ?? 0) - (offsets[b] ?? 0))
}

function sumOf(packs: readonly OwnPack[]): number {
  return packs.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** `git gc --auto` looks into one folder of the 256; so small a sample tells a thousand from none, no less. */
function estimateLoose(objectsDir: string): number {
  const folders = listNames(objectsDir).filter((name) => /^[0-9a-f]{2}$/.test(name) && SAMPLED.test(name))
  return 16 * folders.reduce((sum, folder) => sum + listNames(join(objectsDir, folder)).length, 0)
}

function looseIds(objectsDir: string): ObjectId[] {
  return readdirSync(objectsDir)
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .sort()
    .flatMap((folder) => listNames(join(objectsDir, folder)).map((name) => folder + name))
    .filter((id) => /^[0-9a-f]{40}$/.test(id))
    .slice(0, MAX_LOOSE)
}
