// Which marks of deliveries are believed. Whoever can write refs can write marks, so one of a trigger or a notice counts
// where a recorded run planned just that, and one of an erasure where this clone or the log knows what was erased.
import { Fault } from '../base/fault.ts'
import type { PlannedAction } from '../domain/plan.ts'
import { runFolder } from '../domain/recorded-run.ts'
import { erasedIn, openingsFolder } from '../ledger/commitment-store.ts'
import { TILE_WIDTH, tilePath } from '../ledger/tile-path.ts'
import { DELIVERED, type Mark, marksSince } from '../remediate/delivered-marks.ts'
import type { Bookmark } from '../remediate/events-since.ts'
import { readJson } from '../report/read-recorded.ts'
import type { GitStore, ObjectId, SourceTree } from '../world.ts'
import { logSize } from './last-entries.ts'
import { logReader } from './log-reader.ts'
import { LAST_COMMITS, runCommits, WHOLE_HISTORY } from './recorded-runs.ts'

/** Whether a mark says what the record bears out; `record`: the tree that runs record in. */
export function believedMarks(store: GitStore, record: SourceTree | null): (mark: Mark) => boolean {
  const outboxes = new Map<string, readonly PlannedAction[]>()
  return (mark) => {
    if (mark.kind === 'trigger' || mark.kind === 'notify') return record !== null && isPlanned(record, mark, outboxes)
    if (mark.kind === 'erasure') return isErased(store, record, mark.commitment ?? '')
    return true
  }
}

/** Marks since a bookmark that are not believed, to be told of. */
export function strangeMarks(store: GitStore, record: SourceTree | null, bookmark: Bookmark | null): Mark[] {
  const isBelieved = believedMarks(store, record)
  return marksSince(store, bookmark?.delivered ?? null).marks.filter((mark) => !isBelieved(mark))
}

/**
 * Faults `forge/rewound` where the marks do not go on from those that the last run recorded: what they name would be
 * delivered a second time. Not where the record is of another history (the bundled example's).
 */
export function requireMarksKept(store: GitStore, record: SourceTree | null, bookmark: Bookmark | null): void {
  const recorded = bookmark?.delivered ?? null
  const tip = store.resolve(DELIVERED)
  if (recorded === null || tip === recorded || goesOnFrom(store, recorded, tip)) return
  if (![LAST_COMMITS, WHOLE_HISTORY].some((limit) => runCommits(store, record?.commit ?? null, limit).length > 0))
    return
  const isHere = store.resolve(recorded) !== null
  throw new Fault(
    'forge/rewound',
    `\`${DELIVERED}\` lacks what is recorded of it: it was ${tip === null ? 'deleted' : 'put back, or written by hand'}`,
    `${isHere ? '' : `fetch \`${recorded}\` from a clone that has it, then `}\`git update-ref ${DELIVERED} ${recorded}\`, at the remote too, and find out who could write it`,
  )
}

function goesOnFrom(store: GitStore, recorded: ObjectId, tip: ObjectId | null): boolean {
  return tip !== null && store.resolve(recorded) !== null && store.isAncestor(recorded, tip)
}

/** By the outbox of the run that it names. */
function isPlanned(
  record: SourceTree,
  { kind, key, evidence, run, at }: Mark,
  outboxes: Map<string, readonly PlannedAction[]>,
): boolean {
  if (!/^[0-9a-f]{16}$/.test(run) || Number.isNaN(Date.parse(at))) return false
  const path = `${runFolder(Date.parse(at), run)}/run.json`
  const known = outboxes.get(path) ?? actionsIn(record, path)
  outboxes.set(path, known)
  return known.some(
    (one) => one.kind === kind && one.key === key && (one.evidence ?? '') === evidence && one.gated === undefined,
  )
}

function actionsIn(record: SourceTree, path: string): readonly PlannedAction[] {
  if (!record.has(path)) return []
  const { actions } = readJson(record, path) as { readonly actions?: readonly PlannedAction[] }
  return Array.isArray(actions) ? actions : []
}

/** A tombstone here, or a commitment that the log has: looked for in its text, since marks of erasures are rare. */
function isErased(store: GitStore, record: SourceTree | null, commitment: string): boolean {
  if (commitment === '') return false
  if (erasedIn(openingsFolder(store.gitDir)).some((one) => one.commitment === commitment)) return true
  const read = logReader(record)
  const size = logSize(read)
  for (let index = 0; index * TILE_WIDTH < size; index++) {
    const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH)
    const bundle = read(tilePath({ row: 'entries', index, width }))
    if (bundle !== null && Buffer.from(bundle).includes(commitment)) return true
  }
  return false
}
