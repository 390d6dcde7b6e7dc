// Who holds a lock: host, process and the moment the process began, so that a dead holder is told from a living one
// that was given the same process id.
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** Which process holds a lock: by its beginning too, since numbers of processes are used again. */
export interface LockHolder {
  readonly host: string
  readonly pid: number
  /** Boot and clock tick at which the process began (Linux); `''` where the system does not tell. */
  readonly began: string
}

let self: LockHolder | undefined

/** This process. */
export function thisHolder(): LockHolder {
  self ??= { host: hostname(), pid: process.pid, began: processBegan(process.pid) }
  return self
}

/** Whether the holder cannot be running any more; false whenever that is not certain (another host, no answer). */
export function isDead(holder: LockHolder): boolean {
  if (holder.host !== hostname()) return false
  if (!isRunning(holder.pid)) return true
  const began = processBegan(holder.pid)
  return began !== '' && holder.began !== '' && began !== holder.began
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as { code?: unknown }).code !== 'ESRCH'
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: field 22, counted after the name in parentheses. */
function processBegan(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const tick = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8)
    return /^\d+$/.test(tick) ? `${boot}.${tick}` : ''
  } catch {
    return ''
  }
}
