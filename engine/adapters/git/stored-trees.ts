// The extension TREE of an index: ids of trees whose entries have not changed since the tree was written or read.
// https://git-scm.com/docs/index-format#_cache_tree
// Of ten thousand folders a run asks for a few, so a folder is decoded when it is asked for, and the rest is skipped.
import type { ObjectId } from '../../world.ts'

/** Never changes. Trusted only as far as the ids go: whoever uses one looks whether that tree is stored. */
export class StoredTrees {
  static readonly none = new StoredTrees(Buffer.alloc(0))
  readonly #bytes: Buffer
  readonly #left: ReadonlySet<string>
  readonly #nodes: () => Nodes
  readonly #children: Map<number, ReadonlyMap<string, number>>

  /** `left`: folders of which nothing is said any more; `read`: the same bytes, taken apart before. */
  constructor(bytes: Buffer, left: ReadonlySet<string> = new Set(), read: StoredTrees | null = null) {
    let nodes: Nodes | null = null
    this.#bytes = bytes
    this.#left = left
    this.#nodes = read === null ? () => (nodes ??= nodesIn(bytes)) : read.#nodes
    this.#children = read === null ? new Map() : read.#children
  }

  /** Null where it is not known. */
  idOf(folder: string): ObjectId | null {
    const node = this.#find(folder)
    const end = node < 0 ? 0 : (this.#nodes().heads[node] ?? 0)
    return node < 0 ? null : this.#bytes.toString('hex', end - 20, end)
  }

  /** Entries of the index below a folder; null where its tree is not known. */
  countOf(folder: string): number | null {
    const node = this.#find(folder)
    const start = (this.#nodes().nuls[node] ?? 0) + 1
    return node < 0 ? null : Number.parseInt(this.#bytes.toString('latin1', start, start + 10), 10)
  }

  /** What the extension says of a folder and all below it, from the end of its name on; null where its tree is not known. */
  spanOf(folder: string): Buffer | null {
    const node = this.#find(folder)
    const { nuls, ends } = this.#nodes()
    return node < 0 ? null : this.#bytes.subarray(nuls[node], ends[node])
  }

  without(folders: ReadonlySet<string>): StoredTrees {
    return new StoredTrees(this.#bytes, new Set([...this.#left, ...folders]), this)
  }

  /** -1 where its tree is not known. */
  #find(folder: string): number {
    const { nuls, isKnown } = this.#nodes()
    if (this.#left.has(folder) || nuls.length === 0) return -1
    let node = 0
    for (const name of folder === '' ? [] : folder.split('/')) {
      const child = this.#childrenOf(node).get(name)
      if (child === undefined) return -1
      node = child
    }
    return isKnown[node] === true ? node : -1
  }

  #childrenOf(node: number): ReadonlyMap<string, number> {
    const known = this.#children.get(node)
    if (known !== undefined) return known
    const { nuls, heads, ends, after } = this.#nodes()
    const children = new Map<string, number>()
    let start = heads[node] ?? 0
    for (let child = node + 1; child < (after[node] ?? 0); child = after[child] ?? 0) {
      children.set(this.#bytes.toString('utf8', start, nuls[child]), child)
      start = ends[child] ?? 0
    }
    this.#children.set(node, children)
    return children
  }
}

/**
 * Nodes in the order of the file, each before those below it: name NUL count SP subfolders LF, an id unless the count is
 * negative, then the subfolders. `nuls`: where the name ends; `heads`: past the id; `ends`: past all below; `after`: the
 * number of the next node that is not below.
 */
interface Nodes {
  readonly nuls: number[]
  readonly isKnown: boolean[]
  readonly heads: number[]
  readonly ends: number[]
  readonly after: number[]
}

/** One pass; as far as the bytes go. Without recursion, since the depth is the file's. */
function nodesIn(bytes: Buffer): Nodes {
  const nodes: Nodes = { nuls: [], isKnown: [], heads: [], ends: [], after: [] }
  const { nuls, isKnown, heads, ends, after } = nodes
  const open: number[] = []
  const waiting: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const nul = bytes.indexOf(0, at)
    if (nul < 0) break
    const known = bytes[nul + 1] !== MINUS
    at = nul + 1
    while (at < bytes.length && bytes[at] !== SPACE) at++
    let subfolders = 0
    for (at++; at < bytes.length && bytes[at] !== NEWLINE; at++) subfolders = subfolders * 10 + (bytes[at] ?? 0) - ZERO
    at += known ? 21 : 1
    if (at > bytes.length) break
    const node = nuls.push(nul) - 1
    isKnown.push(known)
    heads.push(at)
    if (waiting.length > 0) waiting.push((waiting.pop() ?? 0) - 1)
    open.push(node)
    waiting.push(subfolders)
    while (open.length > 0 && (waiting.at(-1) ?? 0) <= 0) {
      const done = open.pop() ?? 0
      waiting.pop()
      ends[done] = at
      after[done] = nuls.length
    }
  }
  // Cut off: what is not all there says nothing.
  for (const node of open) {
    isKnown[node] = false
    ends[node] = bytes.length
    after[node] = nuls.length
  }
  return nodes
}

const [NEWLINE, SPACE, MINUS, ZERO] = [10, 32, 45, 48]
