// The repository as it stood on a day: the newest commits of both refs that were made by its end, and that end as `now`.
import { Fault } from '../base/fault.ts'
import type { Governance } from '../domain/governance.ts'
import { formatInstant, type Instant, isRealDay, localDay, nextDay, startOfLocalDay } from '../domain/instant.ts'
import { baseOf, recordRef } from '../record/two-refs.ts'
import type { GitStore, ObjectId, SourceTree } from '../world.ts'
import type { OpenedTrees } from './open-for-plan.ts'

export interface AsOf {
  readonly base: SourceTree
  readonly record: SourceTree | null
  readonly now: Instant
}

/** Commits are walked back in steps of this many. */
const STEP = 256

/**
 * `day` ends at its last second in the institution's time zone; today ends now. With `ref` that commit is taken whatever
 * its date. Faults on a day that is none, that is to come, or from which no commit is left.
 */
export function asOfDay(
  day: string,
  opened: OpenedTrees,
  at: { readonly now: Instant; readonly ref: string | null },
): AsOf {
  const { settings: governance, store, base, record } = opened
  const now = endOfDay(day, governance, at.now)
  if (store === null || at.ref !== null) return { base, record, now }
  const head = baseOf(store, null)
  const baseCommit = commitBy(store, head.commit, now)
  if (baseCommit === null)
    throw new Fault(
      'inventory/no-history',
      `no commit of ${formatInstant(now)} or earlier is in this history`,
      'name a commit with `--ref`, or fetch the whole history',
    )
  const asOfBase = store.commitTree(baseCommit)
  const name = recordRef(governance, head.ref)
  if (name === null || name === head.ref) return { base: asOfBase, record: asOfBase, now }
  const tip = store.resolve(name)
  const recordCommit = tip === null ? null : commitBy(store, tip, now)
  return { base: asOfBase, record: recordCommit === null ? null : store.commitTree(recordCommit), now }
}

function endOfDay(day: string, { institution: { timeZone } }: Governance, now: Instant): Instant {
  if (!isRealDay(day)) throw new Fault('cli/bad-option', `\`--as-of ${day}\` is no day`, 'write it as 2026-11-22')
  const today = localDay(now, timeZone)
  if (day > today)
    throw new Fault('cli/bad-option', `\`--as-of ${day}\` is to come: today is ${today}`, 'a later `--now` moves today')
  return day === today ? now : startOfLocalDay(nextDay(day), timeZone) - 1000
}

/** The newest first parent whose committer's date is not after `now`. */
function commitBy(store: GitStore, from: ObjectId, now: Instant): ObjectId | null {
  for (let tip: ObjectId | undefined = from; tip !== undefined; ) {
    const commits = store.firstParents(tip, STEP)
    const found = commits.find((commit) => commit.committer.at * 1000 <= now)
    if (found !== undefined) return found.id
    tip = commits.length < STEP ? undefined : commits.at(-1)?.parents[0]
  }
  return null
}
