// CARv1: a header that names the root, and blocks behind their lengths; root first, depth first, each block once, as
// `ipfs dag export` writes. A stream: one block is in memory at a time. Source: https://ipld.io/specs/transport/car/carv1/
import { Fault } from '../../base/fault.ts'
import { type Cid, cidBytes, cidText, isBlockOf } from './cid.ts'
import { decodeNode } from './dag-pb.ts'
import { writeVarint } from './varint.ts'

/** The bytes of a block, from wherever it is; null where it is not there. */
export type ReadBlock = (cid: Cid) => Uint8Array | null

/** The header of a CAR with one root, behind its length. */
export function carHeader(root: Cid): Uint8Array {
  const cid = cidBytes(root)
  // DAG-CBOR of { roots: [root], version: 1 }: keys by length, then bytes; a CID is tag 42 over a zero byte and its bytes.
  const header = Buffer.concat([
    Uint8Array.of(0xa2, 0x65),
    Buffer.from('roots'),
    Uint8Array.of(0x81, 0xd8, 0x2a, 0x58, cid.length + 1, 0x00),
    cid,
    Uint8Array.of(0x67),
    Buffer.from('version'),
    Uint8Array.of(0x01),
  ])
  return Buffer.concat([writeVarint(header.length), header])
}

/** One block behind its length and CID. */
export function carFrame(cid: Cid, block: Uint8Array): Uint8Array {
  const name = cidBytes(cid)
  return Buffer.concat([writeVarint(name.length + block.length), name, block])
}

/** Which blocks a CAR leaves out, with all below them: those that the receiver has. */
export interface CarOptions {
  readonly without?: (cid: Cid) => boolean
}

/**
 * The pieces of the CAR of everything below a root. Each block is held against its CID before it goes out. Faults
 * `pin/missing-block` where one is not there, or is another.
 */
export function* carPieces(root: Cid, read: ReadBlock, { without }: CarOptions = {}): Generator<Uint8Array> {
  yield carHeader(root)
  const seen = new Set<string>()
  const open: Cid[] = [root]
  for (let cid = open.pop(); cid !== undefined; cid = open.pop()) {
    const name = cidText(cid)
    if (seen.has(name) || without?.(cid) === true) continue
    seen.add(name)
    const block = read(cid)
    if (block === null || !isBlockOf(cid, block)) throw missingBlock(cid)
    yield carFrame(cid, block)
    if (cid.codec === 'raw') continue
    const node = decodeNode(block)
    if (node === null) throw missingBlock(cid)
    for (const link of [...node.links].reverse()) open.push(link.cid)
  }
}

/** Nobody branches on the text; whoever has the log can make its blocks again. */
function missingBlock(cid: Cid): Fault {
  return new Fault(
    'pin/missing-block',
    `block \`${cidText(cid)}\` is missing here, or damaged`,
    '`tutela ledger pin` makes all blocks again from the log',
  )
}
