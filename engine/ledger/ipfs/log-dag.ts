// The directory of a log as blocks. Made from an earlier snapshot's, only what changed is read and written: new tiles, the
// partial ones of the right edge, and the directories above them. From nothing, every file is read.
import { Fault } from '../../base/fault.ts'
import type { ReadLogFile } from '../plan-append.ts'
import type { ReadBlock } from './car-write.ts'
import { type Cid, isBlockOf } from './cid.ts'
import { type DagLink, decodeNode } from './dag-pb.ts'
import { changedPaths } from './log-paths.ts'
import { UNIXFS_V1_2025 } from './profile.ts'
import { addDirectory } from './unixfs-directory.ts'
import { addFile, type Made, type TakeBlock } from './unixfs-file.ts'

/** An earlier snapshot of the same log, whose directories `block` has. That it is of this log is the caller's to know. */
export interface LogSnapshot {
  readonly cid: Cid
  readonly size: number
  readonly block: ReadBlock
}

/** The log to be named, and what is known of it. */
export interface LogDagRequest {
  /** Of the log that `read` reads. */
  readonly size: number
  readonly read: ReadLogFile
  /** Left out: all files are read. A snapshot whose directories are not there counts as none. */
  readonly from?: LogSnapshot
}

/** A block by its name. */
export type NamedBlock = readonly [cid: Cid, bytes: Uint8Array]

/** The root of the log's directory. Faults `ledger/unreadable` where a file that its size needs is not there. */
export function logDag(request: LogDagRequest): Made {
  const blocks = logBlocks(request)
  for (let step = blocks.next(); ; step = blocks.next()) if (step.done === true) return step.value
}

/**
 * The same, with the blocks that the snapshot lacks: children first, the root last, one file in memory at a time.
 * Returns the root.
 */
export function* logBlocks({ size, read, from }: LogDagRequest): Generator<NamedBlock, Made> {
  const known = from === undefined || from.size > size ? null : loadRoot(from)
  const isWhole = from !== undefined && known?.isWhole(changedPaths(from.size, size)) === true
  const root = isWhole && known !== null ? known : new Directory(new Map(), () => null)
  const { added, removed } = changedPaths(isWhole ? from.size : 0, size)
  for (const path of removed) root.remove(path.split('/'))
  for (const path of [...added, 'checkpoint']) {
    const bytes = read(path)
    if (bytes === null) {
      const hint = 'see what else is wrong: `tutela verify ledger`'
      throw new Fault('ledger/unreadable', `the log has no \`${path}\``, hint)
    }
    const blocks: NamedBlock[] = []
    const names = path.split('/')
    const file = addFile(bytes, UNIXFS_V1_2025, (cid, block) => blocks.push([cid, block]))
    root.set(names, { name: names.at(-1) ?? '', ...file })
    yield* blocks
  }
  const blocks: NamedBlock[] = []
  const made = root.write((cid, block) => blocks.push([cid, block]))
  yield* blocks
  return made
}

function loadRoot({ cid, block }: LogSnapshot): Directory | null {
  const links = readLinks(cid, block)
  return links === null ? null : new Directory(links, block)
}

function readLinks(cid: Cid, read: ReadBlock): Map<string, DagLink> | null {
  const block = cid.codec === 'raw' ? null : read(cid)
  const node = block === null || !isBlockOf(cid, block) ? null : decodeNode(block)
  return node === null ? null : new Map(node.links.map((link) => [link.name, link]))
}

/** A directory that is being changed; those within it are loaded when a path leads there. */
class Directory {
  private readonly links: Map<string, DagLink>
  private readonly opened = new Map<string, Directory>()
  private readonly block: ReadBlock

  constructor(links: Map<string, DagLink>, block: ReadBlock) {
    this.links = links
    this.block = block
  }

  /** Whether every directory on the way to these paths is at hand; opens them. */
  isWhole({ added, removed }: { readonly added: readonly string[]; readonly removed: readonly string[] }): boolean {
    return [...added, ...removed].every((path) => {
      let at: Directory | null = this
      for (const name of path.split('/').slice(0, -1)) at = at?.open(name) ?? null
      return at !== null
    })
  }

  set([name = '', ...rest]: readonly string[], link: DagLink): void {
    if (rest.length === 0) this.links.set(name, link)
    else this.open(name)?.set(rest, link)
  }

  remove([name = '', ...rest]: readonly string[]): void {
    if (rest.length === 0) this.links.delete(name)
    else this.open(name)?.remove(rest)
  }

  write(take: TakeBlock): Made {
    for (const [name, directory] of this.opened) {
      if (directory.isEmpty()) this.links.delete(name)
      else this.links.set(name, { name, ...directory.write(take) })
    }
    return addDirectory([...this.links.values()], UNIXFS_V1_2025, take)
  }

  private isEmpty(): boolean {
    return this.links.size === 0 && [...this.opened.values()].every((directory) => directory.isEmpty())
  }

  /** Null where there is one whose block is not at hand. */
  private open(name: string): Directory | null {
    const known = this.opened.get(name)
    if (known !== undefined) return known
    const link = this.links.get(name)
    const links = link === undefined ? new Map<string, DagLink>() : readLinks(link.cid, this.block)
    if (links === null) return null
    const directory = new Directory(links, this.block)
    this.opened.set(name, directory)
    return directory
  }
}
