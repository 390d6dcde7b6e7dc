// Whether the log that would be signed goes on from every head of it that was published: what witnesses cosigned, and what
// was pinned. A record branch that was put back lacks the newest of them, and a run on top of it would sign a second history.

import { decodeBase64, encodeBase64 } from '../base/base64.ts'
import { Fault } from '../base/fault.ts'
import { parseCheckpoint } from '../ledger/checkpoint.ts'
import { rootOfLog } from '../ledger/log-root.ts'
import { parseNote } from '../ledger/note.ts'
import type { ReadLogFile } from '../ledger/plan-append.ts'
import { equalBytes } from '../ledger/tree-hash.ts'
import { DELIVERED, marksSince } from '../remediate/delivered-marks.ts'
import type { GitStore, SourceTree } from '../world.ts'
import { COSIGNED, cosignedNote } from './cosigned-head.ts'
import { logSize } from './last-entries.ts'
import { logReader } from './log-reader.ts'

/** The log as the record branch has it. */
export interface HeldRecord {
  readonly store: GitStore
  /** The origin of the log; heads of another log under the same refs are none of this one. */
  readonly origin: string
  /** Full name of the record branch. */
  readonly ref: string
  /** Of the record branch, or of what its first commit begins with. */
  readonly tree: SourceTree | null
}

interface KnownHead {
  readonly size: number
  readonly root: Uint8Array
  /** The ref that knows it. */
  readonly by: string
}

/**
 * Faults `ledger/rewound` where a published head is larger than the log, or has another root than the log had at its size.
 * O(log n) tiles for each of a few heads. Runs that lost a race published nothing, so nothing here knows them.
 */
export function requireExtendsKnown({ store, origin, ref, tree }: HeldRecord): void {
  const read = logReader(tree)
  const size = logSize(read)
  for (const head of knownHeads(store, origin)) {
    if (!extendsHead(read, size, head)) throw rewound(head, size, ref)
  }
}

/** As `requireExtendsKnown`, for who does not fetch: a branch that is merely behind what was fetched of it is sound. */
export function requireExtendsOrBehind(held: HeldRecord): void {
  try {
    requireExtendsKnown(held)
  } catch (error) {
    if (!(error instanceof Fault) || !isBehind(held)) throw error
  }
}

function isBehind(held: HeldRecord): boolean {
  const { store, ref } = held
  const branch = ref.replace(/^refs\/heads\//, '')
  const own = store.resolve(ref)
  const fetched = [...store.listRefs('refs/remotes/'), ...store.listRefs('refs/tutela-remote/')]
  return fetched.some(({ ref: name }) => {
    const commit = name.endsWith(`/${branch}`) ? store.resolve(name) : null
    if (commit === null || (own !== null && !store.isAncestor(own, commit))) return false
    try {
      requireExtendsKnown({ ...held, tree: store.commitTree(commit) })
      return true
    } catch (error) {
      if (error instanceof Fault) return false
      throw error
    }
  })
}

function extendsHead(read: ReadLogFile, size: number, head: KnownHead): boolean {
  if (head.size > size) return false
  const then = rootOfLog(read, head.size, size)
  // A tile that is missing is told by the append, which says which one.
  return then === null || equalBytes(then, head.root)
}

function rewound(head: KnownHead, size: number, ref: string): Fault {
  const branch = ref.replace(/^refs\/heads\//, '')
  const what =
    head.size > size
      ? `\`${branch}\` has a log of ${size} entries, and \`${head.by}\` knows one of ${head.size} that was published: the branch was put back`
      : `\`${branch}\` has a log of ${size} entries that had another root at ${head.size} entries than the one that \`${head.by}\` knows: it is a fork`
  return new Fault(
    'ledger/rewound',
    what,
    `find the commit with those ${head.size} entries by \`git reflog ${branch}\` or in another clone, put the branch back to it (\`git reset --hard COMMIT\`), then \`tutela ledger audit\``,
  )
}

/** Newest first of each source. */
function knownHeads(store: GitStore, origin: string): KnownHead[] {
  return [...cosignedHeads(store, origin), ...pinnedHeads(store)]
}

function cosignedHeads(store: GitStore, origin: string): KnownHead[] {
  const note = cosignedNote(store)
  const head = note === null ? null : parseCheckpoint(parseNote(note)?.text ?? '')
  if (head === null || head.origin !== origin || head.size > BigInt(Number.MAX_SAFE_INTEGER)) return []
  return [{ size: Number(head.size), root: head.root, by: COSIGNED }]
}

/**
 * By the newest marks. Where there is a remote, a pin in the local store alone publishes nothing: it may be of a time before
 * the remote, in a history that was given up for the one that is there.
 */
function pinnedHeads(store: GitStore): KnownHead[] {
  const tip = store.resolve(DELIVERED)
  if (tip === null) return []
  const isAlone = !hasRemote(store)
  for (const most of LOOKED_BACK) {
    const commits = store.firstParents(tip, most + 1)
    const isAll = commits.length <= most
    const { marks } = marksSince(store, isAll ? null : (commits.at(-1)?.id ?? null), tip)
    const heads = new Map<string, KnownHead>()
    for (const { kind, state, anchor, isPushed } of marks) {
      if (kind !== 'anchor' || state !== 'done' || anchor === undefined) continue
      const root = decodeBase64(anchor.root)
      const isPublished = isAlone || isPushed === true || anchor.where !== 'local'
      if (root === null || !isPublished || !Number.isSafeInteger(anchor.size)) continue
      heads.set(`${anchor.size} ${encodeBase64(root)}`, { size: anchor.size, root, by: DELIVERED })
    }
    if (heads.size > 0 || isAll) return [...heads.values()].sort((a, b) => b.size - a.size).slice(0, MOST_HEADS)
  }
  return []
}

/** Also one that only Git can reach. */
function hasRemote(store: GitStore): boolean {
  try {
    return store.remote() !== null
  } catch (error) {
    if (error instanceof Fault) return true
    throw error
  }
}

/** Commits of marks that are looked at for a pin. Arbitrary: a run has a few dozen at most. */
const LOOKED_BACK = [32, 1024] as const

/** Arbitrary: the newest one says it, and another beside it that somebody did go on twice. */
const MOST_HEADS = 3
