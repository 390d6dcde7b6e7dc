// A file as UnixFS blocks: chunks of one size, and above them a balanced tree of nodes. A file of one chunk is that chunk.
import { type Cid, cidOf } from './cid.ts'
import { encodeNode } from './dag-pb.ts'
import type { Profile } from './profile.ts'
import { encodeUnixfs } from './unixfs-data.ts'

/** Takes a block that was made. Children come before their parents. */
export type TakeBlock = (cid: Cid, bytes: Uint8Array) => void

/** A file, directory or part of one by its CID, with the bytes of all blocks below it and its own. */
export interface Made {
  readonly cid: Cid
  readonly size: number
}

/** Part of a file, with the bytes of the file in it. */
export interface FilePart extends Made {
  readonly fileBytes: number
}

/** The blocks of a file. */
export function addFile(bytes: Uint8Array, profile: Profile, take: TakeBlock): Made {
  const leaves: FilePart[] = []
  for (let at = 0; at === 0 || at < bytes.length; at += profile.chunkBytes) {
    leaves.push(addChunk(bytes.subarray(at, at + profile.chunkBytes), profile, take))
  }
  return addFileNodes(leaves, profile, take)
}

/** One chunk, so that a file need not be in memory whole. */
export function addChunk(chunk: Uint8Array, profile: Profile, take: TakeBlock): FilePart {
  if (profile.rawLeaves) {
    const cid = cidOf('raw', chunk)
    take(cid, chunk)
    return { cid, size: chunk.length, fileBytes: chunk.length }
  }
  const data = encodeUnixfs({ type: 'file', data: chunk.length === 0 ? null : chunk, size: chunk.length, parts: [] })
  const block = encodeNode({ links: [], data })
  const cid = cidOf('dag-pb', block, profile.cidVersion)
  take(cid, block)
  return { cid, size: block.length, fileBytes: chunk.length }
}

/** The nodes above the chunks of a file, of which there is at least one. */
export function addFileNodes(leaves: readonly FilePart[], profile: Profile, take: TakeBlock): Made {
  let parts = leaves
  while (parts.length > 1) {
    const above: FilePart[] = []
    for (let at = 0; at < parts.length; at += profile.mostLinks) {
      above.push(addFileNode(parts.slice(at, at + profile.mostLinks), profile, take))
    }
    parts = above
  }
  const [root] = parts
  if (root === undefined) throw new Error('internal error: a file without chunks')
  return { cid: root.cid, size: root.size }
}

function addFileNode(parts: readonly FilePart[], { cidVersion }: Profile, take: TakeBlock): FilePart {
  const fileBytes = parts.reduce((sum, part) => sum + part.fileBytes, 0)
  const block = encodeNode({
    links: parts.map(({ cid, size }) => ({ name: '', cid, size })),
    data: encodeUnixfs({ type: 'file', data: null, size: fileBytes, parts: parts.map((part) => part.fileBytes) }),
  })
  const cid = cidOf('dag-pb', block, cidVersion)
  take(cid, block)
  return { cid, size: block.length + parts.reduce((sum, { size }) => sum + size, 0), fileBytes }
}
