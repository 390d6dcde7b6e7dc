// A directory in shards (a hash array mapped trie): each name goes, byte by byte of its hash, to one of 256 children, and
// shares a shard with those whose hash begins alike. Source: https://specs.ipfs.tech/unixfs/#dag-pb-hamtdirectory
import { cidOf } from './cid.ts'
import { type DagLink, encodeNode } from './dag-pb.ts'
import { murmur3 } from './murmur3.ts'
import type { Profile } from './profile.ts'
import { encodeUnixfs, FANOUT } from './unixfs-data.ts'
import type { Made, TakeBlock } from './unixfs-file.ts'

interface Hashed {
  readonly link: DagLink
  /** 8 bytes: one a level. */
  readonly hash: Uint8Array
}

/** The shards of a directory. Two names with one hash are a bug here: a log has none, and nobody chooses its names. */
export function addShards(links: readonly DagLink[], profile: Profile, take: TakeBlock): Made {
  const hashed = links.map((link) => ({ link, hash: murmur3(Buffer.from(link.name)) }))
  return addShard(hashed, 0, profile, take)
}

function addShard(entries: readonly Hashed[], depth: number, profile: Profile, take: TakeBlock): Made {
  const byPlace = Map.groupBy(entries, ({ hash }) => {
    const place = hash[depth]
    if (place === undefined) throw new Error('internal error: names with one hash in a sharded directory')
    return place
  })
  const places = [...byPlace.keys()].sort((a, b) => a - b)
  const links = places.map((place): DagLink => {
    const here = byPlace.get(place) ?? []
    const prefix = place.toString(16).toUpperCase().padStart(2, '0')
    const [only] = here
    if (only !== undefined && here.length === 1) return { ...only.link, name: `${prefix}${only.link.name}` }
    return { name: prefix, ...addShard(here, depth + 1, profile, take) }
  })
  const data = encodeUnixfs({ type: 'shard', bitfield: bitfieldOf(places) })
  const block = encodeNode({ links, data })
  const cid = cidOf('dag-pb', block, profile.cidVersion)
  take(cid, block)
  return { cid, size: block.length + links.reduce((sum, { size }) => sum + size, 0) }
}

/** Big-endian, without leading zero bytes. */
function bitfieldOf(places: readonly number[]): Uint8Array {
  const bits = new Uint8Array(FANOUT / 8)
  for (const place of places) {
    const at = bits.length - 1 - Math.floor(place / 8)
    bits[at] = (bits[at] ?? 0) | (1 << (place % 8))
  }
  const first = bits.findIndex((byte) => byte !== 0)
  return bits.subarray(first === -1 ? bits.length : first)
}
