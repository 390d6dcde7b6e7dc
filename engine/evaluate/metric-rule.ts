// Judging one metric rule: which window, which subjects, and what each of them amounts to (EVALUATION.md, Comparing).
import type { MetricRule, OnMissing } from '../domain/policy.ts'
import type { LiveSnapshot } from '../domain/snapshot.ts'
import type { Assessment, Why } from './assessment.ts'
import { limitOfChange, signedChange } from './comparison.ts'
import type { CompiledMetricRule } from './compile.ts'
import type { Deployed } from './deployed.ts'
import { countFailing } from './fails-after.ts'
import { type MetricWindow, type NamedSubject, type Reading, THE_MODEL, THE_MODEL_ALONE } from './metric-window.ts'
import { adjustPValues } from './p-values.ts'
import { sampleOf } from './sample.ts'
import { valueBefore } from './versus.ts'

type Lack = Extract<Why, { kind: 'missing' | 'stale' }>

/** Every subject's assessment, in the order of findings. `each` without a subject is missing data. */
export function assessMetricRule(rule: CompiledMetricRule, deployed: Deployed): Assessment[] {
  const windows = deployed.windowsOf(rule.reading)
  const current = windows.at(0)
  const subjects = subjectsOf(rule.rule, deployed, current)
  const run: Run = { rule, deployed, adjusted: [] }
  if (subjects.length === 0) return [missing(rule, THE_MODEL, { kind: 'missing', what: 'subjects' }, current)]
  return subjects.map((named) => assessSubject(run, named, current))
}

/**
 * Tells all but the plain passes, which it counts: they are most of the checks, and a value within its limits needs no more.
 * Equal to `assessMetricRule` in all that it tells (a law of the tests). `judged` hears of each snapshot that was read.
 */
export function assessUnclear(
  rule: CompiledMetricRule,
  deployed: Deployed,
  tell: (assessment: Assessment) => void,
  judged: (snapshot: LiveSnapshot) => void,
): number {
  const window = rule.simple ? deployed.windowsOf(rule.reading).at(0) : undefined
  const subjects = window === undefined ? [] : subjectsOf(rule.rule, deployed, window)
  const quick = window !== undefined && subjects.length > 0 && isPlain(rule, deployed, window)
  if (!quick) {
    for (const assessment of assessMetricRule(rule, deployed)) tell(assessment)
    return 0
  }
  const run: Run = { rule, deployed, adjusted: [] }
  const { minSample } = rule.rule
  const readings = window.along(subjects)
  let passes = 0
  for (let i = 0; i < subjects.length; i++) {
    const reading = readings[i]
    const value = reading === undefined ? null : reading.measurement.value
    const named = subjects[i] ?? THE_MODEL
    if (reading === undefined || value === null || !rule.passes(value)) tell(assessSubject(run, named, window))
    else if (minSample !== undefined && !isLargeEnough(reading, minSample, deployed))
      tell(assessSubject(run, named, window))
    else {
      passes++
      judged(reading.snapshot)
    }
  }
  return passes
}

/** Nothing but each value decides: one definition, fresh, no group that vanished. */
function isPlain(rule: CompiledMetricRule, deployed: Deployed, window: MetricWindow): boolean {
  if (window.definitions.length !== 1 || staleness(rule, deployed, window) !== null) return false
  const { each } = rule.rule
  return (each !== 'protected' && each !== 'group') || deployed.shrunkIn(window).size === 0
}

function isLargeEnough(reading: Reading, minSample: number, deployed: Deployed): boolean {
  const n = sampleOf(reading.measurement, deployed.loaded.card)
  return n !== undefined && n >= minSample
}

/** What one window says of one subject by itself: neither its age nor the windows before it (`failsAfter`) matter. */
export function assessWindow(run: Run, named: NamedSubject, index: number): Assessment | undefined {
  const window = run.deployed.windowsOf(run.rule.reading).at(index)
  return window === undefined ? undefined : judgeValue(run, named, window, index)
}

/** One rule over one deployment; adjusted p-values are kept a window. */
export interface Run {
  readonly rule: CompiledMetricRule
  readonly deployed: Deployed
  readonly adjusted: (ReadonlyMap<string | null, number> | undefined)[]
}

export function subjectsOf(
  rule: MetricRule,
  deployed: Deployed,
  window: MetricWindow | undefined,
): readonly NamedSubject[] {
  if (rule.each === null) return THE_MODEL_ALONE
  if (rule.each === 'feature' || rule.each === 'protected') return deployed.subjects[rule.each]
  return window?.measured(rule.each) ?? []
}

function assessSubject(run: Run, named: NamedSubject, window: MetricWindow | undefined): Assessment {
  const { rule, deployed } = run
  if (window === undefined) return missing(rule, named, { kind: 'missing', what: 'window' })
  const stale = staleness(rule, deployed, window)
  const own = judgeValue(run, named, window, 0)
  const assessment =
    stale !== null && own.why.kind !== 'definition' ? missing(rule, named, stale, window, own.reading) : own
  const counted = assessment.why.kind === 'breaks' ? withHistory(run, named, window, assessment) : assessment
  return withShrunkGroups(deployed, window, counted)
}

function staleness(
  rule: CompiledMetricRule,
  deployed: Deployed,
  window: MetricWindow,
): Extract<Why, { kind: 'stale' }> | null {
  const { staleAfter } = rule
  if (staleAfter === undefined || !deployed.isStale(window.end, staleAfter)) return null
  return { kind: 'stale', since: deployed.freshUntil(window.end, staleAfter), staleAfter }
}

function judgeValue(run: Run, named: NamedSubject, window: MetricWindow, index: number): Assessment {
  const { rule, deployed } = run
  if (window.definitions.length > 1) return ambiguous(named, window, window.definitions)
  const reading = window.find(named.text)
  if (reading === undefined) return missing(rule, named, { kind: 'missing', what: 'subject' }, window)
  const { value, reason } = reading.measurement
  if (value === null) {
    const why: Lack = { kind: 'missing', what: 'value', ...(reason !== undefined && { reason }) }
    return missing(rule, named, why, window, reading)
  }
  const { versus, change } = rule.rule
  const before =
    versus === null || change === null
      ? null
      : valueBefore(rule, versus, deployed, { index, text: named.text, now: reading })
  if (before?.kind === 'missing') {
    const why: Lack = { kind: 'missing', what: 'before', ...(before.reason !== undefined && { reason: before.reason }) }
    return missing(rule, named, why, window, reading)
  }
  const small = sampleProblem(run, named, window, reading)
  if (small !== null) return small
  if (before?.kind === 'definition') return ambiguous(named, window, before.definitions, reading)
  if (before !== null && change !== null) return judgeChange(run, named, window, reading, value, before.value)
  return judgeLimit(run, named, window, reading, value, index)
}

function sampleProblem(run: Run, named: NamedSubject, window: MetricWindow, reading: Reading): Assessment | null {
  const { minSample } = run.rule.rule
  if (minSample === undefined) return null
  const n = sampleOf(reading.measurement, run.deployed.loaded.card)
  if (n === undefined) return missing(run.rule, named, { kind: 'missing', what: 'sample' }, window, reading)
  if (n >= minSample) return null
  return { named, outcome: 'skip', cause: 'sample', why: { kind: 'sample', n, minSample }, window, reading }
}

function judgeLimit(
  run: Run,
  named: NamedSubject,
  window: MetricWindow,
  reading: Reading,
  value: number,
  index: number,
): Assessment {
  const { rule } = run
  const adjusted = rule.adjusts ? adjustedIn(run, window, index).get(named.text) : undefined
  const compared = adjusted ?? value
  const why = whyOf(rule, rule.limit, rule.warnLimit, compared, reading)
  return {
    named,
    ...outcomeOf(why),
    why,
    window,
    reading,
    value,
    margin: rule.limit.margin(compared),
    ...(adjusted !== undefined && { adjusted }),
  }
}

function judgeChange(
  run: Run,
  named: NamedSubject,
  window: MetricWindow,
  reading: Reading,
  value: number,
  before: number,
): Assessment {
  const { rule } = run
  const { change, warnAt } = rule.rule
  const limit = change === null ? null : limitOfChange(change, before)
  if (change === null || limit === null) {
    const why: Why = { kind: 'no-percentage', before }
    return { named, outcome: 'error', cause: 'not-evaluable', why, window, reading, value }
  }
  const warnLimit = warnAt === undefined ? null : limitOfChange({ ...change, amount: warnAt }, before)
  const why = whyOf(rule, limit, warnLimit, value, reading)
  const versus = { value: before, change: signedChange(change, before, value) }
  return { named, ...outcomeOf(why), why, window, reading, value, margin: limit.margin(value), versus }
}

function whyOf(
  { rule }: CompiledMetricRule,
  limit: { holds(v: number): boolean; reaches(low: number, high: number): boolean },
  warnLimit: { holds(v: number): boolean } | null,
  compared: number,
  reading: Reading,
): Why {
  if (limit.holds(compared)) {
    const near = warnLimit !== null && rule.warnAt !== undefined && !warnLimit.holds(compared)
    return near ? { kind: 'near', warnAt: rule.warnAt } : { kind: 'holds' }
  }
  const interval = intervalAt(rule.confidence, reading)
  return interval !== null && limit.reaches(...interval) ? { kind: 'uncertain', interval } : { kind: 'breaks' }
}

/** An interval counts only at the level that the rule names; a measurement's level is 0.95 unless it says otherwise. */
function intervalAt(confidence: number | undefined, { measurement }: Reading): readonly [number, number] | null {
  if (confidence === undefined || measurement.interval === undefined) return null
  return (measurement.level ?? 0.95) === confidence ? measurement.interval : null
}

function outcomeOf(why: Why): { readonly outcome: 'pass' | 'warn' | 'fail' } {
  if (why.kind === 'holds') return { outcome: 'pass' }
  return { outcome: why.kind === 'breaks' ? 'fail' : 'warn' }
}

/** Over the subjects whose value is compared: those missing, or too small, take no part. */
function adjustedIn(run: Run, window: MetricWindow, index: number): ReadonlyMap<string | null, number> {
  const kept = run.adjusted[index]
  if (kept !== undefined) return kept
  const texts: (string | null)[] = []
  const values: number[] = []
  for (const named of subjectsOf(run.rule.rule, run.deployed, window)) {
    const reading = window.find(named.text)
    const value = reading?.measurement.value ?? null
    if (reading === undefined || value === null || sampleProblem(run, named, window, reading) !== null) continue
    texts.push(named.text)
    values.push(value)
  }
  const adjusted = new Map(adjustPValues(values).map((value, i) => [texts[i] ?? null, value]))
  run.adjusted[index] = adjusted
  return adjusted
}

function withHistory(run: Run, named: NamedSubject, window: MetricWindow, own: Assessment): Assessment {
  const { failsAfter } = run.rule.rule
  if (failsAfter === undefined) return own
  const { failed, enough } = countFailing(failsAfter, window.end, (back) => {
    const earlier = assessWindow(run, named, back)
    return earlier?.window && { end: earlier.window.end, says: saysOf(earlier) }
  })
  return enough ? own : { ...own, outcome: 'warn', why: { kind: 'early', failed, failsAfter } }
}

/** A window that could not be judged is passed over, whatever `onMissing` makes of missing data. */
export function saysOf({ why }: Assessment): 'fails' | 'holds' | 'over' {
  if (why.kind === 'breaks') return 'fails'
  return why.kind === 'holds' || why.kind === 'near' || why.kind === 'uncertain' ? 'holds' : 'over'
}

function withShrunkGroups(deployed: Deployed, window: MetricWindow, assessment: Assessment): Assessment {
  const attribute = assessment.named.subject?.attribute
  if (attribute === undefined || (assessment.outcome !== 'pass' && assessment.outcome !== 'skip')) return assessment
  const groups = deployed.shrunkIn(window).get(attribute)
  if (groups === undefined) return assessment
  return { ...assessment, outcome: 'warn', cause: 'sample', why: { kind: 'shrunk', groups } }
}

function missing(
  rule: CompiledMetricRule,
  named: NamedSubject,
  why: Lack,
  window?: MetricWindow,
  reading?: Reading,
): Assessment {
  const outcome: OnMissing = rule.onMissing
  return { named, outcome, cause: why.kind, why, ...(window && { window }), ...(reading && { reading }) }
}

function ambiguous(
  named: NamedSubject,
  window: MetricWindow,
  definitions: readonly string[],
  reading?: Reading,
): Assessment {
  const why: Why = { kind: 'definition', definitions }
  return { named, outcome: 'error', cause: 'definition', why, window, ...(reading && { reading }) }
}
