// The embedded block store: `tutela/ipfs/` in the Git directory. Blocks stand one behind the other in `blocks`, and `index`
// has a record of each by its CID: a run adds a few to both and flushes each once, where a file a block would be a flush a
// block. One writer at a time (the run's lock); a torn end is never read as a block, because whoever reads holds it against
// its CID. What is lost here can be made again from the log. No network.

import { hash } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { isAbsent, makeFolder, removeQuietly, syncFolder } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'
import type { BlockStore } from '../world-pins.ts'

/** SHA-256 of the CID's text, then offset and length, big-endian. */
const RECORD_BYTES = 48
const KEY_BYTES = 32

/** Blocks of a log are 256 kB at most, mostly far less. */
const BLOCKS_A_TIME = 64

/** Nothing is written before a block is put. Faults of the file system are thrown as they are, from what writes alone. */
export function openBlockStore(gitDir: string): BlockStore {
  const folder = join(gitDir, 'tutela', 'ipfs')
  const paths = { blocks: join(folder, 'blocks'), index: join(folder, 'index') }
  let index: Uint8Array | null = null
  const get = (cid: string): Uint8Array | null => {
    index ??= readIndex(paths.index)
    const place = findLast(index, keyOf(cid))
    return place === null ? null : readAt(paths.blocks, place)
  }
  return {
    get,
    put: async (blocks) => {
      const missing = [...blocks].filter(([cid, bytes]) => !isEqual(get(cid), bytes))
      if (missing.length === 0) return
      makeFolder(folder)
      await append(paths, missing)
      syncFolder(folder)
      index = null
    },
    bytes: () => statSync(paths.blocks, { throwIfNoEntry: false })?.size ?? 0,
    keepOnly: async (cids) => {
      const places = placesByKey(readIndex(paths.index))
      const kept = [...cids].flatMap((cid) => {
        const place = places.get(keyOf(cid).toString('latin1'))
        return place === undefined ? [] : [{ cid, place }]
      })
      await replace(folder, paths, kept)
      index = null
    },
    writeCar: (cid, pieces) => writeCar(folder, cid, pieces),
  }
}

function keyOf(cid: string): Buffer {
  return hash('sha256', cid, 'buffer')
}

/** Whole records: what stands behind them was torn by a crash. */
function readIndex(path: string): Uint8Array {
  try {
    const bytes = readFileSync(path)
    return bytes.subarray(0, bytes.length - (bytes.length % RECORD_BYTES))
  } catch {
    return new Uint8Array(0)
  }
}

interface Place {
  readonly at: number
  readonly length: number
}

/** The last record of a key: a block that was damaged is added once more. */
function findLast(index: Uint8Array, key: Uint8Array): Place | null {
  const records = Buffer.from(index.buffer, index.byteOffset, index.byteLength)
  for (let end = records.length; end > 0; ) {
    const at = records.lastIndexOf(key, end - 1)
    if (at === -1) return null
    if (at % RECORD_BYTES === 0) return placeIn(records, at)
    end = at
  }
  return null
}

/** All of them, where one search for each would read the index as often. */
function placesByKey(index: Uint8Array): ReadonlyMap<string, Place> {
  const records = Buffer.from(index.buffer, index.byteOffset, index.byteLength)
  const places = new Map<string, Place>()
  for (let at = 0; at < records.length; at += RECORD_BYTES) {
    places.set(records.toString('latin1', at, at + KEY_BYTES), placeIn(records, at))
  }
  return places
}

function placeIn(records: Buffer, at: number): Place {
  return { at: Number(records.readBigUInt64BE(at + KEY_BYTES)), length: records.readUInt32BE(at + KEY_BYTES + 8) }
}

/** Null where the file ends before, or cannot be read. */
function readAt(path: string, { at, length }: Place): Uint8Array | null {
  try {
    const file = openSync(path, 'r')
    try {
      if (fstatSync(file).size < at + length) return null
      const bytes = Buffer.alloc(length)
      return readSync(file, bytes, 0, length, at) === length ? bytes : null
    } finally {
      closeSync(file)
    }
  } catch {
    return null
  }
}

function isEqual(there: Uint8Array | null, bytes: Uint8Array): boolean {
  return there !== null && Buffer.compare(there, bytes) === 0
}

interface Paths {
  readonly blocks: string
  readonly index: string
}

async function append(paths: Paths, blocks: readonly (readonly [string, Uint8Array])[]): Promise<void> {
  const [data, index] = [openSync(paths.blocks, 'a'), openExisting(paths.index)]
  try {
    let at = fstatSync(data).size
    const records = Buffer.alloc(blocks.length * RECORD_BYTES)
    for (const [i, [cid, bytes]] of blocks.entries()) {
      keyOf(cid).copy(records, i * RECORD_BYTES)
      records.writeBigUInt64BE(BigInt(at), i * RECORD_BYTES + KEY_BYTES)
      records.writeUInt32BE(bytes.length, i * RECORD_BYTES + KEY_BYTES + 8)
      at += bytes.length
    }
    writeWhole(data, Buffer.concat(blocks.map(([, bytes]) => bytes)), null)
    const size = fstatSync(index).size
    writeWhole(index, records, size - (size % RECORD_BYTES))
    await Promise.all([flush(data), flush(index)])
  } finally {
    closeSync(data)
    closeSync(index)
  }
}

/** The index goes first: a store without one is empty, and is filled again; one index never stands beside other blocks. */
async function replace(folder: string, paths: Paths, kept: readonly { cid: string; place: Place }[]): Promise<void> {
  const fresh = { blocks: `${paths.blocks}.new`, index: `${paths.index}.new` }
  try {
    for (const path of [fresh.blocks, fresh.index]) removeQuietly(path)
    for (let i = 0; i === 0 || i < kept.length; i += BLOCKS_A_TIME) {
      const some = kept.slice(i, i + BLOCKS_A_TIME).flatMap(({ cid, place }) => {
        const bytes = readAt(paths.blocks, place)
        return bytes === null ? [] : [[cid, bytes] as const]
      })
      await append(fresh, some)
    }
    removeQuietly(paths.index)
    syncFolder(folder)
    renameSync(fresh.blocks, paths.blocks)
    renameSync(fresh.index, paths.index)
    syncFolder(folder)
  } catch (error) {
    for (const path of [fresh.blocks, fresh.index]) removeQuietly(path)
    throw error
  }
}

/** To be written anywhere, and kept as it is. */
function openExisting(path: string): number {
  try {
    return openSync(path, 'r+')
  } catch (error) {
    if (!isAbsent(error)) throw error
    return openSync(path, 'w+')
  }
}

function writeWhole(file: number, bytes: Uint8Array, from: number | null): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(file, bytes, done, bytes.length - done, from === null ? null : from + done)
  }
}

function flush(file: number): Promise<void> {
  return new Promise((resolve, reject) => fsync(file, (error) => (error === null ? resolve() : reject(error))))
}

/** One CAR is kept: the blocks have all that the older ones had. A name from a log is never a path. */
function writeCar(folder: string, cid: string, pieces: Iterable<Uint8Array>): string {
  if (!/^[a-z0-9]{1,100}$/.test(cid)) throw new Fault('pin/bad-cid', 'a block has a name that is no CID')
  makeFolder(folder)
  const path = join(folder, `${cid}.car`)
  const temporary = join(folder, `.${cid}.${process.pid}.tmp`)
  try {
    const file = openSync(temporary, 'w')
    try {
      for (const piece of pieces) writeWhole(file, piece, null)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    removeQuietly(temporary)
    throw error
  }
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.car') && name !== `${cid}.car`) removeQuietly(join(folder, name))
  }
  syncFolder(folder)
  return path
}
