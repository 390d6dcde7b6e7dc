// The remote of a repository as a GitRemote: fetched refs land in `refs/tutela-remote/`, pushes are compare-and-swap.
import { Fault } from '../../base/fault.ts'
import type { GitRemote, ObjectId } from '../../world.ts'
import { copyObjects, type OpenParts, openFolderRemote, pushToFolder } from './folder-remote.ts'
import { fetchHttp, listHttp, pushHttp } from './http-remote.ts'
import type { Parts } from './parts.ts'
import { isRefName } from './ref-name.ts'
import { updateRef } from './ref-update.ts'
import { chooseRemote, type RemotePlace } from './remote-url.ts'

/** Null where the configuration names none. `open` is for a remote in a folder. */
export function openRemote(parts: Parts, open: OpenParts): GitRemote | null {
  const choice = chooseRemote(parts)
  if (choice === null) return null
  const { name, url, fetch, push } = choice
  return {
    name,
    url,
    fetch: async (patterns) => {
      const wanted = await bring(parts, fetch, patterns, open)
      trackRefs(parts, patterns, wanted)
      return wanted
    },
    push: async (updates) => {
      if (updates.length === 0) return true
      if (push.kind === 'http') return await pushHttp(parts, push, updates)
      return pushToFolder(parts, openFolderRemote(push.folder, open), updates)
    },
  }
}

/** The remote's refs that match, with their objects here. */
async function bring(
  parts: Parts,
  place: RemotePlace,
  patterns: readonly string[],
  open: OpenParts,
): Promise<ReadonlyMap<string, ObjectId>> {
  if (place.kind === 'http') {
    const wanted = matching(await listHttp(parts, place), patterns)
    await fetchHttp(parts, place, [...wanted.values()])
    return wanted
  }
  const theirs = openFolderRemote(place.folder, open)
  const wanted = matching(new Map(theirs.refs.list('refs/').map(({ ref, id }) => [ref, id])), patterns)
  copyObjects(theirs, parts, wanted.values())
  return wanted
}

function matching(refs: ReadonlyMap<string, ObjectId>, patterns: readonly string[]): Map<string, ObjectId> {
  return new Map([...refs].filter(([ref]) => isRefName(ref) && patterns.some((pattern) => matches(pattern, ref))))
}

function matches(pattern: string, ref: string): boolean {
  return pattern.endsWith('*') ? ref.startsWith(pattern.slice(0, -1)) : ref === pattern
}

const TRACKED = 'refs/tutela-remote/'

/** Also forgets what the remote no longer has. */
function trackRefs(parts: Parts, patterns: readonly string[], remote: ReadonlyMap<string, ObjectId>): void {
  const known = new Map(parts.refs.list(TRACKED).map(({ ref, id }) => [ref, id]))
  const wanted = new Map([...remote].map(([ref, id]) => [TRACKED + ref.slice('refs/'.length), id]))
  for (const ref of known.keys()) {
    const isAsked = patterns.some((pattern) => matches(pattern, `refs/${ref.slice(TRACKED.length)}`))
    if (isAsked && !wanted.has(ref)) move(parts, ref, known.get(ref) ?? null, null)
  }
  for (const [ref, id] of wanted) if (known.get(ref) !== id) move(parts, ref, known.get(ref) ?? null, id)
}

function move(parts: Parts, ref: string, expect: ObjectId | null, to: ObjectId | null): void {
  if (updateRef(parts, { ref, expect, to })) return
  // Another fetch was faster. Its answer is as good if it is the same one.
  if (parts.refs.idOf(ref) === to) return
  throw new Fault('git/moved', `\`${ref}\` was moved by another process`, 'run again')
}
