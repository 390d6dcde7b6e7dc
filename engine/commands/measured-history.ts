// What a metric rule's subject measured over its last windows, oldest first, and its picture in one line.
import type { Finding } from '../domain/finding.ts'
import { subjectOf } from '../domain/finding-figures.ts'
import type { Window } from '../domain/instant.ts'
import type { Rule } from '../domain/policy.ts'
import { type SnapshotHistory, subjectText } from '../domain/snapshot.ts'

export interface HistoryPoint {
  readonly window: Window
  readonly value: number | null
  readonly n?: number
}

/** Arbitrary: a year of months. */
const MOST_WINDOWS = 12
const BARS = '▁▂▃▄▅▆▇█'

/** Of the finding's own version and environment; the rule's definition where it names one. Empty for other rules. */
export function measuredHistory(finding: Finding, rule: Rule | undefined, history: SnapshotHistory): HistoryPoint[] {
  if (rule?.form !== 'metric' || finding.version === null) return []
  const subject = subjectOf(finding.subject)
  const points: HistoryPoint[] = []
  for (const snapshot of history.windows(finding.version, finding.environment, 'monitoring')) {
    const found = snapshot
      .measurementsOf(rule.metric)
      ?.find(
        (m) =>
          subjectText(m) === subject &&
          (rule.definition === undefined || (m.definition ?? m.metric) === rule.definition),
      )
    if (found === undefined) continue
    points.push({ window: snapshot.window, value: found.value, ...(found.n !== undefined && { n: found.n }) })
    if (points.length === MOST_WINDOWS) break
  }
  return points.reverse()
}

/** One bar a window between the least and the greatest value; `·` where nothing was measurable. */
export function sparkline(points: readonly HistoryPoint[]): string {
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]))
  const least = Math.min(...values)
  const range = Math.max(...values) - least
  return points
    .map(({ value }) =>
      value === null ? '·' : (BARS[range === 0 ? 3 : Math.round(((value - least) / range) * 7)] ?? '·'),
    )
    .join('')
}
