// From what a person writes (a ref, a branch, a tag, an abbreviated id, `HEAD~2`) to a commit.
// The order of places is Git's: https://git-scm.com/docs/gitrevisions
import { Fault } from '../../base/fault.ts'
import type { ObjectId } from '../../world.ts'
import { parseCommit, parseTag } from './commit-object.ts'
import { isObjectId } from './object-id.ts'
import type { ObjectStore } from './object-store.ts'
import { isRefName } from './ref-name.ts'
import type { RefStore } from './ref-store.ts'

const PLACES: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => `refs/${name}`,
  (name) => `refs/tags/${name}`,
  (name) => `refs/heads/${name}`,
  (name) => `refs/remotes/${name}`,
  (name) => `refs/remotes/${name}/HEAD`,
]

/** Null where nothing of that name is a commit. Faults `git/ambiguous-id`, `git/lacking-object`. */
export function resolveCommit(refs: RefStore, objects: ObjectStore, name: string): ObjectId | null {
  const match = /^(.*?)((?:~\d*|\^\d*)*)$/.exec(name)
  let at = resolveName(refs, objects, match?.[1] ?? name)
  for (const [, sign, digits] of (match?.[2] ?? '').matchAll(/([~^])(\d*)/g)) {
    const count = digits === '' ? 1 : Number(digits)
    for (let i = 0; at !== null && sign === '~' && i < count; i++) at = parentOf(objects, at, 1)
    if (at !== null && sign === '^' && count > 0) at = parentOf(objects, at, count)
  }
  return at
}

function resolveName(refs: RefStore, objects: ObjectStore, name: string): ObjectId | null {
  if (name === 'HEAD' || name === '@') {
    const id = refs.idOf('HEAD')
    return id === null ? null : peel(objects, id, 'HEAD')
  }
  if (isObjectId(name)) return objects.has(name) ? peel(objects, name, name) : null
  for (const place of PLACES) {
    const ref = place(name)
    if (!isRefName(ref)) continue
    const id = refs.idOf(ref)
    if (id !== null) return peel(objects, id, ref)
  }
  return /^[0-9a-f]{4,39}$/i.test(name) ? resolveAbbreviated(objects, name.toLowerCase()) : null
}

function resolveAbbreviated(objects: ObjectStore, prefix: string): ObjectId | null {
  const commits = new Set(objects.idsWith(prefix).flatMap((id) => peel(objects, id, id) ?? []))
  if (commits.size <= 1) return [...commits][0] ?? null
  throw new Fault(
    'git/ambiguous-id',
    `\`${prefix}\` is the beginning of ${commits.size} commits: ${[...commits].slice(0, 5).join(', ')}`,
    'give more digits',
  )
}

/** Through annotated tags to a commit; null where it ends at a tree or blob. */
function peel(objects: ObjectStore, id: ObjectId, name: string): ObjectId | null {
  for (let at = id, steps = 0; steps < 16; steps++) {
    const object = objects.find(at)
    if (object === null) throw objects.lackingFault(at, 'commit', name)
    if (object.kind === 'commit') return at
    if (object.kind !== 'tag') return null
    at = parseTag(at, object.content)
  }
  return null
}

function parentOf(objects: ObjectStore, id: ObjectId, number: number): ObjectId | null {
  return parseCommit(id, objects.read(id, 'commit')).parents[number - 1] ?? null
}
