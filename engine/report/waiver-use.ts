// Waivers as they stand on the day of a run: in force, about to expire, unused, not yet in force, expired.
import { compareBy } from '../base/order.ts'
import { localDay, nextDay } from '../domain/instant.ts'
import type { Waiver } from '../domain/policy.ts'
import type { ReportInput } from './report-input.ts'

/** On the local day of the run; `unused`: in force, and it excuses nothing. */
export type WaiverStanding = 'expired' | 'future' | 'expiring' | 'unused' | 'in-force'

/** A waiver and what it does in this run. */
export interface WaiverUse {
  readonly waiver: Waiver
  readonly standing: WaiverStanding
  /** Failures it excuses in this run. */
  readonly excuses: number
}

/** Arbitrary: how many days ahead an expiry is announced. */
const ANNOUNCED_DAYS = 14

/** By expiry, then id. Both ends of a waiver's days are included (RESOURCES.md). */
export function waiverUses(input: ReportInput): WaiverUse[] {
  const excuses = new Map<string, number>()
  for (const { waiver } of input.plan.findings)
    if (waiver !== undefined) excuses.set(waiver.id, (excuses.get(waiver.id) ?? 0) + 1)
  const today = localDay(input.now, input.rulebook.governance.institution.timeZone)
  return input.rulebook.waivers
    .map((waiver) => {
      const count = excuses.get(waiver.id) ?? 0
      return { waiver, standing: standingOf(waiver, today, count), excuses: count }
    })
    .sort(
      compareBy(
        (use) => use.waiver.expires,
        (use) => use.waiver.id,
      ),
    )
}

function standingOf(waiver: Waiver, today: string, excuses: number): WaiverStanding {
  if (waiver.expires < today) return 'expired'
  if (waiver.issued > today) return 'future'
  if (waiver.expires < daysAfter(today, ANNOUNCED_DAYS)) return 'expiring'
  return excuses === 0 ? 'unused' : 'in-force'
}

function daysAfter(day: string, count: number): string {
  let after = day
  for (let left = count; left > 0; left--) after = nextDay(after)
  return after
}
