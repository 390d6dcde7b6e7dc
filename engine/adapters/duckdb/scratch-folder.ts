// A folder for what does not fit in memory and for converted files. It holds rows, so it is for the user alone, and it goes
// when the work ends, also by a signal; only SIGKILL and a power cut can leave one behind.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const open = new Set<string>()

/** Mode 700, below TMPDIR. */
export function makeScratch(): string {
  if (open.size === 0) for (const signal of SIGNALS) process.on(signal, leave)
  const folder = mkdtempSync(join(tmpdir(), 'tutela-observe-'))
  open.add(folder)
  return folder
}

/** With all in it. Done already: nothing happens. */
export function removeScratch(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  open.delete(folder)
  if (open.size === 0) for (const signal of SIGNALS) process.off(signal, leave)
}

/** Then the signal does what it would have done. */
function leave(signal: NodeJS.Signals): void {
  for (const folder of [...open]) removeScratch(folder)
  process.kill(process.pid, signal)
}
