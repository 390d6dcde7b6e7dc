// Pins the newest log of the record branch: in the embedded store, and where governance.yaml names a node, there and at the
// node's pinning services. What was done is marked with the deliveries, so that the next run tells it and tries the rest.
import { Fault } from '../base/fault.ts'
import { ANCHORS, type Anchor, newestSnapshot, readAnchors } from '../ledger/ipfs/anchors.ts'
import type { ReadBlock } from '../ledger/ipfs/car-write.ts'
import { type Cid, cidText, parseCid } from '../ledger/ipfs/cid.ts'
import { type HeldLog, pinName, refuseFork } from '../ledger/ipfs/find-fork.ts'
import { blocksOfNewest, isMostlyOld } from '../ledger/ipfs/kept-blocks.ts'
import { logBlocks } from '../ledger/ipfs/log-dag.ts'
import { pinAtService, pinToNode, type Sent } from '../ledger/ipfs/pin-to-node.ts'
import { readPolicy } from '../ledger/log-policy.ts'
import type { ReadLogFile } from '../ledger/plan-append.ts'
import type { BlockStore, PinNode } from '../world.ts'
import { logSize } from './last-entries.ts'
import { type Anchored, type AnchorPorts, Places } from './pinned-places.ts'
import { logReader } from './run-commit.ts'

const NOTHING: Anchored = { anchor: null, failed: [], isMarked: false, sent: null }

/** Never faults: what failed at one place is told, and the next run tries again. `anew`: whatever marks say. */
export async function anchorLog(
  ports: AnchorPorts,
  { anew = false }: { readonly anew?: boolean } = {},
): Promise<Anchored> {
  const { world, store, refs } = ports
  const tip = refs.record.commit
  if (tip === null || world.openBlocks === undefined) return NOTHING
  const read = logReader(store.commitTree(tip))
  const anchors = readAnchors(read(ANCHORS))
  const anchor = anchors.at(-1)
  const root = anchor === undefined ? null : parseCid(anchor.cid)
  if (anchor === undefined || root === null) return NOTHING
  const places = new Places(ports, anchor, anew)
  const log = { read, anchors, anchor, root, blocks: world.openBlocks(store), isAnew: anew }
  const isKept = await places.pin('local', () => keepBlocks(log))
  const sent = isKept ? await pinElsewhere(ports, places, log) : null
  return { ...places.finish(), sent }
}

interface LogToPin {
  readonly read: ReadLogFile
  readonly anchors: readonly Anchor[]
  readonly anchor: Anchor
  readonly root: Cid
  readonly blocks: BlockStore
  /** Every block is made again from the log, whatever stands in the store. */
  readonly isAnew: boolean
}

/** Puts every block that the store lacks; the root is last, so a root that is there has all below it. */
async function keepBlocks({ read, anchors, anchor, blocks, isAnew }: LogToPin): Promise<'pinned'> {
  if (logSize(read) !== anchor.size) {
    throw new Fault(
      'pin/other-size',
      `\`ledger/${ANCHORS}\` ends at ${anchor.size} entries, and the log has another size`,
    )
  }
  const block = readerOf(blocks)
  const from = isAnew ? null : newestSnapshot({ read, size: anchor.size, anchors: anchors.slice(0, -1), block })
  const dag = logBlocks({ read, size: anchor.size, ...(from !== null && { from }) })
  let batch = new Map<string, Uint8Array>()
  let bytes = 0
  for (let step = dag.next(); ; step = dag.next()) {
    if (step.done === true) {
      if (cidText(step.value.cid) !== anchor.cid) throw otherRoot(anchor, cidText(step.value.cid))
      await blocks.put(batch)
      if (isMostlyOld(blocks.bytes(), step.value.cid, block)) await blocks.keepOnly(blocksOfNewest(anchors, block))
      return 'pinned'
    }
    const [cid, made] = step.value
    batch.set(cidText(cid), made)
    bytes += made.length
    if (bytes < BATCH_BYTES) continue
    await blocks.put(batch)
    batch = new Map()
    bytes = 0
  }
}

/** Of blocks that are put together. A log is written whole once, and then in small parts. */
const BATCH_BYTES = 8 * 1024 * 1024

function otherRoot({ cid }: Anchor, actual: string): Fault {
  return new Fault(
    'pin/other-root',
    `\`ledger/${ANCHORS}\` says \`${cid}\`, and the log is \`${actual}\``,
    'the next run writes the right one',
  )
}

async function pinElsewhere({ world, governance }: AnchorPorts, places: Places, log: LogToPin): Promise<Sent | null> {
  const services = governance.ledger.pin?.services ?? []
  const wanted = governance.ledger.pin === undefined ? [] : ['node', ...services.map((name) => `service:${name}`)]
  if (wanted.every((where) => places.isDone(where))) return null
  let sent: Sent | null = null
  let opened: PinNode | null = null
  const isAtNode = await places.pin('node', async () => {
    opened = (await world.openPinNode?.(governance)) ?? null
    if (opened === null) throw new Fault('pin/no-node', 'there is no client for the IPFS node of `ledger.pin`')
    if (log.blocks.get(log.anchor.cid) === null) await keepBlocks(log)
    await refuseFork(opened, heldLog(governance.ledger.origin, log, places))
    sent = await pinWhole(opened, log, places.before('node', log.anchors))
    await nameIt(opened, governance.ledger.origin, log)
    return 'pinned'
  })
  for (const service of isAtNode ? services : []) {
    await places.pin(`service:${service}`, async () => {
      const node = opened ?? (await world.openPinNode?.(governance)) ?? null
      if (node === null) throw new Fault('pin/no-node', 'there is no client for the IPFS node of `ledger.pin`')
      // A service pins in its own time, and by then the log has grown.
      for (const older of places.open(`service:${service}`, log.anchors)) {
        if ((await node.stateAtService(service, older.cid)) === 'pinned') places.add(`service:${service}`, older)
      }
      const state = await pinAtService(node, service, log.root, `${governance.ledger.origin} ${log.anchor.size}`)
      if (state === 'failed' || state === 'absent')
        throw new Fault('pin/refused', `\`${service}\` did not pin: ${state}`)
      return state
    })
  }
  return sent
}

function heldLog(origin: string, { read, anchor, anchors }: LogToPin, places: Places): HeldLog {
  const listed = new Set(anchors.map(({ cid }) => cid))
  const isKnown = (cid: string): boolean => listed.has(cid) || places.isMarked('node', cid)
  return { origin, read, size: anchor.size, trust: readPolicy(read('policy')), isKnown }
}

/** For other copies of this log to find it by. */
async function nameIt(node: PinNode, origin: string, { anchor }: LogToPin): Promise<void> {
  try {
    await node.namePin(anchor.cid, `${pinName(origin)} ${anchor.size}`)
  } catch (error) {
    // It is pinned; nodes of before 2024 keep no names.
    if (!(error instanceof Fault)) throw error
  }
}

/** Blocks that were lost here are made again. */
async function pinWhole(node: PinNode, log: LogToPin, before: readonly Cid[]): Promise<Sent> {
  const order = { root: log.root, read: readerOf(log.blocks), before }
  try {
    return await pinToNode(node, order)
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'pin/missing-block') throw error
    await keepBlocks({ ...log, isAnew: true })
    return await pinToNode(node, order)
  }
}

function readerOf(blocks: BlockStore): ReadBlock {
  return (cid) => blocks.get(cidText(cid))
}
