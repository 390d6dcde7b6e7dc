// The values of a finding's metric over the windows before, for the text of a proposal. Judges nothing.
import { compareBy } from '../base/order.ts'
import type { Finding } from '../domain/finding.ts'
import { ruleOf, subjectOf } from '../domain/finding-figures.ts'
import type { Window } from '../domain/instant.ts'
import type { Policy } from '../domain/policy.ts'
import { type SnapshotHistory, subjectText } from '../domain/snapshot.ts'

/** One window of a requirement, oldest first in its list. */
export interface HistoryPoint {
  readonly window: Window
  /** Null: not measurable in that window. */
  readonly value: number | null
}

/** Windows read before giving up on a metric that is measured rarely; arbitrary. */
const MOST_READ = 100

/** Oldest first, at most `most`; empty for card rules and where the history is not known. */
export function historyOf(
  finding: Finding,
  policies: ReadonlyMap<string, Policy>,
  history: SnapshotHistory | null,
  most: number,
): HistoryPoint[] {
  const rule = ruleOf(finding, policies)
  if (history === null || rule?.form !== 'metric' || finding.version === null) return []
  const subject = subjectOf(finding.subject)
  const points: HistoryPoint[] = []
  let read = 0
  for (const snapshot of history.windows(finding.version, finding.environment, 'monitoring')) {
    if (points.length >= most || read++ >= MOST_READ) break
    const measured = snapshot
      .measurementsOf(rule.metric)
      ?.find(
        (one) => subjectText(one) === subject && (rule.definition === undefined || one.definition === rule.definition),
      )
    if (measured !== undefined) points.push({ window: snapshot.window, value: measured.value })
  }
  return points.sort(byEnd)
}

const byEnd = compareBy<HistoryPoint>(
  (point) => point.window.end,
  (point) => point.window.start,
)
