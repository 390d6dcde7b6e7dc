// Judging one metric rule: every subject in the newest window that measures the metric, with its age and its history.
import type { Assessment, Lack } from './assessment.ts'
import type { CompiledMetricRule } from './compile.ts'
import type { Deployed } from './deployed.ts'
import { countFailing, type WindowSays } from './fails-after.ts'
import { type MetricWindow, type NamedSubject, THE_MODEL } from './metric-window.ts'
import { assessWindow, missing, type Run, startRun, subjectsOf } from './window-value.ts'

/** Every subject's assessment, in the order of findings. `each` without a subject is missing data. */
export function assessMetricRule(rule: CompiledMetricRule, deployed: Deployed): Assessment[] {
  const current = deployed.windowsOf(rule.reading).at(0)
  const subjects = subjectsOf(rule, deployed, current)
  const run = startRun(rule, deployed)
  if (subjects.length > 0) return subjects.map((named) => assessSubject(run, named))
  const at = { named: THE_MODEL, ...(current && { window: current }) }
  return [hasOthers(rule, deployed) ? notDefined(at) : missing(rule, at, { kind: 'missing', what: 'subjects' })]
}

/** The card has features, but none of a kind that the metric is defined for. */
function hasOthers({ rule, kinds }: CompiledMetricRule, deployed: Deployed): boolean {
  const { each } = rule
  return (each === 'feature' || each === 'protected') && deployed.subjects.of(each, kinds).others.length > 0
}

/** Nothing can ever be measured, so this is no lack that `onMissing` decides on. */
function notDefined(at: Pick<Assessment, 'named' | 'window'>): Assessment {
  return { ...at, outcome: 'skip', cause: 'missing', why: { kind: 'missing', what: 'kind' } }
}

/** One subject in the newest window: age first, then the value, then the windows before. */
export function assessSubject(run: Run, named: NamedSubject): Assessment {
  const { rule, deployed } = run
  const own = assessWindow(run, named, 0)
  if (own?.window === undefined) return missing(rule, { named }, { kind: 'missing', what: 'window' })
  const stale = staleness(rule, deployed, own.window)
  const fresh = stale === null || own.why.kind === 'definition' ? own : missing(rule, own, stale)
  const counted = fresh.why.kind === 'breaks' ? withHistory(run, named, own.window, fresh) : fresh
  return withShrunkGroups(deployed, own.window, counted)
}

/** Why a window is too old for the rule, or null; a fresh one bounds how long the judgement holds. */
export function staleness(
  { staleAfter }: CompiledMetricRule,
  deployed: Deployed,
  window: MetricWindow,
): Extract<Lack, { kind: 'stale' }> | null {
  if (staleAfter === undefined || !deployed.isStale(window.end, staleAfter)) return null
  return { kind: 'stale', since: deployed.freshUntil(window.end, staleAfter), staleAfter }
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
export function saysOf({ why }: Assessment): WindowSays {
  if (why.kind === 'breaks') return 'fails'
  return why.kind === 'holds' || why.kind === 'near' || why.kind === 'uncertain' ? 'holds' : 'over'
}

/** At best `warn`, so that a shrinking group is seen. */
function withShrunkGroups(deployed: Deployed, window: MetricWindow, assessment: Assessment): Assessment {
  const attribute = assessment.named.subject?.attribute
  if (attribute === undefined || (assessment.outcome !== 'pass' && assessment.outcome !== 'skip')) return assessment
  const groups = deployed.shrunkIn(window).get(attribute)
  if (groups === undefined) return assessment
  return { ...assessment, outcome: 'warn', cause: 'sample', why: { kind: 'shrunk', groups } }
}
