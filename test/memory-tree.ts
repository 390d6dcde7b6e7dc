// A SourceTree of files that stand in memory, for tests of stages that read a repository without Git.
// Ids are those Git would give the blobs, so caches keyed by id can be tested too.
import { createHash } from 'node:crypto'
import type { SourceTree, TreeFile } from '../engine/world.ts'

/** What a path holds: text (as UTF-8), bytes, or bytes with a mode of their own. */
export type MemoryFile =
  | string
  | Uint8Array
  | { readonly mode: TreeFile['mode']; readonly content: string | Uint8Array }

/** `commit` defaults to null: outside Git. Reading a path that is not there is a bug of the test and throws. */
export function memoryTree(
  files: Readonly<Record<string, MemoryFile>>,
  options: { readonly label?: string; readonly commit?: string } = {},
): SourceTree {
  const held = new Map<string, TreeFile & { readonly bytes: Uint8Array }>()
  for (const [path, file] of Object.entries(files)) held.set(path, entry(path, file))
  const paths = [...held.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return {
    label: options.label ?? 'memory',
    commit: options.commit ?? null,
    dirty: [],
    list: (folders) =>
      paths
        .filter((path) => folders.some((folder) => path.startsWith(`${folder}/`)))
        .map((path) => {
          const { id, mode } = fileAt(path)
          return { path, id, mode }
        }),
    has: (path) => held.has(path),
    read: (path) => fileAt(path).bytes,
    treeId: () => null,
  }

  function fileAt(path: string): TreeFile & { readonly bytes: Uint8Array } {
    const file = held.get(path)
    if (file === undefined) throw new Error(`the memory tree has no file ${path}`)
    return file
  }
}

function entry(path: string, file: MemoryFile): TreeFile & { readonly bytes: Uint8Array } {
  const { mode, content } =
    typeof file === 'string' || file instanceof Uint8Array ? { mode: 'file' as const, content: file } : file
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return { path, id: blobId(bytes), mode, bytes }
}

function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
