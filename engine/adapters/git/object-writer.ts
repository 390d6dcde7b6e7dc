// Writes objects durably: one alone as a loose file, more as one pack. Objects that exist are not written again.
// Nothing refers to them yet, so a crash leaves at most objects that `git gc` removes, and temporary files.
import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { errorCode, makeFolder, removeQuietly, syncFolder, writeFlushed } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import { systemHint } from '../../base/system-fault.ts'
import type { ObjectId } from '../../world.ts'
import { looseFile } from './loose-objects.ts'
import { type GitObject, withHeader } from './object-id.ts'
import type { ObjectStore } from './object-store.ts'
import { DEFLATE_LEVEL, writePack } from './pack-writer.ts'

/**
 * Up to here loose files, above it a pack: a pack costs three flushes and two files however many objects it holds, a loose
 * object two flushes and a block of the disk. Folding keeps the packs few (fold-packs.ts).
 */
const LOOSE_LIMIT = 1

/** All are on disk when it returns. Faults `git/cannot-write` (full disk, no right to write). */
export function writeObjects(store: ObjectStore, objects: ReadonlyMap<ObjectId, GitObject>, packMarks: string): void {
  const lacking = new Map([...objects].filter(([id]) => !store.hasNow(id)))
  if (lacking.size === 0) return
  try {
    if (lacking.size > LOOSE_LIMIT) {
      writePack(store.objectsDir, lacking, packMarks)
      store.refresh()
    } else {
      writeLoose(store.objectsDir, lacking)
    }
  } catch (cause) {
    throw cannotWrite(store.objectsDir, cause)
  }
}

let made = 0

function writeLoose(objectsDir: string, objects: ReadonlyMap<ObjectId, GitObject>): void {
  const folders = new Set<string>()
  for (const [id, { kind, content }] of objects) {
    const temporary = join(objectsDir, `tmp_obj_${process.pid}_${made++}`)
    const target = looseFile(objectsDir, id)
    const folder = join(objectsDir, id.slice(0, 2))
    try {
      writeFlushed(temporary, deflateSync(withHeader(kind, content), { level: DEFLATE_LEVEL }), 0o444)
      if (!existsSync(folder)) makeFolder(folder)
      renameSync(temporary, target)
    } catch (error) {
      removeQuietly(temporary)
      throw error
    }
    folders.add(folder)
  }
  for (const folder of folders) syncFolder(folder)
}

/**
 * What failed while writing, as a fault that names the place; a fault, and what is no failure of the system, as it
 * is.
 */
export function cannotWrite(where: string, cause: unknown): unknown {
  const code = errorCode(cause)
  if (code === '' || cause instanceof Fault) return cause
  return new Fault('git/cannot-write', `cannot write to \`${where}\` (${code})`, systemHint(code), {
    cause,
  })
}
