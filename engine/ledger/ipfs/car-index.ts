// The blocks of a CAR that a stranger gave: each held against its CID, none twice, nothing behind the last. Keeps where each
// stands, and none of their bytes. What they mean is car-log.ts.
import type { VerifyProblem } from '../verify-problem.ts'
import { carHeader } from './car-write.ts'
import { type Cid, cidText, isBlockOf, readCid } from './cid.ts'
import { readVarint } from './varint.ts'

/** Bytes that can be read at any place; fewer come back where they end. */
export interface CarSource {
  readonly size: number
  read(at: number, length: number): Uint8Array
}

/** Where a block stands. */
export interface BlockPlace {
  readonly cid: Cid
  readonly at: number
  readonly length: number
}

/** The sound blocks by the text of their CIDs. */
export interface CarIndex {
  /** Null where the header is none. */
  readonly root: Cid | null
  readonly blocks: ReadonlyMap<string, BlockPlace>
  readonly problems: readonly VerifyProblem[]
}

/** Of a header with one CIDv1. */
const HEADER_BYTES = 59
/** A chunk of our profile has 1 MiB, and nodes on the wire may have 2 MiB. */
const MOST_BLOCK_BYTES = 2 * 1024 * 1024
/** Of a log of 128 million entries. */
const MOST_BLOCKS = 1_000_000
/** How many problems are told before the reading ends. */
const MOST_PROBLEMS = 20
const LONGEST_HEAD = 8 + 36

/** Reads a CAR from its beginning to its end. */
export function indexCar(source: CarSource): CarIndex {
  const root = readRoot(source)
  const problems: VerifyProblem[] = []
  const blocks = new Map<string, BlockPlace>()
  if (root === null) return { root, blocks, problems: [{ code: 'ledger/bad-car', where: 'header' }] }
  for (let at = HEADER_BYTES; at < source.size; ) {
    const frame = readFrame(source, at)
    if (frame === null || blocks.size === MOST_BLOCKS || problems.length === MOST_PROBLEMS) {
      problems.push({ code: 'ledger/bad-car', where: `byte ${at}` })
      break
    }
    const { cid, end } = frame
    const name = cidText(cid)
    if (blocks.has(name)) problems.push({ code: 'ledger/repeated-block', where: name })
    else if (!isBlockOf(cid, source.read(frame.at, end - frame.at)))
      problems.push({ code: 'ledger/bad-block', where: name })
    else blocks.set(name, { cid, at: frame.at, length: end - frame.at })
    at = end
  }
  return { root, blocks, problems }
}

/** Every other header (more roots, another version, CBOR in another form) is refused. */
function readRoot(source: CarSource): Cid | null {
  const bytes = source.read(0, HEADER_BYTES)
  const root = readCid(bytes.subarray(bytes.indexOf(0x58) + 3))?.cid ?? null
  return root?.version === 1 && Buffer.compare(carHeader(root), bytes) === 0 ? root : null
}

function readFrame(source: CarSource, start: number) {
  const head = source.read(start, LONGEST_HEAD)
  const length = readVarint(head, 0)
  const name = length === null ? null : readCid(head.subarray(length.next))
  if (length === null || name === null || name.cid.version !== 1) return null
  const at = start + length.next + name.length
  const end = start + length.next + length.value
  return end < at || end - at > MOST_BLOCK_BYTES || end > source.size ? null : { cid: name.cid, at, end }
}

/** The bytes of a block, held against its CID once more: a file may change while it is read. */
export function readBlock(source: CarSource, { cid, at, length }: BlockPlace): Uint8Array | null {
  const bytes = source.read(at, length)
  return isBlockOf(cid, bytes) ? bytes : null
}
