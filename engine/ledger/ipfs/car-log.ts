// The log in a CAR: a directory with `checkpoint` and `tile/` and nothing else, every block of it there and none besides.
// Nothing is written, so a hostile name can lead nowhere; memory and time grow with the bytes, not with what they say.
import { compareText } from '../../base/order.ts'
import type { LogFiles } from '../verify-log.ts'
import type { VerifyProblem } from '../verify-problem.ts'
import { type CarIndex, type CarSource, indexCar, readBlock } from './car-index.ts'
import { type Cid, cidText } from './cid.ts'
import { type DagLink, decodeNode } from './dag-pb.ts'
import { decodeUnixfs, type UnixfsData } from './unixfs-data.ts'

/** The files of a CAR, and what is wrong with it as a CAR. Whether they are a sound log is for `verifyLog`. */
export interface CarLog {
  /** Of its root; null where it has none. */
  readonly cid: string | null
  readonly files: LogFiles
  readonly problems: readonly VerifyProblem[]
}

/** `tile/0/x001/x234/067.p/5` and more. */
const DEEPEST = 12
/** As `readLogFolder`: a bundle of 256 entries of the greatest length. */
const MOST_FILE_BYTES = 256 * 65_537
/** In chunks of 256 KiB, which is the smallest that nodes make. */
const MOST_PARTS = 65
const MOST_PROBLEMS = 100

/** Opens a CAR; with `cid`, one that must have that root. */
export function openCar(source: CarSource, cid: Cid | null = null): CarLog {
  const index = indexCar(source)
  const { root } = index
  if (root === null) return { cid: null, files: { list: () => [], read: () => null }, problems: index.problems }
  const reader = new CarReader(source, index)
  const named = cidText(root)
  if (cid !== null && cidText(cid) !== named) {
    reader.problem({ code: 'ledger/other-cid', where: 'header', expected: cidText(cid), actual: named })
  }
  reader.readRoot(root)
  for (const name of index.blocks.keys()) {
    if (!reader.reached.has(name)) reader.problem({ code: 'ledger/stray-block', where: name })
  }
  return {
    cid: named,
    files: { list: () => [...reader.files.keys()].sort(compareText), read: (path) => reader.read(path) },
    problems: [...index.problems, ...reader.problems],
  }
}

interface Block {
  readonly bytes: number
  readonly links: readonly DagLink[]
  /** Null: raw bytes. */
  readonly data: UnixfsData | null
}

class CarReader {
  readonly problems: VerifyProblem[] = []
  readonly reached = new Set<string>()
  /** By path the raw blocks that the file is made of. */
  readonly files = new Map<string, readonly Cid[]>()
  private readonly source: CarSource
  private readonly index: CarIndex
  private visits = 0
  private fileBytes = 0

  constructor(source: CarSource, index: CarIndex) {
    this.source = source
    this.index = index
  }

  problem(found: VerifyProblem): void {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(found)
  }

  readRoot(cid: Cid): void {
    const root = this.block(cid, '')
    if (root?.data?.type === 'directory') this.directory(cid, root, '')
    else if (root !== null) this.refuse(cid, '')
  }

  /** The bytes of a file that was found sound; null for any other path, and where the CAR was changed since. */
  read(path: string): Uint8Array | null {
    const chunks: Uint8Array[] = []
    for (const cid of this.files.get(path) ?? []) {
      const place = this.index.blocks.get(cidText(cid))
      const chunk = place === undefined ? null : readBlock(this.source, place)
      if (chunk === null) return null
      chunks.push(chunk)
    }
    const [only] = chunks
    if (only !== undefined && chunks.length === 1) return only
    return this.files.has(path) ? Buffer.concat(chunks) : null
  }

  /** The bytes of all blocks of a directory; null (and a problem) where something in it is not sound. */
  private directory(cid: Cid, { links, bytes }: Block, path: string): number | null {
    // Equal blocks under many names would otherwise be a tree without end from a few kilobytes.
    const isEndless = ++this.visits > 2 * this.index.blocks.size + 1000
    if (isEndless || path.split('/').length > DEEPEST || !isSorted(links)) return this.refuse(cid, path)
    if (links.length === 0 && path !== '') this.problem({ code: 'ledger/stray-file', where: path })
    let total: number | null = bytes
    for (const link of links) {
      const size = this.child(link, path)
      if (size !== null && size !== link.size) this.refuse(cid, path)
      total = size === null || total === null ? null : total + size
    }
    return total
  }

  private child({ name, cid }: DagLink, parent: string): number | null {
    if (!/^[0-9a-z]{1,16}(\.p)?$/.test(name)) {
      this.problem({ code: 'ledger/bad-name', where: parent === '' ? 'root' : parent, actual: name.slice(0, 100) })
      return null
    }
    const path = parent === '' ? name : `${parent}/${name}`
    if (parent === '' && name !== 'checkpoint' && name !== 'tile') {
      this.problem({ code: 'ledger/stray-file', where: path })
      return null
    }
    const block = this.block(cid, path)
    if (block === null) return null
    return block.data?.type === 'directory' ? this.directory(cid, block, path) : this.file(cid, block, path)
  }

  private file(cid: Cid, block: Block, path: string): number | null {
    const parts = block.data === null ? [cid] : this.parts(block, path)
    if (parts === null) return this.refuse(cid, path)
    const bytes = block.data?.type === 'file' ? block.data.size : block.bytes
    this.fileBytes += bytes
    this.visits++
    // The same for equal chunks: a log of equal tiles has some, but not this many.
    const isEndless = this.fileBytes > 8 * this.source.size + 64 * 1024 * 1024
    if (isEndless || bytes > MOST_FILE_BYTES) return this.refuse(cid, path)
    this.files.set(path, parts)
    return block.data === null ? bytes : block.bytes + bytes
  }

  /** The chunks of a file that say, each and together, the sizes that they have; null otherwise. */
  private parts({ links, data }: Block, path: string): Cid[] | null {
    if (data?.type !== 'file' || data.data !== null || links.length > MOST_PARTS) return null
    if (links.length < 2 || links.length !== data.parts.length) return null
    let sum = 0
    for (const [i, { name, cid, size }] of links.entries()) {
      const part = cid.codec === 'raw' ? this.block(cid, path) : null
      if (part === null || part.bytes === 0) return null
      if (name !== '' || part.bytes !== size || part.bytes !== data.parts[i]) return null
      sum += part.bytes
    }
    return sum === data.size ? links.map(({ cid }) => cid) : null
  }

  /** A block that is there; null (and a problem) where it is not, or is no node of UnixFS. */
  private block(cid: Cid, path: string): Block | null {
    const name = cidText(cid)
    const place = this.index.blocks.get(name)
    if (place === undefined) {
      this.problem({ code: 'ledger/missing-block', where: path === '' ? name : `${path} (${name})` })
      return null
    }
    this.reached.add(name)
    if (cid.codec === 'raw') return { bytes: place.length, links: [], data: null }
    const bytes = readBlock(this.source, place)
    const node = bytes === null ? null : decodeNode(bytes)
    const data = node === null ? null : decodeUnixfs(node.data)
    return node === null || data === null ? this.refuse(cid, path) : { bytes: place.length, links: node.links, data }
  }

  private refuse(cid: Cid, path: string): null {
    this.problem({ code: 'ledger/bad-block', where: path === '' ? cidText(cid) : `${path} (${cidText(cid)})` })
    return null
  }
}

/** By the bytes of the names; none twice. */
function isSorted(links: readonly DagLink[]): boolean {
  return links.every(({ name }, i) => {
    const before = links[i - 1]
    return before === undefined || Buffer.compare(Buffer.from(before.name), Buffer.from(name)) < 0
  })
}
