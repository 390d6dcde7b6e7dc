// The embedded block store: `tutela/ipfs/` in the Git directory, one file a block under its CID. No network. What is lost
// there can be made again from the log.
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createAllDurably } from '../base/durable-batch.ts'
import { makeFolder, removeQuietly, syncFolder, writeDurably } from '../base/durable-files.ts'
import { Fault } from '../base/fault.ts'
import type { BlockStore } from '../world-pins.ts'

/** Nothing is written before a block is put. Faults of the file system are thrown as they are. */
export function openBlockStore(gitDir: string): BlockStore {
  const folder = join(gitDir, 'tutela', 'ipfs')
  const pathOf = (cid: string) => join(folder, 'blocks', named(cid))
  return {
    get: (cid) => readIfThere(pathOf(cid)),
    put: async (blocks) => {
      const files = new Map([...blocks].map(([cid, bytes]) => [pathOf(cid), bytes]))
      for (const path of await createAllDurably(files)) {
        const bytes = files.get(path) ?? new Uint8Array(0)
        const there = readIfThere(path)
        // A damaged file under the right name would stay for ever.
        if (there === null || Buffer.compare(there, bytes) !== 0) writeDurably(path, bytes)
      }
    },
    writeCar: (cid, pieces) => writeCar(folder, named(cid), pieces),
  }
}

/** A name from a log is never a path. */
function named(cid: string): string {
  if (/^[a-z0-9]{1,100}$/.test(cid)) return cid
  throw new Fault('pin/bad-cid', 'a block has a name that is no CID')
}

function readIfThere(path: string): Uint8Array | null {
  try {
    return existsSync(path) ? readFileSync(path) : null
  } catch {
    return null
  }
}

/** One CAR is kept: the blocks have all that the older ones had. */
function writeCar(folder: string, cid: string, pieces: Iterable<Uint8Array>): string {
  makeFolder(folder)
  const path = join(folder, `${cid}.car`)
  const temporary = join(folder, `.${cid}.${process.pid}.tmp`)
  try {
    writePieces(temporary, pieces)
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

function writePieces(path: string, pieces: Iterable<Uint8Array>): void {
  const file = openSync(path, 'w')
  try {
    for (const piece of pieces) {
      for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at)
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
