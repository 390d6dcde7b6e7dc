// A folder for what does not fit in memory and for converted files. It holds rows, so it is for the user alone, and it goes
// when the work ends, also by a signal. What SIGKILL or a power cut leaves behind, the next process removes.
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDead, type LockHolder, thisHolder } from '../../base/lock-holder.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const PREFIX = 'tutela-observe-'
/** In the folder: whose it is. */
const HOLDER = 'holder.json'
const open = new Set<string>()

/** Mode 700, below TMPDIR. */
export function makeScratch(): string {
  if (open.size === 0) {
    for (const signal of SIGNALS) process.on(signal, leave)
    removeAbandoned()
  }
  const folder = mkdtempSync(join(tmpdir(), PREFIX))
  writeFileSync(join(folder, HOLDER), JSON.stringify(thisHolder()))
  open.add(folder)
  return folder
}

/** With all in it. Done already: nothing happens. */
export function removeScratch(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  open.delete(folder)
  if (open.size === 0) for (const signal of SIGNALS) process.off(signal, leave)
}

/** This user's folders whose process is certainly dead. One that cannot be judged or removed is left to its owner. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name)
    try {
      const { uid } = lstatSync(folder)
      const holder = JSON.parse(readFileSync(join(folder, HOLDER), 'utf8')) as LockHolder
      if (uid === process.getuid?.() && isDead(holder)) rmSync(folder, { recursive: true, force: true })
    } catch {
      // Of another program, or just being made or removed by another process.
    }
  }
}

/** Then the signal does what it would have done. */
function leave(signal: NodeJS.Signals): void {
  for (const folder of [...open]) removeScratch(folder)
  process.kill(process.pid, signal)
}
