// Walks over commits: first parents, ancestry, merge bases. A shallow boundary ends a walk where it may, and is a fault
// where the answer would depend on what lies behind it.
import { join } from 'node:path'
import { isAbsent } from '../../base/durable-files.ts'
import { Fault } from '../../base/fault.ts'
import type { CommitInfo, ObjectId } from '../../world.ts'
import { parseCommit } from './commit-object.ts'
import type { ObjectStore } from './object-store.ts'
import { readWholeFile, unreadableFile } from './plain-file.ts'

const CACHED_COMMITS = 20_000

/** What commits are read from. */
export type CommitSource = Pick<ObjectStore, 'read' | 'has'>

/** Commits and their parents, each parsed once; where a shallow clone ends, there are no parents. */
export class History {
  readonly #objects: CommitSource
  readonly #shallowFile: string
  readonly #commits = new Map<ObjectId, CommitInfo>()

  constructor(objects: CommitSource, commonDir: string) {
    this.#objects = objects
    this.#shallowFile = join(commonDir, 'shallow')
  }

  commit(id: ObjectId): CommitInfo {
    const known = this.#commits.get(id)
    if (known !== undefined) return known
    const commit = parseCommit(id, this.#objects.read(id, 'commit'))
    if (this.#commits.size >= CACHED_COMMITS) this.#commits.clear()
    this.#commits.set(id, commit)
    return commit
  }

  /** Commits whose parents this clone does not have. */
  shallow(): ReadonlySet<ObjectId> {
    try {
      return new Set(readWholeFile(this.#shallowFile).toString('utf8').split('\n').filter(Boolean))
    } catch (error) {
      if (isAbsent(error)) return new Set()
      throw unreadableFile(this.#shallowFile, error)
    }
  }

  firstParents(from: ObjectId, limit: number): CommitInfo[] {
    const shallow = this.shallow()
    const commits: CommitInfo[] = []
    for (let at: ObjectId | undefined = from; at !== undefined && commits.length < limit; ) {
      const commit: CommitInfo = this.commit(at)
      commits.push(commit)
      at = shallow.has(at) ? undefined : commit.parents[0]
    }
    return commits
  }

  /** Looks at the commits between the two, and no further where there is a way. Faults `git/shallow`. */
  isAncestor(ancestor: ObjectId, from: ObjectId): boolean {
    if (ancestor === from) return true
    // Of a commit that is not here one can still say that nothing here comes from it.
    if (!this.#objects.has(ancestor)) return this.#reachesAbsent(ancestor, from)
    return this.#paint(ancestor, from, (id, mark) => id === ancestor && (mark & FROM_B) !== 0).isDone
  }

  #reachesAbsent(ancestor: ObjectId, from: ObjectId): false {
    const shallow = this.shallow()
    const seen = new Set([from])
    for (const at of seen) {
      if (shallow.has(at)) throw shallowFault(ancestor, from)
      for (const parent of this.commit(at).parents) seen.add(parent)
    }
    return false
  }

  /** The best common ancestor: none that another common ancestor descends from; of several the one Git's order names first. */
  mergeBase(a: ObjectId, b: ObjectId): ObjectId | null {
    return this.mergeBases(a, b)[0] ?? null
  }

  /** All best common ancestors, in Git's order. Faults `git/shallow` where one may lie behind the boundary. */
  mergeBases(a: ObjectId, b: ObjectId): ObjectId[] {
    const { found, isCut } = this.#paint(a, b)
    const best = found.filter((c) => !found.some((d) => d !== c && this.isAncestor(c.id, d.id)))
    if (best.length === 0 && isCut) throw shallowFault(a, b)
    return best.sort((x, y) => y.committer.at - x.committer.at).map(({ id }) => id)
  }

  /**
   * Git's paint-down: marks what each of the two descends from, newest first, until all that is left lies below what both
   * do. Any order gives the same answer; a good one looks at little. `isDone` ends it early.
   */
  #paint(a: ObjectId, b: ObjectId, isDone?: (id: ObjectId, mark: number) => boolean) {
    const shallow = this.shallow()
    const marks = new Map<ObjectId, number>([[a, FROM_A]])
    marks.set(b, (marks.get(b) ?? 0) | FROM_B)
    const queue: Queued[] = []
    const push = (id: ObjectId) => queue.push({ commit: this.commit(id), at: this.#dateOf(id, shallow) })
    for (const id of marks.keys()) push(id)
    const found: CommitInfo[] = []
    let isCut = false
    while (queue.some(({ commit: { id } }) => ((marks.get(id) ?? 0) & STALE) === 0)) {
      const commit = takeNewest(queue)
      let mark = marks.get(commit.id) ?? 0
      if (isDone?.(commit.id, mark) === true) return { found, isCut, isDone: true }
      if ((mark & FROM_BOTH) === FROM_BOTH && (mark & STALE) === 0) {
        if (!found.includes(commit)) found.push(commit)
        mark |= STALE
      }
      if (shallow.has(commit.id)) {
        isCut = true
        continue
      }
      for (const parent of commit.parents) {
        const old = marks.get(parent) ?? 0
        if ((old | mark) === old) continue
        marks.set(parent, old | mark)
        push(parent)
      }
    }
    return { found, isCut, isDone: false }
  }

  /**
   * A commit is at least as new as what it stands on, whatever clock its author had: else one that is dated years back
   * would be looked at after everything that is newer. Seconds.
   */
  #dateOf(id: ObjectId, shallow: ReadonlySet<ObjectId>): number {
    let newest = Number.NEGATIVE_INFINITY
    let at: ObjectId | undefined = id
    for (let i = 0; i < MISDATED && at !== undefined; i++) {
      const commit: CommitInfo = this.commit(at)
      newest = Math.max(newest, commit.committer.at)
      at = shallow.has(at) ? undefined : commit.parents[0]
    }
    return newest
  }
}

/** How many commits in a row may be dated back before a walk grows long. Arbitrary. */
const MISDATED = 8

const FROM_A = 1
const FROM_B = 2
const FROM_BOTH = FROM_A | FROM_B

/** Below a common ancestor that was found already. */
const STALE = 4

interface Queued {
  readonly commit: CommitInfo
  readonly at: number
}

function takeNewest(queue: Queued[]): CommitInfo {
  let newest = 0
  for (let i = 1; i < queue.length; i++) {
    if ((queue[i]?.at ?? 0) > (queue[newest]?.at ?? 0)) newest = i
  }
  const [taken] = queue.splice(newest, 1)
  if (taken === undefined) throw new Error('internal error: took from an empty queue')
  return taken.commit
}

function shallowFault(a: ObjectId, b: ObjectId): Fault {
  return new Fault(
    'git/shallow',
    `how \`${a}\` and \`${b}\` are related lies behind the boundary of this shallow clone`,
    'run `git fetch --unshallow`',
  )
}
