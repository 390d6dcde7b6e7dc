// The two CID profiles of IPIP-0499. Tutela pins under `unixfs-v1-2025`; the older one is what many nodes still add with, so
// that what was added there can be told. Source: https://specs.ipfs.tech/ipips/ipip-0499/

/** What decides which CID a file or directory has. */
export interface Profile {
  readonly cidVersion: 0 | 1
  readonly rawLeaves: boolean
  readonly chunkBytes: number
  /** Parts of one file node. */
  readonly mostLinks: number
  /** Above this a directory is sharded: `block` counts the bytes of its block, `links` those of its names and CIDs. */
  readonly shardAbove: { readonly bytes: number; readonly counts: 'block' | 'links' }
}

/** `unixfs-v1-2025` */
export const UNIXFS_V1_2025: Profile = {
  cidVersion: 1,
  rawLeaves: true,
  chunkBytes: 1024 * 1024,
  mostLinks: 1024,
  shardAbove: { bytes: 256 * 1024, counts: 'block' },
}

/** `unixfs-v0-2015` */
export const UNIXFS_V0_2015: Profile = {
  cidVersion: 0,
  rawLeaves: false,
  chunkBytes: 256 * 1024,
  mostLinks: 174,
  shardAbove: { bytes: 256 * 1024, counts: 'links' },
}
