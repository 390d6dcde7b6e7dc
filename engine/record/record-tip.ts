// Where the record branch stands as this clone has it: its own branch, else what was last fetched of it. A checkout that a
// machine makes has no branches of its own, and a gate without the recorded measurements would judge on other facts.
import { Fault } from '../base/fault.ts'
import { compareText } from '../base/order.ts'
import type { GitStore, ObjectId } from '../world.ts'

/** `ref`: the full name. Null where this clone has nothing of it. */
export function recordTip(store: GitStore, ref: string): ObjectId | null {
  const own = store.resolve(ref)
  if (own !== null || !ref.startsWith(HEADS)) return own
  const branch = ref.slice(HEADS.length)
  const remotes = [remoteName(store) ?? '', 'origin']
  const places = remotes.filter((name) => name !== '').map((name) => `${REMOTES}${name}/${branch}`)
  const others = store
    .listRefs(REMOTES)
    .map((one) => one.ref)
    .filter((name) => name.endsWith(`/${branch}`))
    .sort(compareText)
  // `tutela` itself fetches there.
  for (const place of [...places, ...others, `refs/tutela-remote/heads/${branch}`]) {
    const found = store.resolve(place)
    if (found !== null) return found
  }
  return null
}

/**
 * As `recordTip`, for who must not decide without it. Null where there can be none yet: no remote, and no run. Faults
 * `record/not-here`.
 */
export function requireRecordTip(store: GitStore, ref: string): ObjectId | null {
  const tip = recordTip(store, ref)
  const remote = remoteName(store)
  if (tip !== null || (remote === null && store.listRefs('refs/tutela/').length === 0)) return tip
  const short = ref.startsWith(HEADS) ? ref.slice(HEADS.length) : ref
  const from = remote ?? 'origin'
  const to = short === ref ? ref : `${REMOTES}${from}/${short}`
  throw new Fault(
    'record/not-here',
    `\`${short}\`, where runs commit and measurements may stand, is not in this clone, so nothing can be judged by them`,
    `\`git fetch ${from} '+${ref}:${to}'\`; where no run has been yet, \`tutela run\` begins it`,
  )
}

const HEADS = 'refs/heads/'
const REMOTES = 'refs/remotes/'

/** Also of a remote that only Git can reach. */
function remoteName(store: GitStore): string | null {
  try {
    const remote = store.remote()
    if (remote !== null) return remote.name
  } catch (error) {
    if (!(error instanceof Fault)) throw error
  }
  return store.config('remote.origin.url') === null ? null : 'origin'
}
