// The value that a rule with `versus` compares with: a baseline's, the window before's, or a mean over days.
import type { Versus } from '../domain/policy.ts'
import type { Deployed } from './deployed.ts'
import { definitionOf, type MetricWindow, type Reading } from './metric-window.ts'

const DAY = 86_400_000

/** What a change is counted from, or why there is nothing to count from. */
export type Before =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'missing'; readonly reason?: string }
  /** The two sides were not measured alike. */
  | { readonly kind: 'definition'; readonly definitions: readonly string[] }

const NOTHING: Before = { kind: 'missing' }

/** `index`: the window judged, among those that measure the metric; `now`: its reading of the subject. */
export function valueBefore(
  rule: { readonly reading: number },
  versus: Versus,
  deployed: Deployed,
  at: { readonly index: number; readonly text: string | null; readonly now: Reading },
): Before {
  const definition = definitionOf(at.now.measurement)
  const windows = windowsBefore(rule.reading, versus, deployed, at.index)
  if (versus.kind === 'rolling') return meanOf(windows, at.text, definition)
  if (windows[0] !== undefined) return pick(windows[0], at.text, definition)
  const { reference } = at.now.measurement
  return versus.kind === 'baseline' && reference !== undefined ? { kind: 'value', value: reference } : NOTHING
}

/** The windows that a `versus` looks at, newest first; none for a baseline that is only a measurement's `reference`. */
export function windowsBefore(reading: number, versus: Versus, deployed: Deployed, index: number): MetricWindow[] {
  const windows = deployed.windowsOf(reading)
  if (versus.kind === 'baseline') return present(deployed.baselinesOf(reading).at(0))
  if (versus.kind === 'previous') return present(windows.at(index + 1))
  const found: MetricWindow[] = []
  const since = (windows.at(index)?.end ?? 0) - versus.days * DAY
  for (let i = index + 1; ; i++) {
    const window = windows.at(i)
    if (window === undefined || window.end < since) return found
    found.push(window)
  }
}

function present(window: MetricWindow | undefined): MetricWindow[] {
  return window === undefined ? [] : [window]
}

/** Windows without a value for the subject are passed over; the sum runs from the newest to the oldest. */
function meanOf(windows: readonly MetricWindow[], text: string | null, definition: string): Before {
  let sum = 0
  let count = 0
  for (const window of windows) {
    const before = pick(window, text, definition)
    if (before.kind === 'definition') return before
    if (before.kind === 'missing') continue
    sum += before.value
    count++
  }
  return count === 0 ? NOTHING : { kind: 'value', value: sum / count }
}

function pick(window: MetricWindow, text: string | null, definition: string): Before {
  const readings = window.definitions.length === 1 ? [window.find(text)] : window.findAll(text)
  const found = readings.filter((r) => r !== undefined)
  if (found.length === 0) return NOTHING
  const alike = found.find((r) => definitionOf(r.measurement) === definition)
  if (alike === undefined) {
    return { kind: 'definition', definitions: [definition, ...found.map((r) => definitionOf(r.measurement))] }
  }
  const { value, reason } = alike.measurement
  if (value === null) return reason === undefined ? NOTHING : { kind: 'missing', reason }
  return { kind: 'value', value }
}
