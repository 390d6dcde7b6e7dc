// Upkeep: folds the packs that runs made, and loose objects when there are many, into one pack of deltas, so that a long
// history stays small and quick without `git gc`. Only packs that are marked as ours are touched. What is folded is
// removed after the new pack is on disk; a reader that misses an object looks for new packs.
import { existsSync, readdirSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { removeQuietly, syncFolder } from '../../base/durable-files.ts'
import { type FileLock, lockFile } from '../../base/lock-file.ts'
import type { ObjectId } from '../../world.ts'
import { orderForDeltas, writeFoldedPack } from './folded-pack.ts'
import { listNames, looseFile } from './loose-objects.ts'
import type { PackFile } from './pack-file.ts'
import type { Parts } from './parts.ts'
import { claimsFolder } from './ref-update.ts'

const MAX_PACKS = 40
/** In one of the 256 folders of loose objects, as `git gc --auto` estimates; so about 1,000 in all. */
const MAX_LOOSE_SAMPLE = 3
const SAMPLE_FOLDER = '17'
/** Larger packs are left to `git gc`, which streams. */
const MAX_PACK_BYTES = 256 << 20

/** How many packs and loose objects were folded; 0 where there is too little to fold, or anything stands in the way. */
export function foldPacks(parts: Parts): number {
  const { objectsDir } = parts.objects
  const own = ownPacks(parts)
  const loose = listNames(join(objectsDir, SAMPLE_FOLDER)).length > MAX_LOOSE_SAMPLE ? looseIds(objectsDir) : []
  if (own.length <= MAX_PACKS && loose.length === 0) return 0
  if (existsSync(join(objectsDir, 'pack/multi-pack-index'))) return 0
  let lock: FileLock | null = null
  try {
    lock = lockFile(join(parts.repository.commonDir, 'tutela/fold'), {
      name: 'the folding of packs',
      claims: claimsFolder(parts.refs),
      waitMs: 0,
    })
    return fold(parts, chooseSmall(own, loose.length), loose)
  } catch {
    // Nothing depends on it, and the next run tries again.
    return 0
  } finally {
    lock?.release()
  }
}

function fold(parts: Parts, packs: readonly PackFile[], loose: readonly ObjectId[]): number {
  const ids = new Set(loose)
  for (const { index } of packs) for (let i = 0; i < index.count; i++) ids.add(index.idAt(i))
  if (ids.size === 0) return 0
  const made = writeFoldedPack(parts.objects, orderForDeltas(parts.objects, ids), parts.packMarks)
  parts.objects.refresh()
  for (const pack of packs) if (pack.path !== made) removePack(parts, pack)
  for (const id of loose) removeQuietly(looseFile(parts.objects.objectsDir, id))
  syncFolder(join(parts.objects.objectsDir, 'pack'))
  parts.objects.refresh()
  return packs.length + loose.length
}

/** From the smallest up while each is less than twice what is folded so far: every object is folded few times in its life. */
function chooseSmall(packs: readonly PackFile[], looseCount: number): PackFile[] {
  const chosen: PackFile[] = []
  let sum = looseCount
  for (const pack of [...packs].sort((a, b) => a.index.count - b.index.count)) {
    if (chosen.length > 0 && pack.index.count > 2 * sum && packs.length - chosen.length < MAX_PACKS) break
    chosen.push(pack)
    sum += pack.index.count
  }
  return chosen.length > 1 || looseCount > 0 ? chosen : []
}

/** Marks without a pack (after `git gc`) are removed on the way. */
function ownPacks({ objects, packMarks }: Parts): PackFile[] {
  const marks = new Set(listNames(packMarks))
  if (marks.size === 0) return []
  objects.refresh()
  const packs = objects.packs().filter(({ path }) => path.startsWith(join(objects.objectsDir, 'pack')))
  const names = new Set(packs.map(nameOf))
  for (const mark of marks) if (!names.has(mark)) removeQuietly(join(packMarks, mark))
  return packs.filter((pack) => {
    const isKept = ['.keep', '.promisor'].some((extension) => existsSync(pack.path.replace(/\.pack$/, extension)))
    return marks.has(nameOf(pack)) && !isKept && statSync(pack.path).size <= MAX_PACK_BYTES
  })
}

function nameOf({ path }: PackFile): string {
  return path.slice(path.lastIndexOf('pack-'), -'.pack'.length)
}

/** The index first: a pack without one is not there for anybody. */
function removePack({ packMarks }: Parts, pack: PackFile): void {
  const stem = pack.path.slice(0, -'.pack'.length)
  unlinkSync(`${stem}.idx`)
  for (const extension of ['pack', 'rev', 'bitmap']) removeQuietly(`${stem}.${extension}`)
  removeQuietly(join(packMarks, nameOf(pack)))
}

function looseIds(objectsDir: string): ObjectId[] {
  return readdirSync(objectsDir)
    .filter((name) => /^[0-9a-f]{2}$/.test(name))
    .flatMap((folder) => listNames(join(objectsDir, folder)).map((name) => folder + name))
    .filter((id) => /^[0-9a-f]{40}$/.test(id))
}
