// What a result was made from, as ids: each file by its blob id, whether Git knows it already or it is computed here.
import { createHash, hash } from 'node:crypto'
import type { SourceTree, TreeFile } from '../world.ts'

/** `[path, id]` of each file; null where one of them is no plain file, whose content lies elsewhere. */
export function idsOfFiles(
  tree: SourceTree,
  files: readonly Pick<TreeFile, 'path' | 'id' | 'mode'>[],
): string[] | null {
  const ids: string[] = []
  for (const { path, id, mode } of files) {
    if (mode === 'link' || mode === 'submodule') return null
    ids.push(path, id ?? blobId(tree.read(path)))
  }
  return ids
}

/** The id that Git would give the content; equal before and after it is committed. */
export function blobId(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}

/** One key of many parts, short. Texts may hold anything. */
export function keyOf(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32)
}
