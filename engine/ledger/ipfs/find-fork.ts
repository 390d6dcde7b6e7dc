// Whether a node pins another history of the same log: a copied repository whose both copies went on, say. Of pins that bear
// the log's name and are not known here, the checkpoint is read, and held to the key and to the tiles of this log.
import { encodeBase64 } from '../../base/base64.ts'
import { Fault } from '../../base/fault.ts'
import type { PinNode } from '../../world-pins.ts'
import { rootOfLog } from '../log-root.ts'
import type { ReadLogFile } from '../plan-append.ts'
import { equalBytes } from '../tree-hash.ts'
import type { Trust } from '../trust-policy.ts'
import { verifyCheckpoint } from '../verify-checkpoint.ts'
import { cidText, isBlockOf, parseCid } from './cid.ts'
import { decodeNode } from './dag-pb.ts'

/** The log as it is here. */
export interface HeldLog {
  readonly origin: string
  readonly read: ReadLogFile
  readonly size: number
  readonly trust: Trust
  /** Whether a CID is of a snapshot of its own: a node keeps one of each run, so most of what it names are. */
  readonly isKnown: (cid: string) => boolean
}

/** How the pins of a log are named; its size stands behind. */
export function pinName(origin: string): string {
  return `tutela ${origin}`
}

/** Pins that are not known here and are looked at. Arbitrary. */
const MOST_LOOKED_AT = 16
const MOST_BLOCK_BYTES = 64 * 1024

/**
 * Faults `pin/fork` where the node pins a checkpoint of the same key, not larger than this log, with another root than
 * this log has at that size. A larger one is for the other copy to find.
 */
export async function refuseFork(node: PinNode, log: HeldLog): Promise<void> {
  const strangers = (await node.namedPins(pinName(log.origin))).filter((cid) => !log.isKnown(cid))
  for (const cid of strangers.slice(0, MOST_LOOKED_AT)) {
    const bytes = await checkpointOf(node, cid)
    const { checkpoint, problems } = bytes === null ? NONE : verifyCheckpoint(bytes, log.trust, cid)
    // Anybody may give a pin this name; only what the log's own key signed says anything.
    if (checkpoint === null || problems.some(({ code }) => code !== 'ledger/no-quorum')) continue
    if (checkpoint.origin !== log.origin || checkpoint.size > BigInt(log.size)) continue
    const ours = rootOfLog(log.read, Number(checkpoint.size), log.size)
    if (ours === null || equalBytes(ours, checkpoint.root)) continue
    throw new Fault(
      'pin/fork',
      `\`${cid}\` has another history of this log: at ${checkpoint.size} entries its root is ${encodeBase64(checkpoint.root)}, and here it is ${encodeBase64(ours)}`,
      'somebody wrote to a copy of this repository; keep both checkpoints: together they prove it',
    )
  }
}

const NONE = { checkpoint: null, problems: [] }

async function checkpointOf(node: PinNode, text: string): Promise<Uint8Array | null> {
  const cid = parseCid(text)
  const root = cid === null ? null : await node.block(text, MOST_BLOCK_BYTES)
  const links = cid === null || root === null || !isBlockOf(cid, root) ? [] : (decodeNode(root)?.links ?? [])
  const link = links.find(({ name }) => name === 'checkpoint')
  if (link === undefined) return null
  const bytes = await node.block(cidText(link.cid), MOST_BLOCK_BYTES)
  return isBlockOf(link.cid, bytes) ? bytes : null
}
