// `tutela/cache` in the common Git directory. Nothing in it is needed: what cannot be read is absent, what cannot be
// written is not. Files are replaced whole, but not flushed: a checksum tells a torn one (base/checked-file.ts).
import { createHash, randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, unlinkSync, writevSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { CacheFolder } from '../world.ts'
import { readStart } from './git/plain-file.ts'

/** The cache in `tutela/cache` of a Git directory. Nothing is written before somebody asks for it. */
export function openCacheFolder(gitDir: string): CacheFolder {
  const folder = join(gitDir, 'tutela', 'cache')
  let engine: string | null = null
  return {
    get engine() {
      engine ??= engineId()
      return engine
    },
    read(name, most) {
      try {
        return most === undefined ? readFileSync(join(folder, name)) : readStart(join(folder, name), most).bytes
      } catch {
        return null
      }
    },
    write(name, pieces) {
      try {
        mkdirSync(folder, { recursive: true })
        replace(join(folder, name), pieces)
        return true
      } catch {
        return false
      }
    },
    list() {
      try {
        return readdirSync(folder)
      } catch {
        return []
      }
    },
    remove(name) {
      try {
        unlinkSync(join(folder, name))
      } catch {
        // Whoever reads it next holds it against its sum.
      }
    },
  }
}

function replace(path: string, pieces: readonly Uint8Array[]): void {
  const temporary = `${path}.${randomUUID()}`
  const file = openSync(temporary, 'wx')
  try {
    try {
      writeAll(file, pieces)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    unlinkSync(temporary)
    throw error
  }
}

/** As many as the system takes in one call. */
const MOST_PIECES = 512

function writeAll(file: number, pieces: readonly Uint8Array[]): void {
  for (let i = 0; i < pieces.length; i += MOST_PIECES) {
    let batch = pieces.slice(i, i + MOST_PIECES)
    let left = batch.reduce((sum, piece) => sum + piece.length, 0)
    while (left > 0) {
      let written = writevSync(file, batch)
      left -= written
      while (batch[0] !== undefined && written >= batch[0].length) {
        written -= batch[0].length
        batch = batch.slice(1)
      }
      if (batch[0] !== undefined) batch = [batch[0].subarray(written), ...batch.slice(1)]
    }
  }
}

/** Set by the bundler. */
declare const TUTELA_BUILD: string | undefined

/** Of the program itself, so that what another version or an edited source found is never taken for this one's. */
function engineId(): string {
  const build = typeof TUTELA_BUILD === 'string' ? TUTELA_BUILD : sourceId(dirname(import.meta.dirname))
  return `${build} ${process.version}`
}

/** Run from its source. */
function sourceId(engine: string): string {
  const sum = createHash('sha256')
  for (const path of readdirSync(engine, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.(ts|json)$/.test(path)) sum.update(`\0${path}\0`).update(readFileSync(join(engine, path)))
  }
  return sum.digest('hex')
}
