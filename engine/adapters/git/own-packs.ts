// The packs that this program made, as the folding of packs sees them. A file of the pack's name in `tutela/packs` says
// that it is ours: empty for one as it was written, `folded` for one that is made of others.
import { existsSync, readFileSync, statSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { removeQuietly } from '../../base/durable-files.ts'
import { listNames } from './loose-objects.ts'
import type { PackFile } from './pack-file.ts'
import type { Parts } from './parts.ts'

/** A pack that a run or a fold wrote: `git gc` owns the others. */
export interface OwnPack {
  readonly pack: PackFile
  /** With its index, as a disk holds them. */
  readonly bytes: number
  readonly isFolded: boolean
}

/** How packs that were folded from others are marked. */
export const FOLDED = 'folded\n'

/** Those that may be folded, smallest first, and the bytes of all packs. Marks without a pack (after `git gc`) are removed on the way. */
export function ownPacks({ objects, packMarks }: Parts): { readonly own: OwnPack[]; readonly allBytes: number } {
  objects.refresh()
  const here = objects.packs().filter(({ path }) => path.startsWith(join(objects.objectsDir, 'pack')))
  const marks = new Set(listNames(packMarks))
  const names = new Set(here.map(nameOf))
  for (const mark of marks) if (!names.has(mark)) removeQuietly(join(packMarks, mark))
  const own: OwnPack[] = []
  let allBytes = 0
  for (const pack of here) {
    const bytes = onDisk(statSync(pack.path).size) + onDisk(1072 + pack.index.count * 28)
    allBytes += bytes
    if (!marks.has(nameOf(pack)) || isKept(pack)) continue
    own.push({ pack, bytes, isFolded: readFileSync(join(packMarks, nameOf(pack)), 'utf8') === FOLDED })
  }
  return { own: own.sort((a, b) => a.bytes - b.bytes), allBytes }
}

/** Files take whole blocks: for small ones that is most of what they cost. */
export const BLOCK_BYTES = 4096

function onDisk(size: number): number {
  return Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES
}

function isKept({ path }: PackFile): boolean {
  return ['.keep', '.promisor'].some((extension) => existsSync(path.replace(/\.pack$/, extension)))
}

/** `pack-<hash>`, without folder and ending. */
export function nameOf({ path }: PackFile): string {
  return path.slice(path.lastIndexOf('pack-'), -'.pack'.length)
}

/** The index first: a pack without one is not there for anybody. */
export function removePack({ packMarks }: Parts, pack: PackFile): void {
  const stem = pack.path.slice(0, -'.pack'.length)
  unlinkSync(`${stem}.idx`)
  for (const extension of ['pack', 'rev', 'bitmap']) removeQuietly(`${stem}.${extension}`)
  removeQuietly(join(packMarks, nameOf(pack)))
}
