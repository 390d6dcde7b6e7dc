// What one window says of one subject by itself, whatever its age and the windows before it:
// missing, too small, or on one side of the limit (EVALUATION.md, Comparing).
import type { MetricRule } from '../domain/policy.ts'
import type { Assessment, Lack, Why } from './assessment.ts'
import { type Limit, limitOfChange, signedChange } from './comparison.ts'
import type { CompiledMetricRule } from './compile.ts'
import type { Deployed } from './deployed.ts'
import { type MetricWindow, type NamedSubject, type Reading, THE_MODEL_ALONE } from './metric-window.ts'
import { adjustPValues } from './p-values.ts'
import { sampleOf } from './sample.ts'
import { valueBefore } from './versus.ts'

/** One rule over one deployment. */
export interface Run {
  readonly rule: CompiledMetricRule
  readonly deployed: Deployed
  /** Adjusted p-values by window, then subject; filled as windows are judged. */
  readonly adjusted: (ReadonlyMap<string | null, number> | undefined)[]
}

/** A rule about to judge a deployment; keep it for all subjects and windows of that rule. */
export function startRun(rule: CompiledMetricRule, deployed: Deployed): Run {
  return { rule, deployed, adjusted: [] }
}

/** `index`: 0 for the newest window that measures the metric, 1 for the one before, …; `undefined` where history ends. */
export function assessWindow(run: Run, named: NamedSubject, index: number): Assessment | undefined {
  const window = run.deployed.windowsOf(run.rule.reading).at(index)
  if (window === undefined) return undefined
  if (window.definitions.length > 1) return ambiguous({ named, window }, window.definitions)
  const reading = window.find(named.text)
  if (reading === undefined) return missing(run.rule, { named, window }, { kind: 'missing', what: 'subject' })
  const { value, reason } = reading.measurement
  const at = { named, window, index, reading }
  return value === null
    ? missing(run.rule, at, { ...lacks('value'), ...(reason && { reason }) })
    : judge(run, at, value)
}

/** Where an assessment stands. */
interface Spot {
  readonly named: NamedSubject
  readonly window?: MetricWindow
  readonly reading?: Reading
}

interface Measured extends Required<Spot> {
  readonly index: number
}

function judge(run: Run, at: Measured, value: number): Assessment {
  const { versus, change } = run.rule.rule
  if (versus === null || change === null) return tooSmall(run, at) ?? judgeLimit(run, at, value)
  const before = valueBefore(run.rule, versus, run.deployed, { index: at.index, text: at.named.text, now: at.reading })
  if (before.kind === 'missing') {
    return missing(run.rule, at, { ...lacks('before'), ...(before.reason && { reason: before.reason }) })
  }
  const small = tooSmall(run, at)
  if (small !== null) return small
  if (before.kind === 'definition') return ambiguous(at, before.definitions)
  return judgeChange(run.rule.rule, change, at, value, before.value)
}

function tooSmall({ rule, deployed }: Run, at: Required<Spot>): Assessment | null {
  const { minSample } = rule.rule
  if (minSample === undefined) return null
  const n = sampleOf(at.reading.measurement, deployed.loaded.card)
  if (n === undefined) return missing(rule, at, lacks('sample'))
  if (n >= minSample) return null
  const { named, window, reading } = at
  return { named, window, reading, outcome: 'skip', cause: 'sample', why: { kind: 'sample', n, minSample } }
}

function judgeLimit(run: Run, at: Measured, value: number): Assessment {
  const { rule } = run
  const adjusted = rule.adjusts ? adjustedIn(run, at.window, at.index).get(at.named.text) : undefined
  const compared = adjusted ?? value
  const why = whyOf(rule.rule, rule.limit, rule.warnLimit, compared, at.reading)
  const margin = rule.limit.margin(compared)
  const { named, window, reading } = at
  // Field by field: to spread an object costs more than all else here, and this is done for every failure.
  const assessment = { named, window, reading, outcome: outcomeOf(why), why, value, margin }
  return adjusted === undefined ? assessment : { ...assessment, adjusted }
}

function judgeChange(
  rule: MetricRule,
  change: NonNullable<MetricRule['change']>,
  at: Measured,
  value: number,
  before: number,
): Assessment {
  const limit = limitOfChange(change, before)
  if (limit === null) {
    return { ...spot(at), outcome: 'error', cause: 'not-evaluable', why: { kind: 'no-percentage', before }, value }
  }
  const warnLimit = rule.warnAt === undefined ? null : limitOfChange({ ...change, amount: rule.warnAt }, before)
  const why = whyOf(rule, limit, warnLimit, value, at.reading)
  const versus = { value: before, change: signedChange(change, before, value) }
  const { named, window, reading } = at
  return { named, window, reading, outcome: outcomeOf(why), why, value, margin: limit.margin(value), versus }
}

function whyOf(rule: MetricRule, limit: Limit, warnLimit: Limit | null, compared: number, reading: Reading): Why {
  if (limit.holds(compared)) {
    const near = warnLimit !== null && rule.warnAt !== undefined && !warnLimit.holds(compared)
    return near ? { kind: 'near', warnAt: rule.warnAt } : { kind: 'holds' }
  }
  const interval = intervalAt(rule.confidence, reading)
  return interval !== null && limit.reaches(...interval) ? { kind: 'uncertain', interval } : { kind: 'breaks' }
}

/**
 * An interval counts only at the level that the rule names (a measurement's level is 0.95 unless it says otherwise), and only
 * where it holds its own value: another excuses nothing.
 */
function intervalAt(confidence: number | undefined, { measurement }: Reading): readonly [number, number] | null {
  const { interval, level = 0.95, value } = measurement
  if (confidence === undefined || interval === undefined || level !== confidence) return null
  return value === null || isWithin(value, interval) ? interval : null
}

/** Figures may have been rounded apart. */
const ROUNDING = 1e-6

function isWithin(value: number, [low, high]: readonly [number, number]): boolean {
  const slack = ROUNDING * Math.max(1, Math.abs(value))
  return value >= low - slack && value <= high + slack
}

function outcomeOf(why: Why): 'pass' | 'warn' | 'fail' {
  if (why.kind === 'holds') return 'pass'
  return why.kind === 'breaks' ? 'fail' : 'warn'
}

/** Over the subjects whose value is compared: those missing, or too small, take no part. */
function adjustedIn(run: Run, window: MetricWindow, index: number): ReadonlyMap<string | null, number> {
  const kept = run.adjusted[index]
  if (kept !== undefined) return kept
  const texts: (string | null)[] = []
  const values: number[] = []
  for (const named of subjectsOf(run.rule, run.deployed, window)) {
    const reading = window.find(named.text)
    const value = reading?.measurement.value ?? null
    if (reading === undefined || value === null || tooSmall(run, { named, window, reading }) !== null) continue
    texts.push(named.text)
    values.push(value)
  }
  const adjusted = new Map(adjustPValues(values).map((value, i) => [texts[i] ?? null, value]))
  run.adjusted[index] = adjusted
  return adjusted
}

/** The card's features or attributes (CardSubjects), or the groups or endpoints of a window; the model without `each`. */
export function subjectsOf(
  { rule, kinds }: CompiledMetricRule,
  deployed: Deployed,
  window: MetricWindow | undefined,
): readonly NamedSubject[] {
  if (rule.each === null) return THE_MODEL_ALONE
  if (rule.each === 'feature' || rule.each === 'protected') return deployed.subjects.in(window, rule.each, kinds)
  return window?.measured(rule.each) ?? []
}

/** `onMissing` decides on absent, null and stale measurements alike. */
export function missing(rule: CompiledMetricRule, at: Spot, why: Lack): Assessment {
  return { ...spot(at), outcome: rule.onMissing, cause: why.kind, why }
}

function lacks(what: Extract<Lack, { kind: 'missing' }>['what']): Extract<Lack, { kind: 'missing' }> {
  return { kind: 'missing', what }
}

function ambiguous(at: Spot, definitions: readonly string[]): Assessment {
  return { ...spot(at), outcome: 'error', cause: 'definition', why: { kind: 'definition', definitions } }
}

function spot({ named, window, reading }: Spot): Spot {
  return { named, ...(window && { window }), ...(reading && { reading }) }
}
