// The windows of one deployment in order, and of them those that measure a metric, found only as far back as a rule asks.
import { compareText } from '../base/order.ts'
import type { LiveSnapshot } from '../domain/snapshot.ts'
import { definitionOf, MetricWindow, type Reading } from './metric-window.ts'

/** A list that is made as it is read: `at(0)` is the newest. */
export interface Lazy<T> {
  at(index: number): T | undefined
}

/** Snapshots of equal window together, by digest. The source is newest first by window end, then start. */
export function groupByWindow(source: Iterable<LiveSnapshot>): Lazy<readonly LiveSnapshot[]> {
  const groups: LiveSnapshot[][] = []
  const rest = source[Symbol.iterator]()
  let ahead = rest.next()
  const readGroup = () => {
    if (ahead.done) return false
    const group = [ahead.value]
    const { start, end } = ahead.value
    ahead = rest.next()
    while (!ahead.done && ahead.value.end === end && ahead.value.start === start) {
      group.push(ahead.value)
      ahead = rest.next()
    }
    groups.push(group.length === 1 ? group : group.sort((a, b) => compareText(a.digest, b.digest)))
    return true
  }
  return {
    at(index) {
      while (groups.length <= index && readGroup()) {}
      return groups[index]
    },
  }
}

/** The windows that measure a metric (by one definition, where it is named). Older windows never fill in for newer ones. */
export function windowsMeasuring(
  groups: Lazy<readonly LiveSnapshot[]>,
  metric: string,
  definition: string | undefined,
): Lazy<MetricWindow> {
  return new WindowsMeasuring(groups, metric, definition)
}

/** A class, since there is one a metric and deployment, and closures cost more. */
class WindowsMeasuring implements Lazy<MetricWindow> {
  private readonly groups: Lazy<readonly LiveSnapshot[]>
  private readonly metric: string
  private readonly definition: string | undefined
  private readonly found: MetricWindow[] = []
  private next = 0

  constructor(groups: Lazy<readonly LiveSnapshot[]>, metric: string, definition: string | undefined) {
    this.groups = groups
    this.metric = metric
    this.definition = definition
  }

  at(index: number): MetricWindow | undefined {
    while (this.found.length <= index && this.readOne()) {}
    return this.found[index]
  }

  private readOne(): boolean {
    for (let group = this.groups.at(this.next); group !== undefined; group = this.groups.at(this.next)) {
      this.next++
      const window = readWindow(group, this.metric, this.definition)
      if (window === null) continue
      this.found.push(window)
      return true
    }
    return false
  }
}

function readWindow(
  group: readonly LiveSnapshot[],
  metric: string,
  definition: string | undefined,
): MetricWindow | null {
  const first = group[0]
  if (first === undefined) return null
  const readings: Reading[] = []
  for (const snapshot of group) {
    const measured = snapshot.measurementsOf(metric) ?? []
    for (let i = 0; i < measured.length; i++) {
      const measurement = measured[i]
      if (measurement === undefined || (definition !== undefined && definitionOf(measurement) !== definition)) continue
      readings.push({ measurement, snapshot })
    }
  }
  return readings.length === 0 ? null : new MetricWindow(readings, first)
}
