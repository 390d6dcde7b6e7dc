// An append as a plan: the files to add, the partial tiles that are no longer needed, and the next signed checkpoint.
// Made from the right edge of the log alone (O(log n) hashes). Carrying it out is a run's commit, or append.ts in a folder.
import { Fault, internalError } from '../base/fault.ts'
import { type Checkpoint, formatCheckpoint, parseCheckpoint } from './checkpoint.ts'
import { type Allocate, decodeBundle, encodeBundle } from './entry-bundle.ts'
import { checkNote, parseNote, signNote } from './note.ts'
import type { Signer, VerifierKey } from './note-key.ts'
import { edgeWidths, TILE_WIDTH, tilePath } from './tile-path.ts'
import { rootOfTile } from './tile-tree.ts'
import { equalBytes, HASH_BYTES, leafHashes, type TreeHash } from './tree-hash.ts'
import { foldEdge } from './tree-root.ts'

/** Reads a file of the log by its path in the log's folder (`checkpoint`, `tile/0/000`); null where there is none. */
export type ReadLogFile = (path: string) => Uint8Array | null

/** The log as it stands, what is to be added, and who signs. */
export interface AppendRequest {
  readonly read: ReadLogFile
  readonly entries: readonly Uint8Array[]
  /** All of them sign; during a rotation two. */
  readonly signers: readonly Signer[]
  /** Keys besides the signers' that may have signed the last checkpoint. */
  readonly trusted?: readonly VerifierKey[]
  readonly origin: string
  /** Where the bundles of the plan are made; fresh memory if left out. */
  readonly allocate?: Allocate
}

/** What carrying the append out writes and removes; the log is the old one until `checkpoint` is in place. */
export interface AppendPlan {
  /** New files by path, `checkpoint` last. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Partial tiles of the last checkpoint that the next one does not need, sorted by level. */
  readonly remove: readonly string[]
  /** The signed note. */
  readonly checkpoint: Uint8Array
  readonly size: number
  readonly root: TreeHash
  /** Index of the first new entry: the size before. */
  readonly firstIndex: number
}

/**
 * Plans the append. Faults `ledger/does-not-extend` when the last checkpoint is not one of ours (origin, signature), or
 * the right edge does not have its root, or a file stands where a new one would, with other bytes.
 */
export function planAppend(request: AppendRequest): AppendPlan {
  const { read, entries, signers, trusted = [], origin } = request
  const keys = [...signers.map(({ key }) => key), ...trusted]
  if (!signers.every(({ key }) => key.name === origin)) internalError('a log key is named like its origin')
  const edge = readEdge(read, readLastCheckpoint(read, keys, origin))
  const grown = grow(edge, request)
  for (const [path, bytes] of grown.files) {
    const present = read(path)
    if (present !== null && !equalBytes(present, bytes)) throw refusal(`\`${path}\` stands there with other bytes`)
  }
  const size = edge.size + entries.length
  const root = foldEdge(grown.tiles, rootOfTile)
  const checkpoint = signNote(formatCheckpoint({ origin, size: BigInt(size), root }), signers)
  const files = new Map([...grown.files, ['checkpoint', checkpoint] as const])
  return {
    files,
    remove: entries.length === 0 ? [] : removedPartials(edge.size, size),
    checkpoint,
    size,
    root,
    firstIndex: edge.size,
  }
}

function refusal(what: string): Fault {
  return new Fault(
    'ledger/does-not-extend',
    `${what}, so nothing is signed`,
    'find what differs with `tutela verify ledger`, and put the log back as it was committed last',
  )
}

/** The checkpoint that the next one must extend; null before the first. */
function readLastCheckpoint(read: ReadLogFile, keys: readonly VerifierKey[], origin: string): Checkpoint | null {
  const bytes = read('checkpoint')
  if (bytes === null) {
    refuseOrphans(read)
    return null
  }
  const note = parseNote(bytes)
  const checkpoint = note === null ? null : parseCheckpoint(note.text)
  if (note === null || checkpoint === null) throw refusal('the last checkpoint cannot be read')
  if (checkpoint.origin !== origin) {
    throw refusal(`the last checkpoint is of the log \`${checkpoint.origin}\`, not \`${origin}\``)
  }
  if (!checkNote(note, keys).ok) throw refusal('the last checkpoint is not signed by a key that is at hand')
  if (checkpoint.size > BigInt(Number.MAX_SAFE_INTEGER)) throw refusal(`the log says it has ${checkpoint.size} entries`)
  return checkpoint
}

/** Tiles without a checkpoint are a log that lost its head: beginning anew would be a fork. */
function refuseOrphans(read: ReadLogFile): void {
  for (let width = 1; width <= TILE_WIDTH; width++) {
    const path = tilePath({ row: 0, index: 0, width })
    if (read(path) !== null) throw refusal(`\`${path}\` stands there without a checkpoint`)
  }
}

/** The right edge of a log. */
interface Edge {
  readonly size: number
  /** The rightmost tile of each level, empty where a level ends on a full tile. */
  readonly tiles: readonly Uint8Array[]
  /** The entries of the level 0 tile. */
  readonly entries: readonly Uint8Array[]
}

function readEdge(read: ReadLogFile, checkpoint: Checkpoint | null): Edge {
  if (checkpoint === null) return { size: 0, tiles: [], entries: [] }
  const size = Number(checkpoint.size)
  const tiles = edgeWidths(size).map(({ level, index, width }) => {
    if (width === 0) return new Uint8Array(0)
    const path = tilePath({ row: level, index, width })
    const tile = read(path)
    if (tile === null || tile.length !== width * HASH_BYTES)
      throw refusal(`\`${path}\` is missing or has another length`)
    return tile
  })
  if (!equalBytes(foldEdge(tiles, rootOfTile), checkpoint.root))
    throw refusal('the right edge does not have the root of the last checkpoint')
  return { size, tiles, entries: readEdgeEntries(read, size, tiles[0]) }
}

function readEdgeEntries(read: ReadLogFile, size: number, leaves: Uint8Array | undefined): readonly Uint8Array[] {
  const width = size % TILE_WIDTH
  if (width === 0 || leaves === undefined) return []
  const path = tilePath({ row: 'entries', index: Math.floor(size / TILE_WIDTH), width })
  const bundle = read(path)
  const entries = bundle === null ? null : decodeBundle(bundle)
  if (entries === null || !equalBytes(leafHashes(entries), leaves)) {
    throw refusal(`\`${path}\` does not hold the entries of its tile`)
  }
  return entries
}

const TILE_BYTES = TILE_WIDTH * HASH_BYTES

/** The files that the new entries add, bundles and lower levels first, and the right edge after them. */
function grow(
  edge: Edge,
  { entries, allocate }: Pick<AppendRequest, 'entries' | 'allocate'>,
): { files: Map<string, Uint8Array>; tiles: Uint8Array[] } {
  const files = new Map<string, Uint8Array>()
  for (const [path, part] of entries.length > 0 ? bundlesOf(edge, entries) : [])
    files.set(path, encodeBundle(part, allocate))
  const tiles: Uint8Array[] = []
  let added: Uint8Array = leafHashes(entries)
  for (let level = 0; level < edge.tiles.length || added.length > 0; level++) {
    const before = edge.tiles[level] ?? new Uint8Array(0)
    const units = before.length === 0 ? added : Buffer.concat([before, added])
    const first = Math.floor(edge.size / TILE_WIDTH ** (level + 1))
    for (let at = 0; added.length > 0 && at < units.length; at += TILE_BYTES) {
      const tile = units.subarray(at, at + TILE_BYTES)
      files.set(tilePath({ row: level, index: first + at / TILE_BYTES, width: tile.length / HASH_BYTES }), tile)
    }
    const full = units.length - (units.length % TILE_BYTES)
    tiles.push(units.subarray(full))
    added = rootsOfTiles(units.subarray(0, full))
  }
  return { files, tiles }
}

function* bundlesOf(edge: Edge, entries: readonly Uint8Array[]): Generator<[path: string, entries: Uint8Array[]]> {
  const all = [...edge.entries, ...entries]
  const first = Math.floor(edge.size / TILE_WIDTH)
  for (let at = 0; at < all.length; at += TILE_WIDTH) {
    const part = all.slice(at, at + TILE_WIDTH)
    yield [tilePath({ row: 'entries', index: first + at / TILE_WIDTH, width: part.length }), part]
  }
}

/** Of full tiles that lie one after the other. */
function rootsOfTiles(tiles: Uint8Array): Buffer {
  const roots = Buffer.allocUnsafe(tiles.length / TILE_WIDTH)
  for (let at = 0; at < tiles.length; at += TILE_BYTES)
    roots.set(rootOfTile(tiles.subarray(at, at + TILE_BYTES)), at / TILE_WIDTH)
  return roots
}

/** The partial tiles and bundle of `before` that differ from those of `after`. */
function removedPartials(before: number, after: number): string[] {
  const kept = new Set(partials(after))
  return partials(before).filter((path) => !kept.has(path))
}

function partials(size: number): string[] {
  const edge = edgeWidths(size)
    .filter(({ width }) => width > 0)
    .map(({ level, index, width }) => ({ row: level as number | 'entries', index, width }))
  const lowest = edge[0]
  const bundle = lowest?.row === 0 ? [{ ...lowest, row: 'entries' as const }] : []
  return [...bundle, ...edge].map(tilePath)
}
