// Which objects another repository needs in order to have some commits: what a push sends and a copy takes along.
import type { CommitInfo, ObjectId } from '../../world.ts'
import { parseTag } from './commit-object.ts'
import type { History } from './history.ts'
import type { ObjectStore } from './object-store.ts'
import { requireListable } from './tree-limits.ts'
import { isFolder, readTree, SUBMODULE_MODE } from './tree-object.ts'

/** What the other side has already. */
export interface Receiver {
  /** Ids that it has, with all that they refer to; those unknown here are of no use and do no harm. */
  readonly tips: Iterable<ObjectId>
  /** Asked for commits, where asking is cheap. */
  has?(id: ObjectId): boolean
}

/** Ids in an order in which an object follows all that it refers to, so that a partial copy has no holes. */
export function missingObjects(
  { objects, history }: { readonly objects: ObjectStore; readonly history: History },
  wanted: Iterable<ObjectId>,
  receiver: Receiver,
): ObjectId[] {
  const ids = new Set<ObjectId>()
  const last: ObjectId[] = []
  const starts: ObjectId[] = []
  for (const id of new Set(wanted)) starts.push(...peeled(objects, id, last))
  for (const commit of missingCommits(objects, history, starts, receiver).reverse()) {
    const [parent] = commit.parents
    const known = parent === undefined || !objects.has(parent) ? null : history.commit(parent).tree
    addTree(objects, known, commit.tree, { ids, depth: 1 })
    ids.add(commit.id)
  }
  for (const id of last) ids.add(id)
  return [...ids]
}

/** The commit below tags, which are kept for the end; a ref to a tree or blob counts as an object without parts. */
function peeled(objects: ObjectStore, id: ObjectId, last: ObjectId[]): ObjectId[] {
  const object = objects.find(id)
  if (object === null) throw objects.lackingFault(id, 'commit')
  if (object.kind === 'commit') return [id]
  if (object.kind !== 'tag') {
    last.push(id)
    return []
  }
  const commits = peeled(objects, parseTag(id, object.content), last)
  last.push(id)
  return commits
}

/**
 * Newest first. Walks by date and marks what the receiver has; a clock that went back costs a few objects sent twice,
 * never one too few.
 */
function missingCommits(
  objects: ObjectStore,
  history: History,
  starts: readonly ObjectId[],
  receiver: Receiver,
): CommitInfo[] {
  const shallow = history.shallow()
  const there = new Set([...receiver.tips].filter((id) => objects.find(id)?.kind === 'commit'))
  const isThere = (id: ObjectId): boolean => there.has(id) || receiver.has?.(id) === true
  const queue = [...new Set([...starts, ...there])].map((id) => history.commit(id))
  const seen = new Set(queue.map(({ id }) => id))
  const missing: CommitInfo[] = []
  while (queue.some(({ id }) => !isThere(id))) {
    queue.sort((a, b) => a.committer.at - b.committer.at)
    const commit = queue.pop()
    if (commit === undefined) break
    const has = isThere(commit.id)
    if (!has) missing.push(commit)
    if (shallow.has(commit.id)) continue
    for (const parent of commit.parents) {
      if (has) there.add(parent)
      if (seen.has(parent)) continue
      seen.add(parent)
      queue.push(history.commit(parent))
    }
  }
  return topological(missing.filter(({ id }) => !isThere(id)))
}

/** Children before parents, whatever their dates. */
function topological(commits: readonly CommitInfo[]): CommitInfo[] {
  const byId = new Map(commits.map((commit) => [commit.id, commit]))
  const done = new Set<ObjectId>()
  const order: CommitInfo[] = []
  for (const start of commits) {
    const stack: CommitInfo[] = [start]
    for (let at = stack.at(-1); at !== undefined; at = stack.at(-1)) {
      const next = at.parents.map((id) => byId.get(id)).find((parent) => parent !== undefined && !done.has(parent.id))
      if (next !== undefined && !done.has(at.id)) {
        stack.push(next)
        continue
      }
      stack.pop()
      if (!done.has(at.id)) order.push(at)
      done.add(at.id)
    }
  }
  return order.reverse()
}

interface Found {
  readonly ids: Set<ObjectId>
  readonly depth: number
}

/** All below `tree` that is not at the same place of `known`. Each tree is entered once, so many names of one cost nothing. */
function addTree(objects: ObjectStore, known: ObjectId | null, tree: ObjectId, { ids, depth }: Found): void {
  if (tree === known || ids.has(tree)) return
  requireListable('', { depth, entries: 0 })
  const there = new Map((known === null ? [] : readTree(objects, known)).map((entry) => [entry.name, entry]))
  for (const entry of readTree(objects, tree)) {
    const before = there.get(entry.name)
    if (before?.id === entry.id || entry.mode === SUBMODULE_MODE) continue
    const old = before !== undefined && isFolder(before) ? before.id : null
    if (isFolder(entry)) addTree(objects, old, entry.id, { ids, depth: depth + 1 })
    else ids.add(entry.id)
  }
  ids.add(tree)
}
