// Loose objects: one deflated file each under `objects/ab/cdef…`. https://git-scm.com/docs/gitrepository-layout
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { isAbsent } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import type { ObjectId } from '../../world.ts'
import { MAX_SIZE } from './delta.ts'
import type { GitObject, ObjectKind } from './object-id.ts'
import { unreadableFile } from './plain-file.ts'

const KINDS = new Set<string>(['commit', 'tree', 'blob', 'tag'])

export function looseFile(objectsDir: string, id: ObjectId): string {
  return join(objectsDir, id.slice(0, 2), id.slice(2))
}

/** Null where there is no such file. Faults `git/damaged-object` where it cannot be inflated. */
export function readLoose(objectsDir: string, id: ObjectId): GitObject | null {
  const path = looseFile(objectsDir, id)
  let file: Buffer
  try {
    file = readFileSync(path)
  } catch (error) {
    if (isAbsent(error)) return null
    throw unreadableFile(path, error)
  }
  try {
    const whole = inflateSync(file, { maxOutputLength: MAX_SIZE })
    const end = whole.indexOf(0)
    const [kind = '', size = ''] = whole.toString('latin1', 0, Math.max(end, 0)).split(' ')
    if (KINDS.has(kind) && size === String(whole.length - end - 1)) {
      return { kind: kind as ObjectKind, content: whole.subarray(end + 1) }
    }
  } catch (cause) {
    throw damagedObject(id, path, cause)
  }
  throw damagedObject(id, path)
}

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

export function listNames(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    if (isAbsent(error)) return []
    throw unreadableFile(folder, error)
  }
}
