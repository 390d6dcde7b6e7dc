// The blocks that one snapshot has and an earlier one lacks: what a node that holds the earlier one must be sent.
import type { ReadBlock } from './car-write.ts'
import { type Cid, cidText } from './cid.ts'
import { type DagLink, decodeNode } from './dag-pb.ts'

/**
 * Whether a block may be left out, with all below it: it stands at the same place in the earlier snapshot. Reads the
 * directories that differ. A directory of the earlier one that is not at hand is taken as empty: more is sent then.
 */
export function heldIn(before: Cid, now: Cid, read: ReadBlock): (cid: Cid) => boolean {
  const held = new Set<string>()
  compare(before, now)
  return (cid) => held.has(cidText(cid))

  function compare(old: Cid, next: Cid): void {
    if (cidText(old) === cidText(next)) {
      held.add(cidText(next))
      return
    }
    const known = new Map(linksOf(old, read).map((link) => [link.name, link.cid]))
    for (const { name, cid } of linksOf(next, read)) {
      const same = known.get(name)
      if (same !== undefined) compare(same, cid)
    }
  }
}

function linksOf(cid: Cid, read: ReadBlock): readonly DagLink[] {
  const block = cid.codec === 'raw' ? null : read(cid)
  return (block === null ? null : decodeNode(block))?.links ?? []
}
