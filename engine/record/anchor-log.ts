// Pins the newest log of the record branch: in the embedded store, and where governance.yaml names a node, there and at the
// node's pinning services. What was done is marked with the deliveries, so that the next run tells it and tries the rest.

import { hashOf } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import { systemFault } from '../base/system-fault.ts'
import { formatInstant } from '../domain/instant.ts'
import { ANCHORS, type Anchor, newestSnapshot, readAnchors } from '../ledger/ipfs/anchors.ts'
import type { ReadBlock } from '../ledger/ipfs/car-write.ts'
import { type Cid, cidText, parseCid } from '../ledger/ipfs/cid.ts'
import { logBlocks } from '../ledger/ipfs/log-dag.ts'
import { pinAtService, pinToNode, type Sent } from '../ledger/ipfs/pin-to-node.ts'
import type { ReadLogFile } from '../ledger/plan-append.ts'
import { putMarks, readMark } from '../remediate/delivered-marks.ts'
import type { BlockStore, PinNode } from '../world.ts'
import { logSize } from './last-entries.ts'
import type { OpenedRun } from './open-run.ts'
import { logReader } from './run-commit.ts'

/** What came of pinning; `anchor` is null where there is nothing to pin, or nothing was. */
export interface Anchored {
  /** `where`: `local`, `node`, `service:<name>`, now or before. */
  readonly anchor: { readonly cid: string; readonly where: readonly string[] } | null
  /** Places that will be tried again, and why. `waiting`: a service that has not finished. */
  readonly failed: readonly { readonly where: string; readonly message: string; readonly waiting: boolean }[]
  /** Whether marks were written. */
  readonly isMarked: boolean
  /** What went to the node. */
  readonly sent: Sent | null
}

/** The key of every anchor (REMEDIATION.md, Identity). */
export const ANCHOR_KEY = hashOf(['anchor'])

const NOTHING: Anchored = { anchor: null, failed: [], isMarked: false, sent: null }

/** What is needed of a run. */
export type AnchorPorts = Pick<OpenedRun, 'world' | 'store' | 'governance' | 'now' | 'refs'>

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
  const made = logBlocks({ read, size: anchor.size, ...(from !== null && { from }) })
  let batch = new Map<string, Uint8Array>()
  let bytes = 0
  for (let step = made.next(); ; step = made.next()) {
    if (step.done === true) {
      if (cidText(step.value.cid) !== anchor.cid) throw otherRoot(anchor, cidText(step.value.cid))
      await blocks.put(batch)
      return 'pinned'
    }
    const [cid, block] = step.value
    batch.set(cidText(cid), block)
    bytes += block.length
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
    sent = await pinToNode(opened, {
      root: log.root,
      read: readerOf(log.blocks),
      before: places.before('node', log.anchors),
    })
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

function readerOf(blocks: BlockStore): ReadBlock {
  return (cid) => blocks.get(cidText(cid))
}

/** The places where one log is pinned, by their marks. */
class Places {
  private readonly ports: AnchorPorts
  private readonly anchor: Anchor
  private readonly anew: boolean
  private readonly pinned = new Set<string>()
  private readonly fresh: { readonly where: string; readonly anchor: Anchor }[] = []
  private readonly failed: { where: string; message: string; waiting: boolean }[] = []

  constructor(ports: AnchorPorts, anchor: Anchor, anew: boolean) {
    this.ports = ports
    this.anchor = anchor
    this.anew = anew
  }

  isDone(where: string): boolean {
    return !this.anew && (this.pinned.has(where) || this.isMarked(where, this.anchor.cid))
  }

  /** Whether it is pinned there; the act is left out where a mark says that it was done. */
  async pin(where: string, act: () => Promise<'pinned' | 'pinning' | 'queued'>): Promise<boolean> {
    if (this.isDone(where)) return this.pinned.add(where).has(where)
    try {
      const state = await act()
      if (state === 'pinned') this.add(where, this.anchor)
      else this.failed.push({ where, message: `the service says \`${state}\``, waiting: true })
      return state === 'pinned' && this.pinned.add(where).has(where)
    } catch (error) {
      const fault = error instanceof Fault ? error : systemFault(error)
      if (fault === null) throw error
      this.failed.push({ where, message: fault.message, waiting: false })
      return false
    }
  }

  /** The newest earlier snapshots that were pinned there. */
  before(where: string, anchors: readonly Anchor[]): Cid[] {
    const known = anchors
      .slice(-MOST_LOOKED_AT)
      .reverse()
      .filter(({ cid }) => this.isMarked(where, cid))
    return known.slice(0, 2).flatMap(({ cid }) => parseCid(cid) ?? [])
  }

  /** Earlier snapshots, newest first, that the node pinned and this place did not yet. */
  open(where: string, anchors: readonly Anchor[]): Anchor[] {
    const earlier = anchors.slice(-MOST_ASKED - 1, -1).reverse()
    return earlier.filter(({ cid }) => this.isMarked('node', cid) && !this.isMarked(where, cid))
  }

  /** It is pinned there. */
  add(where: string, anchor: Anchor): void {
    this.fresh.push({ where, anchor })
  }

  finish(): Omit<Anchored, 'sent'> {
    const { store, governance, now } = this.ports
    const unmarked = this.fresh.filter(({ where, anchor }) => !this.isMarked(where, anchor.cid))
    const marks = unmarked.map(({ where, anchor: { cid, size, root } }) => {
      const name = { kind: 'anchor', key: ANCHOR_KEY, evidence: evidenceOf(cid, where), run: '' }
      const mark = { ...name, state: 'done' as const, at: formatInstant(now), anchor: { cid, size, root, where } }
      return { mark, expect: null }
    })
    putMarks(store, governance.record.author, marks)
    const where = [...this.pinned]
    return {
      anchor: where.length === 0 ? null : { cid: this.anchor.cid, where },
      failed: this.failed,
      isMarked: marks.length > 0,
    }
  }

  private isMarked(where: string, cid: string): boolean {
    return (
      readMark(this.ports.store, { kind: 'anchor', key: ANCHOR_KEY, evidence: evidenceOf(cid, where), run: '' }) !==
      null
    )
  }
}

/** Earlier snapshots that a service is asked for in one run. Arbitrary. */
const MOST_ASKED = 3

/** How far back a snapshot is looked for that the node still has. Arbitrary. */
const MOST_LOOKED_AT = 32

function evidenceOf(cid: string, where: string): string {
  return hashOf([cid, where])
}
