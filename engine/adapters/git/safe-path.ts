// Which paths may stand in a tree or be written to a working folder: what `git fsck` and `core.protectHFS/NTFS` refuse
// is refused here on every system, since a repository travels.
import { Fault } from '../../base/fault.ts'

/** Code points that HFS+ ignores in names, so that `.g\u200cit` is `.git` there. */
const HFS_IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

/** Whether one name (no `/`) may stand in a tree. */
export function isSafeName(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) return false
  const first = name.charCodeAt(0)
  if (first < 128 && first !== 46 && first !== 71 && first !== 103) return true
  return !isDotGit(name)
}

/** Whether no part of a path leads out of the tree or into `.git`, on any file system. */
export function isSafePath(path: string): boolean {
  return path.split('/').every(isSafeName)
}

/** Faults `git/unsafe-path` for `..`, `.git` in any disguise, empty names and NUL. */
export function requireSafePath(path: string): void {
  if (isSafePath(path)) return
  throw new Fault(
    'git/unsafe-path',
    `\`${JSON.stringify(path).slice(1, -1)}\` cannot be a path of a repository`,
    'a path is relative and has no empty, `.`, `..` or `.git` part',
  )
}

/** `.git` on some file system: https://github.com/git/git/blob/v2.47.0/path.c#L1417 (is_ntfs_dotgit), utf8.c (is_hfs_dotgit). */
function isDotGit(name: string): boolean {
  const ntfs = (name.split(/[\\:]/, 1)[0] ?? '').replace(/[ .]+$/, '').toLowerCase()
  if (ntfs === '.git' || ntfs === 'git~1') return true
  return name.replace(HFS_IGNORED, '').toLowerCase() === '.git'
}
