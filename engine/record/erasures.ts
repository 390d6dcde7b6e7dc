// Tells the log what was erased: each opening that was destroyed here gets a mark with the deliveries, which becomes an
// `erasure` entry of the next run. Marks that a remote did not take are made again from the tombstones.
import { hashOf } from '../base/canonical-json.ts'
import type { Governance } from '../domain/governance.ts'
import { erasedIn, openingsFolder } from '../ledger/commitment-store.ts'
import { type Mark, putMarks, readMark } from '../remediate/delivered-marks.ts'
import type { GitStore } from '../world.ts'

/** Marks what has no mark yet; how many those were. */
export function markErasures(store: GitStore, { record }: Pick<Governance, 'record'>): number {
  const marks = erasedIn(openingsFolder(store.gitDir)).flatMap(({ commitment, erased }) => {
    const name = { kind: 'erasure', key: hashOf(['erasure', commitment]), evidence: '', run: '' }
    if (readMark(store, name) !== null) return []
    const mark: Mark = { ...name, state: 'done', at: erased, commitment }
    return [{ mark, expect: null }]
  })
  putMarks(store, record.author, marks)
  return marks.length
}
