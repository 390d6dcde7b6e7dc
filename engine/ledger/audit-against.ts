// Two copies of one log against each other, say the one that is pinned and the one of the repository: where they part, and
// what either has beyond the other. Both have been verified before.
import { encodeBase64 } from '../base/base64.ts'
import type { AuditProblem } from './audit-problem.ts'
import { rootOfLog } from './log-root.ts'
import type { ReadLogFile } from './plan-append.ts'
import { TILE_WIDTH, tilePath } from './tile-path.ts'
import { equalBytes, HASH_BYTES } from './tree-hash.ts'

/** A log by its files, and how many entries it has. */
export interface ComparedLog {
  readonly read: ReadLogFile
  readonly size: number
}

/** What became of the comparison. */
export interface Compared {
  /** Entries that both have. */
  readonly common: number
  /** Entries of the repository that are not pinned yet: no problem. */
  readonly unpinned: number
  readonly problems: readonly AuditProblem[]
}

/** Compares by roots, and looks for the first entry that differs where they do. */
export function comparePinned(here: ComparedLog, pinned: ComparedLog): Compared {
  const smaller = Math.min(here.size, pinned.size)
  const ours = rootOfLog(here.read, smaller, here.size)
  const theirs = rootOfLog(pinned.read, smaller, pinned.size)
  const isSame = ours !== null && theirs !== null && equalBytes(ours, theirs)
  const common = isSame ? smaller : firstDifference(here, pinned, smaller)
  const problems: AuditProblem[] = []
  if (!isSame) {
    problems.push({
      code: 'audit/pinned-differs',
      where: `entry ${common}`,
      ...(theirs === null ? {} : { expected: `root ${encodeBase64(theirs)} at ${smaller} entries` }),
      ...(ours === null ? {} : { actual: encodeBase64(ours) }),
    })
  }
  if (pinned.size > here.size) {
    problems.push({
      code: 'audit/behind-pinned',
      where: `entries ${here.size} to ${pinned.size - 1}`,
      expected: `${pinned.size} entries`,
      actual: `${here.size} entries`,
    })
  }
  return { common, unpinned: isSame ? here.size - smaller : 0, problems }
}

/** By the leaf hashes; `size` where none of them differs. */
function firstDifference(here: ComparedLog, pinned: ComparedLog, size: number): number {
  for (let first = 0; first < size; first += TILE_WIDTH) {
    const ours = leaves(here, first)
    const theirs = leaves(pinned, first)
    const most = Math.min(TILE_WIDTH, size - first)
    for (let i = 0; i < most; i++) {
      const [a, b] = [ours, theirs].map((tile) => tile?.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES))
      if (a?.length !== HASH_BYTES || b?.length !== HASH_BYTES || !equalBytes(a, b)) return first + i
    }
  }
  return size
}

function leaves({ read, size }: ComparedLog, first: number): Uint8Array | null {
  return read(tilePath({ row: 0, index: first / TILE_WIDTH, width: Math.min(TILE_WIDTH, size - first) }))
}
