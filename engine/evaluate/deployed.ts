// One deployment as its rules see it: the card, the windows of each metric, and the instants at which the answer may change.
import type { Duration, Instant } from '../domain/instant.ts'
import { addDuration, localDay } from '../domain/instant.ts'
import type { LoadedCard } from '../domain/model-card.ts'
import type { LiveSnapshot, SnapshotHistory } from '../domain/snapshot.ts'
import type { CardSubjects } from './card-subjects.ts'
import type { CompiledRulebook } from './compile.ts'
import { groupByWindow, type Lazy, windowsMeasuring } from './metric-history.ts'
import type { MetricWindow } from './metric-window.ts'
import { type ShrunkGroups, shrunkGroups } from './shrunk-groups.ts'

/** What rules ask of one deployment; windows are found as they are asked for, each once. */
export class Deployed {
  readonly compiled: CompiledRulebook
  readonly loaded: LoadedCard
  readonly environment: string
  /** `null` in environment `none`. */
  readonly version: string | null
  readonly now: Instant
  readonly subjects: CardSubjects
  /** The last instant, in whole seconds, at which nothing here has changed by time alone. */
  holdsUntil = Number.POSITIVE_INFINITY
  private readonly monitoring: Lazy<readonly LiveSnapshot[]>
  private readonly baselines: Lazy<readonly LiveSnapshot[]>
  private readonly byMetric: (Lazy<MetricWindow> | undefined)[] = []
  private readonly baselineByMetric: (Lazy<MetricWindow> | undefined)[] = []
  private readonly staleAt = new Map<string, Instant>()
  private readonly shrunk: { readonly start: Instant; readonly end: Instant; readonly groups: ShrunkGroups }[] = []
  private day: string | undefined

  constructor(options: {
    compiled: CompiledRulebook
    loaded: LoadedCard
    environment: string
    version: string | null
    now: Instant
    subjects: CardSubjects
    history: SnapshotHistory
  }) {
    const { history, environment, version } = options
    this.compiled = options.compiled
    this.loaded = options.loaded
    this.environment = environment
    this.version = version
    this.now = options.now
    this.subjects = options.subjects
    this.monitoring = groupByWindow(version === null ? [] : history.windows(version, environment, 'monitoring'))
    this.baselines = groupByWindow(version === null ? [] : history.windows(version, environment, 'baseline'))
  }

  /** The windows that measure a metric, by the index of `CompiledRulebook.readings`. */
  windowsOf(reading: number): Lazy<MetricWindow> {
    const kept = this.byMetric[reading]
    if (kept !== undefined) return kept
    const windows = this.measuring(this.monitoring, reading)
    this.byMetric[reading] = windows
    return windows
  }

  baselinesOf(reading: number): Lazy<MetricWindow> {
    const kept = this.baselineByMetric[reading]
    if (kept !== undefined) return kept
    const windows = this.measuring(this.baselines, reading)
    this.baselineByMetric[reading] = windows
    return windows
  }

  /** The last instant at which a measurement of a window that ended then is fresh. */
  freshUntil(end: Instant, staleAfter: Duration): Instant {
    if (staleAfter.unit !== 'bd') return addDuration(end, staleAfter, this.compiled.calendar)
    const key = `${end}|${staleAfter.amount}${staleAfter.unit}`
    let until = this.staleAt.get(key)
    if (until === undefined) {
      until = addDuration(end, staleAfter, this.compiled.calendar)
      this.staleAt.set(key, until)
    }
    return until
  }

  /** Whether `now` is past that instant; else it bounds how long this judgement holds. */
  isStale(end: Instant, staleAfter: Duration): boolean {
    const until = this.freshUntil(end, staleAfter)
    if (this.now > until) return true
    this.changesAfter(until)
    return false
  }

  /** Something changes right after this instant, if it is still to come. */
  changesAfter(at: Instant): void {
    if (at >= this.now && at < this.holdsUntil) this.holdsUntil = at
  }

  /** Groups that this window suppresses and an earlier one showed, by attribute. Rules mostly ask for one window. */
  shrunkIn(window: MetricWindow): ShrunkGroups {
    const { start, end } = window
    for (const known of this.shrunk) if (known.start === start && known.end === end) return known.groups
    const groups = shrunkGroups(this, window)
    this.shrunk.push({ start, end, groups })
    return groups
  }

  /** The local day of `now`. */
  get today(): string {
    this.day ??= localDay(this.now, this.compiled.calendar.timeZone)
    return this.day
  }

  private measuring(groups: Lazy<readonly LiveSnapshot[]>, reading: number): Lazy<MetricWindow> {
    const wanted = this.compiled.readings[reading]
    return wanted === undefined ? { at: () => undefined } : windowsMeasuring(groups, wanted.metric, wanted.definition)
  }
}
