// The steps of a trace as sentences with their actual values, in the order in which they decide.
import { formatNumber, formatPercent, formatWindow, momentOf } from '../domain/figures.ts'
import type { Finding } from '../domain/finding.ts'
import { limitFigure } from '../domain/finding-figures.ts'
import type { FailsAfter, Rule } from '../domain/policy.ts'
import { vocabularyOf } from '../domain/vocabulary.ts'
import type { Trace, TraceStep } from '../evaluate/trace.ts'
import { shown, type Terminal } from './terminal-text.ts'

/** Enough digits that a value is the value; what surrounds it is read, not copied. */
const EXACT = 17
const NEAR = 6

/** A line a step, without number; `rule` undefined where the policies no longer have it. */
export function stepLines(trace: Trace, rule: Rule | undefined, on: Terminal, timeZone: string): string[] {
  return trace.steps.flatMap((step) =>
    step.step === 'snapshot' ? [snapshotText(step, on, timeZone)] : stepTexts(step, trace.finding, rule, on),
  )
}

function stepTexts(
  step: Exclude<TraceStep, { step: 'snapshot' }>,
  finding: Finding,
  rule: Rule | undefined,
  on: Terminal,
): string[] {
  const { trace } = on.words
  switch (step.step) {
    case 'measurement':
      return [measurementText(step, finding, on)]
    case 'adjustment':
      return [trace.adjusted(exact(step.value, finding, on), exact(step.adjusted, finding, on))]
    case 'versus':
      return [
        step.before === null || step.change === null
          ? trace.noBefore
          : trace.before(exact(step.before, finding, on), near(step.change, finding, on)),
      ]
    case 'comparison':
      return [comparisonText(step, finding, rule, on)]
    case 'history':
      return [trace.failsAfter(count(step.failed, on), failsAfterText(step.failsAfter, on))]
    case 'card':
      return [
        step.lacking && step.values.length === 0
          ? trace.cardLacks(shown(step.path))
          : trace.card(
              shown(step.path),
              shown(step.values.map((value) => JSON.stringify(value) ?? '—').join(', '), 160),
            ),
      ]
    case 'variables':
      return step.variables.map(({ name, value, problem }) =>
        trace.variable(shown(name), problem === null ? shown(JSON.stringify(value) ?? '—') : shown(problem)),
      )
    case 'waivers':
      return step.considered.map(({ waiver, excuses }) => (excuses ? trace.waived : trace.notWaived)(shown(waiver.id)))
    case 'outcome':
      return [trace.outcome(outcomeText(step, on))]
  }
}

function snapshotText(step: Extract<TraceStep, { step: 'snapshot' }>, on: Terminal, timeZone: string): string {
  const { trace } = on.words
  const place = step.file === null ? trace.noPlace : `${shown(step.file, 120)}:${step.line ?? 1}`
  const until = step.freshUntil === null ? null : momentOf(step.freshUntil, timeZone, on.language)
  const fresh = until === null ? [] : [(step.stale ? trace.stale : trace.fresh)(until)]
  return [trace.snapshot(formatWindow(step.window, on.language), place), ...fresh].join('; ')
}

function measurementText(step: Extract<TraceStep, { step: 'measurement' }>, finding: Finding, on: Terminal): string {
  const { trace } = on.words
  const { interval, minSample, sample } = step
  return [
    step.value === null
      ? trace.notMeasured(shown(step.reason ?? trace.noReason))
      : trace.measured(exact(step.value, finding, on)),
    ...(step.n === null ? [] : [trace.rows(count(step.n, on))]),
    ...(minSample === null ? [] : [trace.sample(sample === null ? '—' : count(sample, on), count(minSample, on))]),
    ...(interval === null
      ? []
      : [
          trace.interval(
            near(interval[0], finding, on),
            near(interval[1], finding, on),
            formatPercent(step.level ?? 0.95, on.language),
          ),
        ]),
    trace.definition(shown(step.definition, 120)),
  ].join('; ')
}

function comparisonText(
  step: Extract<TraceStep, { step: 'comparison' }>,
  finding: Finding,
  rule: Rule | undefined,
  on: Terminal,
): string {
  const { trace } = on.words
  const limit = limitFigure(finding, rule, on.language) ?? '—'
  const margin = step.margin === null ? '—' : near(step.margin, finding, on)
  return [
    trace.compared(exact(step.value, finding, on), limit, margin),
    ...(step.warnAt === null ? [] : [trace.warnAt(warnAtFigure(step.warnAt, finding, rule, on))]),
    ...(step.confidence === null ? [] : [trace.confidence(formatPercent(step.confidence, on.language))]),
  ].join('; ')
}

function failsAfterText(rule: FailsAfter, on: Terminal): string {
  const { trace } = on.words
  if (rule.kind === 'consecutive') return trace.consecutive(count(rule.count, on))
  if (rule.kind === 'of-last') return trace.ofLast(count(rule.count, on), count(rule.of, on))
  return trace.withinDays(count(rule.count, on), count(rule.days, on))
}

function outcomeText(step: Extract<TraceStep, { step: 'outcome' }>, { language }: Terminal): string {
  const vocabulary = vocabularyOf(language)
  return vocabulary.outcome[step.outcome] + (step.cause === null ? '' : ` (${vocabulary.cause[step.cause]})`)
}

function warnAtFigure(warnAt: number, finding: Finding, rule: Rule | undefined, on: Terminal): string {
  const isPercent = rule?.form === 'metric' && rule.change?.relative === true
  return isPercent ? formatPercent(warnAt, on.language) : exact(warnAt, finding, on)
}

function exact(value: number, finding: Finding, on: Terminal): string {
  return withDigits(value, EXACT, finding, on)
}

function near(value: number, finding: Finding, on: Terminal): string {
  return withDigits(value, NEAR, finding, on)
}

function withDigits(value: number, digits: number, { unit }: Finding, { language }: Terminal): string {
  return formatNumber(value, { language, digits, ...(unit !== undefined && { unit }) })
}

function count(value: number, { language }: Terminal): string {
  return formatNumber(value, { language })
}
