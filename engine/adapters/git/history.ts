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

/** Commits and their parents, each parsed once; where a shallow clone ends, there are no parents. */
export class History {
  readonly #objects: ObjectStore
  readonly #shallowFile: string
  readonly #commits = new Map<ObjectId, CommitInfo>()

  constructor(objects: ObjectStore, commonDir: string) {
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

  isAncestor(ancestor: ObjectId, from: ObjectId): boolean {
    const shallow = this.shallow()
    const seen = new Set([from])
    const queue = [from]
    let cut = false
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (at === ancestor) return true
      if (shallow.has(at)) cut = true
      else {
        const parents = this.commit(at).parents.filter((parent) => !seen.has(parent))
        for (const parent of parents) seen.add(parent)
        queue.push(...parents)
      }
    }
    if (cut && !this.#objects.has(ancestor)) throw shallowFault(ancestor, from)
    return false
  }

  /** The best common ancestor: none that another common ancestor descends from; of several the one Git's order names first. */
  mergeBase(a: ObjectId, b: ObjectId): ObjectId | null {
    return this.mergeBases(a, b)[0] ?? null
  }

  mergeBases(a: ObjectId, b: ObjectId): ObjectId[] {
    const shallow = this.shallow()
    const marks = new Map<ObjectId, number>([[a, 1]])
    marks.set(b, (marks.get(b) ?? 0) | 2)
    const queue = [...marks.keys()].map((id) => this.commit(id))
    const found: CommitInfo[] = []
    let cut = false
    while (queue.some(({ id }) => ((marks.get(id) ?? 0) & STALE) === 0)) {
      const commit = takeNewest(queue)
      let mark = marks.get(commit.id) ?? 0
      if ((mark & 3) === 3 && (mark & STALE) === 0) {
        if (!found.includes(commit)) found.push(commit)
        mark |= STALE
      }
      if (shallow.has(commit.id)) {
        cut = true
        continue
      }
      for (const parent of commit.parents) {
        const old = marks.get(parent) ?? 0
        if ((old | mark) === old) continue
        marks.set(parent, old | mark)
        queue.push(this.commit(parent))
      }
    }
    const best = found.filter((c) => !found.some((d) => d !== c && this.isAncestor(c.id, d.id)))
    if (best.length === 0 && cut) throw shallowFault(a, b)
    return best.sort((x, y) => y.committer.at - x.committer.at).map(({ id }) => id)
  }
}

/** Below a common ancestor that was found already. */
const STALE = 4

function takeNewest(queue: CommitInfo[]): CommitInfo {
  let newest = 0
  for (let i = 1; i < queue.length; i++) {
    if ((queue[i]?.committer.at ?? 0) > (queue[newest]?.committer.at ?? 0)) newest = i
  }
  const [commit] = queue.splice(newest, 1)
  if (commit === undefined) throw new Error('internal error: took from an empty queue')
  return commit
}

function shallowFault(a: ObjectId, b: ObjectId): Fault {
  return new Fault(
    'git/shallow',
    `how \`${a}\` and \`${b}\` are related lies behind the boundary of this shallow clone`,
    'run `git fetch --unshallow`',
  )
}
