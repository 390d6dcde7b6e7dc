// A metric rule: which metric, of what, compared how. Held against the catalogue: a rule that asks for the wrong subject or the
// worse side, or that no value or every value satisfies, is an error.
import type { Metric, SubjectKind } from '../domain/metric.ts'
import type { Comparison, FailsAfter, MetricRule } from '../domain/policy.ts'
import { definitionProblem } from './check-definition.ts'
import { nearOr, OWN_METRIC } from './load-governance.ts'
import { readChange } from './read-change.ts'
import { type OwnLimit, readWarnAt } from './read-warn-at.ts'
import { headOf, numberOf, tellAt, tellAtKey, type WrittenRule } from './rule-reader.ts'
import { quoted } from './schema-problems.ts'
import { contains, intersection, intervalOf, intervalOfRange, isEmpty } from './value-interval.ts'

const OPERATORS = ['atLeast', 'atMost', 'below', 'above', 'between', 'equals'] as const
const CHANGES = ['dropsAtMost', 'risesAtMost'] as const

/** `null` after an error. */
export function readMetricRule(written: WrittenRule): MetricRule | null {
  const { rule } = written
  const metric = findMetric(written)
  if (metric === null) return null
  const isEachRight = checkEach(written, metric)
  const limits = [...OPERATORS, ...CHANGES].filter((name) => rule[name] !== undefined)
  const [limit] = limits
  if (limit === undefined || limits.length > 1) return tellLimits(written, limits)
  const changes = readChange(written, metric)
  const comparison = readComparison(written, metric)
  if (comparison === undefined || changes === undefined) return null
  if (comparison === null && changes === null) return null
  const options = readOptions(written, metric, { comparison, change: changes?.change ?? null })
  if (!isEachRight || options === undefined) return null
  return {
    form: 'metric',
    ...headOf(written),
    metric: metric.id,
    unit: metric.unit,
    each: rule.each ?? null,
    comparison,
    versus: changes?.versus ?? null,
    change: changes?.change ?? null,
    ...options,
    isPValue: metric.unit === 'p-value',
  }
}

/** The metric that the rule names; `null` after an error. */
export function findMetric(written: WrittenRule): Metric | null {
  const name = written.rule.metric ?? ''
  const metric = written.metrics.get(name)
  if (metric !== undefined) return metric
  const own = name.startsWith('custom.') ? 'declare it in `metrics` of policies/governance.yaml' : OWN_METRIC
  const hint = nearOr(name, written.metrics.keys(), own)
  tellAt(written, 'metric', { code: 'load/unknown-metric', message: `unknown metric ${quoted(name)}`, hint })
  return null
}

const SUBJECT_WORDS: Readonly<Record<SubjectKind, string>> = {
  model: 'for the model as a whole',
  feature: 'per feature',
  protected: 'per protected attribute',
  group: 'per group',
  endpoint: 'per endpoint',
}

function checkEach(written: WrittenRule, metric: Metric): boolean {
  const { each } = written.rule
  const allowed = [metric.subject, ...(metric.alsoPer ?? [])]
  if (allowed.includes(each ?? 'model')) return true
  const [first] = allowed
  if (each === undefined) {
    tellAt(written, 'metric', {
      code: 'load/needs-each',
      message: `\`${metric.id}\` is measured ${SUBJECT_WORDS[metric.subject]}`,
      hint: `add \`each: ${metric.subject}\``,
    })
  } else {
    tellAt(written, 'each', {
      code: 'load/wrong-each',
      message: `\`${metric.id}\` is measured ${SUBJECT_WORDS[metric.subject]}, not ${SUBJECT_WORDS[each]}`,
      hint: first === 'model' ? 'remove `each`' : `write \`each: ${metric.subject}\``,
    })
  }
  return false
}

function tellLimits(written: WrittenRule, limits: readonly string[]): null {
  if (limits.length === 0) {
    tellAtKey(written, null, {
      code: 'load/no-limit',
      message: `rule \`${written.rule.id}\` has no limit`,
      hint: 'add `atLeast`, `atMost`, `below`, `above`, `between` or `equals`; or `versus` with `dropsAtMost` or `risesAtMost`',
    })
    return null
  }
  const names = limits.map((name) => `\`${name}\``).join(' and ')
  const isChange = limits.some((name) => name === 'dropsAtMost' || name === 'risesAtMost')
  tellAtKey(written, limits[1] as (typeof OPERATORS)[number], {
    code: 'load/several-limits',
    message: `rule \`${written.rule.id}\` has ${names}`,
    hint: isChange ? 'a level and a change of it are two rules' : 'use `between` for two limits, or two rules',
  })
  return null
}

/** `null` where the rule compares a change; `undefined` after an error. */
function readComparison(written: WrittenRule, metric: Metric): Comparison | null | undefined {
  const op = OPERATORS.find((name) => written.rule[name] !== undefined)
  if (op === undefined) return null
  const comparison = op === 'between' ? readBetween(written) : readLimit(written, op)
  if (comparison === undefined) return undefined
  const worseSide: Record<string, string> = { up: 'atLeast above', down: 'atMost below', away: '', none: '' }
  if (worseSide[metric.worse]?.split(' ').includes(op)) return tellDirection(written, metric, op)
  return isWithinReason(written, metric, comparison) ? comparison : undefined
}

function readBetween(written: WrittenRule): Comparison | undefined {
  const pair = written.rule.between
  if (pair === undefined) return undefined
  const path = [...written.path, 'between']
  const low = written.parameters.number(pair[0], [...path, 0])
  const high = written.parameters.number(pair[1], [...path, 1])
  if (low === undefined || high === undefined) return undefined
  if (low <= high) return { op: 'between', limit: [low, high] }
  return tellAt(written, 'between', {
    code: 'load/never-holds',
    message: `\`between\` is reversed: ${low} is above ${high}`,
    hint: `write its lower end first: \`[${high}, ${low}]\``,
  })
}

function readLimit(written: WrittenRule, op: Exclude<(typeof OPERATORS)[number], 'between'>): Comparison | undefined {
  const limit = numberOf(written, op)
  return limit === undefined ? undefined : { op, limit }
}

function tellDirection(written: WrittenRule, metric: Metric, op: (typeof OPERATORS)[number]): undefined {
  const better = metric.worse === 'up' ? 'atMost' : 'atLeast'
  const moves = metric.worse === 'up' ? 'rises' : 'falls'
  return tellAtKey(written, op, {
    code: 'load/wrong-direction',
    message: `\`${metric.id}\` is worse when it ${moves}, so \`${op}\` asks for the worse side`,
    hint: `use \`${better}\`; or \`between\` where both sides are wrong`,
  })
}

function isWithinReason(written: WrittenRule, metric: Metric, comparison: Comparison): boolean {
  const range = intervalOfRange(metric.range)
  const passing = intervalOf(comparison)
  const never = isEmpty(intersection(range, passing))
  if (!never && !contains(passing, range)) return true
  const [low, high] = metric.range
  tellAt(written, comparison.op, {
    code: never ? 'load/never-holds' : 'load/always-holds',
    message: `${never ? 'no' : 'every'} value of \`${metric.id}\` satisfies \`${comparison.op}: ${limitText(comparison)}\``,
    hint: `its values are ${low === null ? 'any number' : `from ${low}`}${high === null ? '' : ` up to ${high}`}${unitHint(metric, comparison)}`,
  })
  return false
}

/** A share written as a percentage is the likeliest slip; 1.2 is none. */
function unitHint(metric: Metric, comparison: Comparison): string {
  const [first] = [comparison.limit].flat()
  return metric.range[1] === 1 && first !== undefined && first >= 2 && first <= 100
    ? `: \`${first / 100}\`, not \`${first}\``
    : ''
}

function limitText(comparison: Comparison): string {
  return comparison.op === 'between' ? `[${comparison.limit.join(', ')}]` : String(comparison.limit)
}

type Options = Pick<MetricRule, 'warnAt' | 'minSample' | 'confidence' | 'failsAfter' | 'definition' | 'correction'>

/** `undefined` after an error; every option is looked at. */
function readOptions(written: WrittenRule, metric: Metric, own: OwnLimit): Options | undefined {
  const { rule } = written
  const warnAt = readWarnAt(written, own)
  const minSample = numberOf(written, 'minSample')
  const confidence = numberOf(written, 'confidence')
  const failsAfter = rule.failsAfter === undefined ? undefined : parseFailsAfter(rule.failsAfter)
  const isRight = [
    rule.minSample === undefined || (minSample !== undefined && checkMinSample(written, minSample)),
    rule.confidence === undefined || (confidence !== undefined && checkConfidence(written, confidence)),
    failsAfter === undefined || checkFailsAfter(written, failsAfter),
    rule.correction === undefined || checkCorrection(written, metric),
    rule.definition === undefined || checkDefinition(written, metric, rule.definition),
  ].every(Boolean)
  if (!isRight || warnAt === undefined) return undefined
  return {
    ...(warnAt !== null && { warnAt }),
    ...(minSample !== undefined && { minSample }),
    ...(confidence !== undefined && { confidence }),
    ...(failsAfter !== undefined && { failsAfter }),
    ...(rule.definition !== undefined && { definition: rule.definition }),
    ...(rule.correction !== undefined && { correction: rule.correction }),
  }
}

function checkMinSample(written: WrittenRule, minSample: number): boolean {
  if (Number.isInteger(minSample) && minSample >= 1) return true
  tellAt(written, 'minSample', {
    code: 'load/out-of-range',
    message: `\`minSample\` is ${minSample}; it must be a whole number from 1 on`,
    hint: 'write the least number of rows that a value must rest on, such as 500',
  })
  return false
}

function checkConfidence(written: WrittenRule, confidence: number): boolean {
  if (confidence > 0 && confidence < 1) return true
  const hint =
    confidence > 1 && confidence < 100
      ? `write \`${confidence / 100}\``
      : 'write the level of the intervals, such as `0.95`'
  tellAt(written, 'confidence', {
    code: 'load/out-of-range',
    message: `\`confidence\` is ${confidence}; it must be between 0 and 1`,
    hint,
  })
  return false
}

function checkFailsAfter(written: WrittenRule, failsAfter: FailsAfter): boolean {
  if (failsAfter.kind !== 'of-last' || failsAfter.count <= failsAfter.of) return true
  tellAt(written, 'failsAfter', {
    code: 'load/never-holds',
    message: `${failsAfter.count} of the last ${failsAfter.of} windows can never fail`,
    hint: `at most ${failsAfter.of} of last ${failsAfter.of}`,
  })
  return false
}

/** A warning leaves the rule as it is. */
function checkDefinition(written: WrittenRule, metric: Metric, definition: string): boolean {
  const problem = definitionProblem(metric, definition)
  if (problem !== null) tellAt(written, 'definition', problem)
  return problem === null || problem.severity === 'warning'
}

function checkCorrection(written: WrittenRule, metric: Metric): boolean {
  if (metric.unit === 'p-value' && written.rule.each !== undefined) return true
  tellAtKey(written, 'correction', {
    code: 'load/correction',
    message: `\`correction\` is for p-values over several subjects; \`${metric.id}\` here is none`,
    hint: 'remove it',
  })
  return false
}

function parseFailsAfter(text: string): FailsAfter {
  const [count = 0, second = 0] = [...text.matchAll(/\d+/g)].map(Number)
  if (text.endsWith('consecutive')) return { kind: 'consecutive', count }
  return text.includes('of last')
    ? { kind: 'of-last', count, of: second }
    : { kind: 'within-days', count, days: second }
}
