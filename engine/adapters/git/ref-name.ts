// Which names a ref may have: https://git-scm.com/docs/git-check-ref-format
import { Fault } from '../../base/fault.ts'

/** A full name below `refs/`, or `HEAD`. */
export function isRefName(name: string): boolean {
  if (name === 'HEAD') return true
  if (!name.startsWith('refs/') || name.endsWith('.') || name.includes('..') || name.includes('@{')) return false
  if (/[\0-\x20\x7f~^:?*[\\]/.test(name) || !name.isWellFormed()) return false
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
}

/** Faults `git/bad-ref-name` for what could not be a ref, such as a name that leads out of `refs/`. */
export function requireRefName(name: string): void {
  if (isRefName(name)) return
  throw new Fault(
    'git/bad-ref-name',
    `\`${JSON.stringify(name).slice(1, -1)}\` cannot be the name of a ref`,
    'see `git check-ref-format`: no spaces, `..`, `~^:?*[\\`, no part that begins with `.` or ends in `.lock`',
  )
}
