// Which blocks of an embedded store are worth their room. A run leaves a partial bundle behind, about 100 kB, so without an
// end the store would outgrow the log many times. What is dropped can be made again from the log and its history.
import type { Anchor } from './anchors.ts'
import type { ReadBlock } from './car-write.ts'
import { type Cid, cidText, parseCid } from './cid.ts'
import { decodeNode } from './dag-pb.ts'

/** Snapshots whose blocks are kept: as far back as an earlier one is looked for, here and at a node. */
const KEPT_SNAPSHOTS = 32

/** Bytes of blocks that no snapshot names are let be, as many as those of the newest and so many more. */
const SLACK = 16 * 1024 * 1024

/** Whether a store of so many bytes is mostly blocks of snapshots that have gone. `newest`: its root; reads that one block. */
export function isMostlyOld(bytes: number, newest: Cid, read: ReadBlock): boolean {
  const root = read(newest)
  const node = root === null ? null : decodeNode(root)
  if (node === null) return false
  const live = node.links.reduce((sum, { size }) => sum + size, 0)
  return bytes > 2 * live + SLACK
}

/** CIDs of all blocks at hand that the newest snapshots name, each once. */
export function blocksOfNewest(anchors: readonly Anchor[], read: ReadBlock): Set<string> {
  const found = new Set<string>()
  const open = anchors.slice(-KEPT_SNAPSHOTS).flatMap(({ cid }) => parseCid(cid) ?? [])
  for (let cid = open.pop(); cid !== undefined; cid = open.pop()) {
    const name = cidText(cid)
    if (found.has(name)) continue
    found.add(name)
    const block = cid.codec === 'raw' ? null : read(cid)
    for (const link of (block === null ? null : decodeNode(block))?.links ?? []) open.push(link.cid)
  }
  return found
}
