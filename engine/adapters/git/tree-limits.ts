// How deep and how wide the trees may be that are listed: a few small trees that name each other many times over would
// otherwise list files without end (https://kate.io/blog/git-bomb/), and one below another without end the stack.
import { Fault } from '../../base/fault.ts'

/** Git's own limit (`core.maxTreeDepth`). */
const MAX_DEPTH = 2048

/** Arbitrary; what 10,000 models keep in years of snapshots and reports, and half a GiB of memory. */
const MAX_ENTRIES = 2_000_000

/** Faults `git/too-large`. `path`: where the listing stands, `''` for the root; `entries`: files and folders so far. */
export function requireListable(
  path: string,
  { depth, entries }: { readonly depth: number; readonly entries: number },
): void {
  if (depth <= MAX_DEPTH && entries <= MAX_ENTRIES) return
  const [top = ''] = path.split('/', 1)
  const [what, most] = depth > MAX_DEPTH ? ['folders within each other', MAX_DEPTH] : ['files and folders', MAX_ENTRIES]
  throw new Fault(
    'git/too-large',
    `\`${top === '' ? '/' : `${top}/`}\` has more than ${most} ${what}`,
    'nobody keeps that many by hand: look who committed them, with `git log --stat`',
  )
}
