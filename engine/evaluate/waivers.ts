// Waivers: which one excuses a finding today, and which excuse nothing. The only place that decides so.
// A waiver excuses a `fail`; what a waived fail means for the verdict is verdict.ts.
import { compareText } from '../base/order.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Finding } from '../domain/finding.ts'
import { type Instant, nextDay, startOfLocalDay } from '../domain/instant.ts'
import type { Waiver } from '../domain/policy.ts'

/** A waiver with its days as instants. */
export interface DatedWaiver {
  readonly waiver: Waiver
  /** The first instant of `issued`, and the first after `expires`, in the institution's time zone. */
  readonly from: Instant
  readonly until: Instant
}

/** `[policy, rule, model]` as JSON → waivers by id. */
export type WaiverIndex = ReadonlyMap<string, readonly DatedWaiver[]>

/** Waivers by what they excuse, with the instants between which they hold. */
export function indexWaivers(waivers: readonly Waiver[], timeZone: string): WaiverIndex {
  const index = new Map<string, DatedWaiver[]>()
  for (const waiver of [...waivers].sort((a, b) => compareText(a.id, b.id))) {
    const dated: DatedWaiver = {
      waiver,
      from: startOfLocalDay(waiver.issued, timeZone),
      until: startOfLocalDay(nextDay(waiver.expires), timeZone),
    }
    const key = waiverKey(waiver)
    const list = index.get(key)
    if (list === undefined) index.set(key, [dated])
    else list.push(dated)
  }
  return index
}

/**
 * The waiver that excuses a finding at `now`, or undefined: nothing but a `fail` is ever excused.
 * `subject` is the finding's subject text. Of two that match (a diagnostic), the first by id.
 */
export function waiverFor(
  index: WaiverIndex,
  finding: Pick<Finding, 'policy' | 'rule' | 'model' | 'outcome'>,
  subject: string | null,
  now: Instant,
): DatedWaiver | undefined {
  if (finding.outcome !== 'fail') return undefined
  return waiversOf(index, finding).find(
    ({ waiver, from, until }) =>
      from <= now && now < until && (waiver.subject === undefined || waiver.subject === subject),
  )
}

/** Those of one rule and model, whatever their days: each begins and ends something. */
export function waiversOf(
  index: WaiverIndex,
  of: { readonly policy: string; readonly rule: string; readonly model: string },
): readonly DatedWaiver[] {
  return index.size === 0 ? [] : (index.get(waiverKey(of)) ?? [])
}

function waiverKey(of: { readonly policy: string; readonly rule: string; readonly model: string }): string {
  return JSON.stringify([of.policy, of.rule, of.model])
}

/** The waivers in force at `now` that excuse no finding, by id; `used` are the ids that findings carry. Expired ones are not among them. */
export function unusedWaivers(index: WaiverIndex, used: ReadonlySet<string>, now: Instant): Waiver[] {
  return [...index.values()]
    .flat()
    .filter(({ waiver, from, until }) => from <= now && now < until && !used.has(waiver.id))
    .map(({ waiver }) => waiver)
    .sort((a, b) => compareText(a.id, b.id))
}

/** One warning for each waiver that `unusedWaivers` gives. */
export function unusedWaiverWarnings(index: WaiverIndex, used: ReadonlySet<string>, now: Instant): Diagnostic[] {
  return unusedWaivers(index, used, now).map((waiver) => ({
    ...waiver.place,
    severity: 'warning',
    code: 'evaluate/unused-waiver',
    message: `the waiver \`${waiver.id}\` excuses nothing today`,
    hint: 'remove it when the problem is solved: a waiver that nobody needs hides the next failure',
  }))
}

/** A waived fail counts as `warn`. */
export function isWaived(finding: Pick<Finding, 'outcome' | 'waiver'>): boolean {
  return finding.outcome === 'fail' && finding.waiver !== undefined
}

/** At most one waiver may match a finding: a diagnostic at the second of each pair whose days and subjects overlap. */
export function waiverDiagnostics(waivers: readonly Waiver[]): Diagnostic[] {
  const sorted = [...waivers].sort((a, b) => compareText(a.id, b.id))
  return sorted.flatMap((second, i) => {
    const first = sorted.slice(0, i).find((earlier) => overlap(earlier, second))
    if (first === undefined) return []
    return [
      {
        ...second.place,
        severity: 'error' as const,
        code: 'evaluate/two-waivers' as const,
        message: `waivers \`${first.id}\` and \`${second.id}\` excuse the same finding on the same days`,
        hint: 'at most one waiver may match a finding: let one expire before the other is issued, or name a `subject` in both',
      },
    ]
  })
}

function overlap(a: Waiver, b: Waiver): boolean {
  if (a.policy !== b.policy || a.rule !== b.rule || a.model !== b.model) return false
  if (a.subject !== undefined && b.subject !== undefined && a.subject !== b.subject) return false
  return a.issued <= b.expires && b.issued <= a.expires
}
