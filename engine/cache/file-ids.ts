// What a result was made from, as ids: each file by its blob id, whether Git knows it already or it is computed here.
import { createHash, hash } from 'node:crypto'
import type { ObjectId, SourceTree, TreeFile } from '../world.ts'

/** The ids of a tree's files, each computed at most once. */
export class FileIds {
  private readonly tree: SourceTree
  private readonly computed = new Map<string, ObjectId>()

  constructor(tree: SourceTree) {
    this.tree = tree
  }

  /** Path and id of each file, one after the other; null where one is no plain file, whose content lies elsewhere. */
  of(files: readonly Pick<TreeFile, 'path' | 'id' | 'mode'>[]): string[] | null {
    const ids: string[] = []
    for (const { path, id, mode } of files) {
      if (mode === 'link' || mode === 'submodule') return null
      ids.push(path, id ?? this.compute(path))
    }
    return ids
  }

  /** Lets the tree remember what had to be computed, here or by itself. */
  teach(): void {
    this.tree.learnIds?.(this.computed)
  }

  private compute(path: string): ObjectId {
    let id = this.computed.get(path)
    if (id === undefined) {
      id = blobId(this.tree.read(path))
      this.computed.set(path, id)
    }
    return id
  }
}

/** The id that Git would give the content; equal before and after it is committed. */
export function blobId(content: Uint8Array): ObjectId {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}

/** One key of many parts, short. Texts may hold anything. */
export function keyOf(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32)
}
