// A directory as UnixFS blocks: one block with its links sorted by the bytes of their names, or shards where that block would
// be too large. No directory of a log is: the names of its tiles stand in groups of a thousand.
import { cidBytes, cidOf } from './cid.ts'
import { type DagLink, encodeNode } from './dag-pb.ts'
import type { Profile } from './profile.ts'
import { addShards } from './sharded-directory.ts'
import { encodeUnixfs } from './unixfs-data.ts'
import type { Made, TakeBlock } from './unixfs-file.ts'

/** The blocks of a directory; the links may come in any order. */
export function addDirectory(entries: readonly DagLink[], profile: Profile, take: TakeBlock): Made {
  const links = sortedLinks(entries)
  const block = encodeNode({ links, data: encodeUnixfs({ type: 'directory' }) })
  const { bytes: most, counts } = profile.shardAbove
  if ((counts === 'block' ? block.length : linkBytes(links)) > most) return addShards(links, profile, take)
  const cid = cidOf('dag-pb', block, profile.cidVersion)
  take(cid, block)
  return { cid, size: block.length + links.reduce((sum, { size }) => sum + size, 0) }
}

/** By the bytes of the names: U+FFEE stands before U+1F512, as UTF-16 has it not. */
export function sortedLinks(links: readonly DagLink[]): DagLink[] {
  const named = links.map((link) => ({ link, name: Buffer.from(link.name) }))
  return named.sort((a, b) => Buffer.compare(a.name, b.name)).map(({ link }) => link)
}

function linkBytes(links: readonly DagLink[]): number {
  return links.reduce((sum, { name, cid }) => sum + Buffer.byteLength(name) + cidBytes(cid).length, 0)
}
