// The extension TREE of an index: ids of trees whose entries have not changed since the tree was written or read.
// https://git-scm.com/docs/index-format#_cache_tree
// Of ten thousand folders a run asks for a few, so a folder is decoded when it is asked for, and the rest is skipped.
import type { ObjectId } from '../../world.ts'

export class StoredTrees {
  static readonly none = new StoredTrees(Buffer.alloc(0))
  readonly #bytes: Buffer
  readonly #root: Node | null
  readonly #left: ReadonlySet<string>

  /** `left`: folders of which nothing is said any more. */
  constructor(bytes: Buffer, left: ReadonlySet<string> = new Set()) {
    this.#bytes = bytes
    this.#root = nodeAt(bytes, 0)
    this.#left = left
  }

  /** Null where it is not known. */
  idOf(folder: string): ObjectId | null {
    const node = this.#find(folder)
    return node === null ? null : this.#bytes.toString('hex', node.id, node.id + 20)
  }

  /** What the extension says of a folder and all below it, from the end of its name on; null where its tree is not known. */
  spanOf(folder: string): Buffer | null {
    const node = this.#find(folder)
    return node === null ? null : this.#bytes.subarray(node.nul, endOf(this.#bytes, node))
  }

  without(folders: ReadonlySet<string>): StoredTrees {
    return new StoredTrees(this.#bytes, new Set([...this.#left, ...folders]))
  }

  #find(folder: string): (Node & { readonly id: number }) | null {
    if (this.#left.has(folder)) return null
    let at = this.#root
    for (const name of folder === '' ? [] : folder.split('/')) {
      if (at === null) return null
      at.children ??= childrenOf(this.#bytes, at)
      at = at.children.get(name) ?? null
    }
    return at === null || at.id === null ? null : { ...at, id: at.id }
  }
}

/** name NUL count SP subfolders LF, an id unless the count is negative, then the subfolders. */
interface Node {
  readonly name: string
  readonly nul: number
  readonly id: number | null
  readonly subfolders: number
  /** Where the first subfolder begins. */
  readonly below: number
  children?: ReadonlyMap<string, Node>
}

/** Null where the bytes end before the node does. */
function nodeAt(bytes: Buffer, at: number): Node | null {
  const nul = bytes.indexOf(0, at)
  const newline = nul < 0 ? -1 : bytes.indexOf(10, nul)
  if (newline < 0) return null
  const [count = -1, subfolders = 0] = bytes
    .toString('latin1', nul + 1, newline)
    .split(' ')
    .map(Number)
  const isKnown = count >= 0
  const below = newline + 1 + (isKnown ? 20 : 0)
  if (below > bytes.length) return null
  return { name: bytes.toString('utf8', at, nul), nul, id: isKnown ? newline + 1 : null, subfolders, below }
}

function childrenOf(bytes: Buffer, { below, subfolders }: Node): ReadonlyMap<string, Node> {
  const children = new Map<string, Node>()
  let at = below
  for (let i = 0; i < subfolders; i++) {
    const child = nodeAt(bytes, at)
    if (child === null) break
    children.set(child.name, child)
    at = endOf(bytes, child)
  }
  return children
}

/** Past all that is below a node; without decoding it, and without recursion, since the depth is the file's. */
function endOf(bytes: Buffer, { below, subfolders }: Node): number {
  let at = below
  for (let waiting = subfolders; waiting > 0 && at < bytes.length; waiting--) {
    at = bytes.indexOf(0, at) + 1
    if (at === 0) return bytes.length
    const isKnown = bytes[at] !== MINUS
    while (at < bytes.length && bytes[at] !== SPACE) at++
    let inside = 0
    for (at++; at < bytes.length && bytes[at] !== NEWLINE; at++) inside = inside * 10 + (bytes[at] ?? 0) - ZERO
    at += 1 + (isKnown ? 20 : 0)
    waiting += inside
  }
  return Math.min(at, bytes.length)
}

const [NEWLINE, SPACE, MINUS, ZERO] = [10, 32, 45, 48]
