// Pins the directory of a log at an IPFS node, believing nothing that the node says of it: the one root must be ours, without
// an error beside it; the pin must be listed; and blocks that are read back must be those that were sent.
import { Fault } from '../../base/fault.ts'
import { visibleText } from '../../base/visible-text.ts'
import type { PinNode, ServicePinState } from '../../world-pins.ts'
import { carPieces, type ReadBlock } from './car-write.ts'
import { type Cid, cidText, isBlockOf } from './cid.ts'
import { heldIn } from './dag-difference.ts'
import { type DagLink, decodeNode } from './dag-pb.ts'

/** What is to be pinned. */
export interface PinOrder {
  readonly root: Cid
  /** Every block below it; of earlier snapshots at least the directories. */
  readonly read: ReadBlock
  /** Snapshots that this node pinned before, newest first: what the first that it still has holds is not sent again. */
  readonly before?: readonly Cid[]
}

/** How much was sent. */
export interface Sent {
  readonly blocks: number
  readonly bytes: number
}

/** Faults `pin/refused`, `pin/other-root`, `pin/not-pinned`, `pin/bad-block`, and those of the node's calls. */
export async function pinToNode(node: PinNode, { root, read, before = [] }: PinOrder): Promise<Sent> {
  const held = await stillHeld(node, before)
  if (held !== null && cidText(held) === cidText(root)) {
    await readBack(node, root, read)
    return { blocks: 0, bytes: 0 }
  }
  const sent = held === null ? await send(node, root, read) : await sendRest(node, root, read, held)
  if (!(await node.isPinned(cidText(root)))) {
    throw new Fault('pin/not-pinned', `${nameOf(node)} took \`${cidText(root)}\` and does not list it as pinned`)
  }
  await readBack(node, root, read)
  return sent
}

async function stillHeld(node: PinNode, before: readonly Cid[]): Promise<Cid | null> {
  for (const cid of before) if (await node.isPinned(cidText(cid))) return cid
  return null
}

/** A node that lost a block of what it pinned cannot pin this: it is sent whole then. */
async function sendRest(node: PinNode, root: Cid, read: ReadBlock, held: Cid): Promise<Sent> {
  try {
    return await send(node, root, read, heldIn(held, root, read))
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return await send(node, root, read)
  }
}

async function send(node: PinNode, root: Cid, read: ReadBlock, without?: (cid: Cid) => boolean): Promise<Sent> {
  const sent = { blocks: -1, bytes: 0 }
  const pieces = counted(carPieces(root, read, without === undefined ? {} : { without }), sent)
  const roots = await node.importCar(pieces)
  const [only] = roots
  if (only === undefined) throw new Fault('pin/bad-answer', `${nameOf(node)} took a CAR and names no root`)
  if (roots.length > 1 || only.cid !== cidText(root)) {
    const others = roots.map(({ cid }) => visibleText(cid)).join(', ')
    throw new Fault('pin/other-root', `${nameOf(node)} names \`${others}\` as the root, not \`${cidText(root)}\``)
  }
  if (only.pinError === '') return sent
  throw new Fault(
    'pin/refused',
    `${nameOf(node)} does not pin: ${visibleText(only.pinError).slice(0, 300)}`,
    'see its log',
  )
}

/** The first piece is the header. */
function* counted(pieces: Iterable<Uint8Array>, sent: { blocks: number; bytes: number }): Generator<Uint8Array> {
  for (const piece of pieces) {
    sent.blocks++
    sent.bytes += piece.length
    yield piece
  }
}

/** The root and the checkpoint below it: the two that no other log has. */
async function readBack(node: PinNode, root: Cid, read: ReadBlock): Promise<void> {
  const block = read(root)
  const checkpoint = (block === null ? null : decodeNode(block))?.links.find(({ name }) => name === 'checkpoint')
  for (const { cid } of [{ cid: root }, checkpoint].filter(
    (link): link is Pick<DagLink, 'cid'> => link !== undefined,
  )) {
    const ours = read(cid)
    const theirs = await node.block(cidText(cid), ours?.length ?? 0)
    if (isBlockOf(cid, theirs)) continue
    throw new Fault(
      'pin/bad-block',
      `${nameOf(node)} gives other bytes for \`${cidText(cid)}\``,
      'its store is damaged',
    )
  }
}

/** How a pinning service stands to a root: it is asked where it has no pin, or one that failed. */
export async function pinAtService(node: PinNode, service: string, root: Cid, name: string): Promise<ServicePinState> {
  const state = await node.stateAtService(service, cidText(root))
  if (state === 'pinned' || state === 'pinning' || state === 'queued') return state
  const asked = await node.pinAtService(service, cidText(root), name)
  // `pinned` is believed of the list alone.
  return asked === 'pinned' ? await node.stateAtService(service, cidText(root)) : asked
}

function nameOf({ address }: PinNode): string {
  return `the IPFS node at \`${visibleText(address)}\``
}
