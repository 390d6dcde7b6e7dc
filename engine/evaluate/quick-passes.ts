// The short way through most checks: a fresh value within its limits is a pass, and nothing needs to be told of it.
// A law of the tests holds it equal to the long way (metric-rule.ts).
import type { LiveSnapshot } from '../domain/snapshot.ts'
import type { Assessment } from './assessment.ts'
import type { CompiledMetricRule } from './compile.ts'
import type { Deployed } from './deployed.ts'
import { assessMetricRule, assessSubject, staleness } from './metric-rule.ts'
import { type MetricWindow, type Reading, THE_MODEL } from './metric-window.ts'
import { sampleOf } from './sample.ts'
import { type Run, startRun, subjectsOf } from './window-value.ts'

/** Tells all but the plain passes and returns their number; `judged` hears of each snapshot that such a pass was read from. */
export function assessUnclear(
  rule: CompiledMetricRule,
  deployed: Deployed,
  tell: (rule: CompiledMetricRule, assessment: Assessment) => void,
  judged: (snapshot: LiveSnapshot) => void,
): number {
  const window = rule.simple ? deployed.windowsOf(rule.reading).at(0) : undefined
  const subjects = window === undefined ? [] : subjectsOf(rule, deployed, window)
  if (window === undefined || subjects.length === 0 || !isPlain(rule, deployed, window)) {
    for (const assessment of assessMetricRule(rule, deployed)) tell(rule, assessment)
    return 0
  }
  const readings = window.along(subjects)
  let run: Run | null = null
  let passes = 0
  for (let i = 0; i < readings.length; i++) {
    const reading = readings[i]
    if (reading !== undefined && isPlainPass(rule, reading, deployed)) {
      passes++
      judged(reading.snapshot)
      continue
    }
    run ??= startRun(rule, deployed)
    tell(rule, assessSubject(run, subjects[i] ?? THE_MODEL))
  }
  return passes
}

/** Nothing but each value decides: one definition, fresh, no group that vanished. */
function isPlain(rule: CompiledMetricRule, deployed: Deployed, window: MetricWindow): boolean {
  if (window.definitions.length !== 1 || staleness(rule, deployed, window) !== null) return false
  const { each } = rule.rule
  return (each !== 'protected' && each !== 'group') || deployed.shrunkIn(window).size === 0
}

function isPlainPass(rule: CompiledMetricRule, { measurement }: Reading, deployed: Deployed): boolean {
  if (measurement.value === null || !rule.passes(measurement.value)) return false
  const { minSample } = rule.rule
  return minSample === undefined || (sampleOf(measurement, deployed.loaded.card) ?? -1) >= minSample
}
