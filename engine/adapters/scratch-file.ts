// A file without a name, for what is laid aside and read back by the same process. It is gone with the process, whatever
// ends it, and nobody else can open it.
import { closeSync, mkdtempSync, openSync, readSync, rmSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Fault } from '../base/fault.ts'
import type { ScratchFile } from '../world.ts'

/**
 * Who lays aside has much to do in little memory: V8 then collects garbage before its heap has doubled, and not quadrupled.
 * Null where no file can be made, or its name cannot be removed while it is open.
 */
export function openScratchFile(): ScratchFile | null {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'tutela-'))
    try {
      const path = join(folder, 'aside')
      const file = openSync(path, 'wx+', 0o600)
      unlinkSync(path)
      setFlagsFromString('--heap-growing-percent=80')
      return scratchFile(file)
    } finally {
      rmSync(folder, { recursive: true })
    }
  } catch {
    return null
  }
}

function scratchFile(file: number): ScratchFile {
  let [end, isFull] = [0, false]
  return {
    append(pieces) {
      if (isFull) return false
      const bytes = Buffer.concat(pieces)
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at, end + at)
      } catch {
        isFull = true
        return false
      }
      end += bytes.length
      return true
    },
    read(from, length) {
      const bytes = Buffer.allocUnsafe(length)
      for (let at = 0; at < length; ) {
        const read = readSync(file, bytes, at, length - at, from + at)
        if (read === 0) {
          closeSync(file)
          throw new Fault(
            'system/scratch-file',
            'a temporary file was cut short',
            'is something else writing to the temporary folder?',
          )
        }
        at += read
      }
      return bytes
    },
  }
}
