// Loose objects: one deflated file each under `objects/ab/cdef…`. https://git-scm.com/docs/gitrepository-layout
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { constants, inflateSync } from 'node:zlib'
import { isAbsent } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import type { ObjectId } from '../../world.ts'
import { MAX_SIZE } from './delta.ts'
import type { GitObject, ObjectKind } from './object-id.ts'
import { readWholeFile, tooLarge, unreadableFile } from './plain-file.ts'

const KINDS = new Set<string>(['commit', 'tree', 'blob', 'tag'])

/** Where a loose object lies, whether or not it is there. */
export function looseFile(objectsDir: string, id: ObjectId): string {
  return join(objectsDir, id.slice(0, 2), id.slice(2))
}

/** Null where there is no such file. Faults `git/damaged-object` where it cannot be inflated, `git/too-large`. */
export function readLoose(objectsDir: string, id: ObjectId): GitObject | null {
  const path = looseFile(objectsDir, id)
  let file: Buffer
  try {
    file = readWholeFile(path, MAX_SIZE)
  } catch (error) {
    if (isAbsent(error)) return null
    throw error instanceof Fault ? error : unreadableFile(path, error)
  }
  try {
    const whole = inflateSync(file, { maxOutputLength: mostInflated(file, path) })
    const { kind, size, end } = readHeader(whole)
    if (KINDS.has(kind) && size === String(whole.length - end)) {
      return { kind: kind as ObjectKind, content: whole.subarray(end) }
    }
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    throw damagedObject(id, path, cause)
  }
  throw damagedObject(id, path)
}

/** Up to here, a file cannot inflate to more than 16 MiB: deflate gains at most a factor of 1032. */
const SURELY_SMALL = 16 << 10

/** Holds the header of any object: before its first byte stands at most the table of its codes, about 300 bytes. */
const HEAD_BYTES = 4 << 10

/** Bytes that an honest object has: of a large file its header is looked at first, so that no bomb goes off. */
function mostInflated(file: Buffer, path: string): number {
  if (file.length <= SURELY_SMALL) return MAX_SIZE
  const { size, end } = readHeader(inflateSync(file.subarray(0, HEAD_BYTES), { finishFlush: constants.Z_SYNC_FLUSH }))
  if (!/^\d{1,15}$/.test(size)) return 1
  if (Number(size) > MAX_SIZE) throw tooLarge(path, Number(size))
  return end + Number(size) + 1
}

/** `<kind> <size>` NUL; `end` is where the content begins. */
function readHeader(bytes: Buffer): { readonly kind: string; readonly size: string; readonly end: number } {
  const nul = bytes.indexOf(0)
  const [kind = '', size = ''] = bytes.toString('latin1', 0, Math.min(Math.max(nul, 0), 32)).split(' ')
  return { kind, size, end: nul + 1 }
}

/** The fault for an object whose bytes are not what its id says. */
export function damagedObject(id: ObjectId, where: string, cause?: unknown): Fault {
  return new Fault(
    'git/damaged-object',
    `object \`${id}\` is damaged (\`${where}\`)`,
    'run `git fsck`; fetch the object again from another copy of the repository',
    { cause },
  )
}

/** Ids of loose objects that begin with at least two hex digits. */
export function looseIdsWith(objectsDir: string, prefix: string): ObjectId[] {
  return listNames(join(objectsDir, prefix.slice(0, 2)))
    .map((name) => prefix.slice(0, 2) + name)
    .filter((id) => id.startsWith(prefix) && /^[0-9a-f]{40}$/.test(id))
}

/** The names in a folder, sorted; empty where it is absent. Faults `git/unreadable`. */
export function listNames(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    if (isAbsent(error)) return []
    throw unreadableFile(folder, error)
  }
}
