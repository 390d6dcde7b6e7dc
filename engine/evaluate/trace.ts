// How one finding came about, step by step with the actual values: the data behind `explain`, without words of any language.
import { compareText } from '../base/order.ts'
import { cardValues } from '../domain/card-values.ts'
import type { Finding } from '../domain/finding.ts'
import { formatInstant } from '../domain/instant.ts'
import type { Assessment } from './assessment.ts'
import { pathText } from './card-rule.ts'
import { CardSubjects } from './card-subjects.ts'
import type { CompiledMetricRule, CompiledPolicy, CompiledRule, CompiledRulebook } from './compile.ts'
import { Deployed } from './deployed.ts'
import { enforcementOf } from './enforcement.ts'
import { countFailing } from './fails-after.ts'
import { findingId, makeFinding } from './finding.ts'
import { assessAll, isJudged, type ModelInput, placesOf } from './judge.ts'
import { readVariables } from './logic-rule.ts'
import { saysOf } from './metric-rule.ts'
import { definitionOf, type MetricWindow } from './metric-window.ts'
import { sampleOf } from './sample.ts'
import type { TracedWindow, TraceStep } from './trace-step.ts'
import { windowsBefore } from './versus.ts'
import { waiverFor, waiversOf } from './waivers.ts'
import { assessWindow, startRun } from './window-value.ts'

export type { TracedWindow, TraceStep } from './trace-step.ts'

/** How one finding came about. */
export interface Trace {
  readonly finding: Finding
  /** In the order in which they decide. */
  readonly steps: readonly TraceStep[]
}

/** The trace of a finding of this model, passes included; `null` where the model has no finding of that id today. */
export function explainFinding(compiled: CompiledRulebook, input: ModelInput, id: string): Trace | null {
  const { loaded, now, history } = input
  if (loaded === null || input.invalid) return null
  const subjects = new CardSubjects(loaded)
  const policies = compiled.policies.filter((policy) => policy.selects(loaded.card))
  for (const { environment, version } of placesOf(loaded)) {
    const deployed = new Deployed({ compiled, loaded, environment, version, now, subjects, history })
    for (const policy of policies) {
      const trace = traceInPolicy(policy, deployed, id)
      if (trace !== null) return trace
    }
  }
  return null
}

function traceInPolicy(policy: CompiledPolicy, deployed: Deployed, id: string): Trace | null {
  const { version, environment, compiled } = deployed
  const of = { model: deployed.loaded.card.id, version, environment, policy: policy.policy.id }
  for (const rule of policy.rules) {
    if (!isJudged(rule, deployed)) continue
    const isIt = (a: Assessment) => findingId({ ...of, rule: rule.rule.id, subject: a.named.text }) === id
    const assessment = assessAll(rule, deployed).find(isIt)
    if (assessment === undefined) continue
    const enforcement = enforcementOf(compiled.rulebook, environment, policy.policy.id)
    const finding = makeFinding(policy, rule, enforcement, deployed, assessment)
    return { finding, steps: stepsOf(rule, deployed, assessment, finding) }
  }
  return null
}

function stepsOf(rule: CompiledRule, deployed: Deployed, assessment: Assessment, finding: Finding): TraceStep[] {
  const { outcome, cause, why } = assessment
  return [
    ...judgingSteps(rule, deployed, assessment),
    { step: 'outcome', outcome, cause: cause ?? null, why },
    ...waiverSteps(deployed, finding, assessment),
  ]
}

function judgingSteps(rule: CompiledRule, deployed: Deployed, assessment: Assessment): TraceStep[] {
  if (rule.form === 'metric') return metricSteps(rule, deployed, assessment)
  if (rule.form === 'logic') {
    return [{ step: 'variables', expression: rule.rule.failsWhen, variables: readVariables(rule, deployed) }]
  }
  const { path, test } = rule.rule
  return [{ step: 'card', path: pathText(path), test, ...cardValues(deployed.loaded.card, path) }]
}

function metricSteps(rule: CompiledMetricRule, deployed: Deployed, assessment: Assessment): TraceStep[] {
  const { window } = assessment
  if (window === undefined) return []
  return [
    snapshotStep(rule, deployed, window, assessment),
    ...measurementSteps(rule, deployed, assessment),
    ...versusSteps(rule, deployed, assessment),
    ...comparisonSteps(rule, assessment),
    ...historySteps(rule, deployed, window, assessment),
  ]
}

function snapshotStep(
  rule: CompiledMetricRule,
  deployed: Deployed,
  window: MetricWindow,
  assessment: Assessment,
): TraceStep {
  const snapshot = assessment.reading?.snapshot ?? window.snapshot
  const freshUntil = rule.staleAfter === undefined ? null : deployed.freshUntil(window.end, rule.staleAfter)
  return {
    step: 'snapshot',
    window: window.window,
    snapshot: snapshot?.digest ?? null,
    file: snapshot?.file ?? null,
    line: snapshot?.line ?? null,
    definitions: window.definitions,
    freshUntil: freshUntil === null ? null : formatInstant(freshUntil),
    stale: freshUntil !== null && deployed.now > freshUntil,
  }
}

function measurementSteps(
  rule: CompiledMetricRule,
  deployed: Deployed,
  { reading, value, adjusted }: Assessment,
): TraceStep[] {
  if (reading === undefined) return []
  const { measurement: m } = reading
  const measured: TraceStep = {
    step: 'measurement',
    value: m.value,
    reason: m.reason ?? null,
    definition: definitionOf(m),
    n: m.n ?? null,
    sample: sampleOf(m, deployed.loaded.card) ?? null,
    minSample: rule.rule.minSample ?? null,
    interval: m.interval ?? null,
    level: m.interval === undefined ? null : (m.level ?? 0.95),
  }
  return value === undefined || adjusted === undefined
    ? [measured]
    : [measured, { step: 'adjustment', value, adjusted }]
}

function versusSteps(
  rule: CompiledMetricRule,
  deployed: Deployed,
  { reading, named, versus, why }: Assessment,
): TraceStep[] {
  const asked = rule.rule.versus
  if (asked === null || reading === undefined) return []
  const windows = windowsBefore(rule.reading, asked, deployed, 0).map((window) => {
    const found = window.find(named.text)
    const snapshot = found?.snapshot ?? window.snapshot
    return { window: window.window, snapshot: snapshot?.digest ?? null, value: found?.measurement.value ?? null }
  })
  const before = versus?.value ?? (why.kind === 'no-percentage' ? why.before : null)
  return [{ step: 'versus', versus: asked, before, change: versus?.change ?? null, windows }]
}

function comparisonSteps({ rule }: CompiledMetricRule, { value, adjusted, margin }: Assessment): TraceStep[] {
  if (value === undefined) return []
  const { comparison, change, warnAt, confidence } = rule
  return [
    {
      step: 'comparison',
      comparison,
      change,
      warnAt: warnAt ?? null,
      confidence: confidence ?? null,
      value: adjusted ?? value,
      margin: margin ?? null,
    },
  ]
}

function historySteps(
  rule: CompiledMetricRule,
  deployed: Deployed,
  current: MetricWindow,
  { named, why }: Assessment,
): TraceStep[] {
  const { failsAfter } = rule.rule
  if (failsAfter === undefined || (why.kind !== 'breaks' && why.kind !== 'early')) return []
  const run = startRun(rule, deployed)
  const windows: TracedWindow[] = []
  const { failed, enough } = countFailing(failsAfter, current.end, (back) => {
    const earlier = assessWindow(run, named, back)
    if (earlier?.window === undefined) return undefined
    const { window, reading } = earlier
    const snapshot = (reading?.snapshot ?? window.snapshot)?.digest ?? null
    const value = reading?.measurement.value ?? null
    windows.push({ window: window.window, snapshot, value, says: saysOf(earlier), why: earlier.why.kind })
    return { end: window.end, says: saysOf(earlier) }
  })
  return [{ step: 'history', failsAfter, failed, enough, windows }]
}

function waiverSteps({ compiled, now }: Deployed, finding: Finding, { named }: Assessment): TraceStep[] {
  const listed = waiversOf(compiled.waivers, finding)
  if (listed.length === 0) return []
  const chosen = waiverFor(compiled.waivers, finding, named.text, now)
  const considered = listed
    .map(({ waiver }) => ({ waiver, excuses: waiver.id === chosen?.waiver.id }))
    .sort((a, b) => compareText(a.waiver.id, b.waiver.id))
  return [{ step: 'waivers', considered }]
}
