// Limits that no value can satisfy together: two rules on one metric, subject and definition, or on one field of the card,
// in policies that can apply to one model.
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { CardRule, MetricRule, Policy, Rule, Selector } from '../domain/policy.ts'
import { problemAt } from './source-text.ts'
import { intersection, intervalOf, isEmpty, type ValueInterval } from './value-interval.ts'

interface Demand {
  readonly policy: Policy
  readonly rule: Rule
  /** Whether something can satisfy both this and another demand of the same key. */
  readonly agreesWith: (other: Demand) => boolean
  readonly interval: ValueInterval | null
  readonly test: CardRule['test'] | null
}

/** One diagnostic a rule, at the later of the two, naming the first that it contradicts. */
export function findContradictions(policies: readonly Policy[]): Diagnostic[] {
  const demands = new Map<string, Demand[]>()
  const found: Diagnostic[] = []
  for (const policy of policies) {
    for (const rule of policy.rules) {
      const key = keyOf(rule)
      if (key === null) continue
      const demand = demandOf(policy, rule)
      const earlier = demands.get(key) ?? []
      const contrary = earlier.find(
        (other) => !demand.agreesWith(other) && canOverlap(policy.appliesTo, other.policy.appliesTo),
      )
      if (contrary !== undefined) found.push(describe(demand, contrary))
      earlier.push(demand)
      demands.set(key, earlier)
    }
  }
  return found
}

/** Rules with equal keys speak of the same value. */
function keyOf(rule: Rule): string | null {
  if (rule.form === 'metric') {
    return rule.comparison === null ? null : JSON.stringify(['metric', rule.metric, rule.each, rule.definition ?? null])
  }
  return rule.form === 'card' ? JSON.stringify(['card', rule.path]) : null
}

function demandOf(policy: Policy, rule: Rule): Demand {
  const interval = rule.form === 'metric' && rule.comparison !== null ? intervalOf(rule.comparison) : null
  const test = rule.form === 'card' ? rule.test : null
  return {
    policy,
    rule,
    interval,
    test,
    agreesWith: (other) => {
      if (interval !== null && other.interval !== null) return !isEmpty(intersection(interval, other.interval))
      return test === null || other.test === null || testsAgree(test, other.test)
    },
  }
}

function testsAgree(a: CardRule['test'], b: CardRule['test']): boolean {
  if (a.op === 'present' && b.op === 'present') return a.wanted === b.wanted
  if (a.op === 'atLeast' && b.op === 'atMost') return a.limit <= b.limit
  if (a.op === 'atMost' && b.op === 'atLeast') return b.limit <= a.limit
  if (a.op === 'oneOf' && b.op === 'oneOf') return a.values.some((value) => b.values.includes(value))
  if (a.op === 'oneOf' && b.op === 'noneOf') return a.values.some((value) => !b.values.includes(value))
  if (a.op === 'noneOf' && b.op === 'oneOf') return testsAgree(b, a)
  return true
}

/** Whether some card may be selected by both; only what is plainly apart is said to be. */
export function canOverlap(a: Selector, b: Selector): boolean {
  const isApart = a.all.some((line) =>
    b.all.some(
      (other) =>
        isSamePath(line.path, other.path) && !isList(line.path) && !line.anyOf.some((v) => other.anyOf.includes(v)),
    ),
  )
  return !isApart && !isExcluded(a, b) && !isExcluded(b, a)
}

/** Whether `not` of one excludes all that the other selects. */
function isExcluded({ not }: Selector, other: Selector): boolean {
  if (not === null || not.not !== null || not.all.length === 0) return false
  return not.all.every((line) =>
    other.all.some(
      (o) => isSamePath(line.path, o.path) && !isList(o.path) && o.anyOf.every((v) => line.anyOf.includes(v)),
    ),
  )
}

function isSamePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index])
}

/** A list may hold a value of each; `deployment` may be one. */
function isList(path: readonly string[]): boolean {
  return path.includes('[]') || ['deployment', 'owners', 'formerly', 'versions'].includes(path[0] ?? '')
}

function describe(demand: Demand, contrary: Demand): Diagnostic {
  const { place } = demand.rule
  const within = demand.policy === contrary.policy ? '' : ` of policy \`${contrary.policy.id}\``
  const where = `${contrary.rule.place.file}:${contrary.rule.place.line}`
  return problemAt(place, {
    code: 'load/contradiction',
    message: `no ${demand.rule.form === 'card' ? 'card' : 'value'} satisfies both rule \`${demand.rule.id}\` (${wordsOf(demand.rule)}) and rule \`${contrary.rule.id}\`${within} (${wordsOf(contrary.rule)})`,
    hint: `the other stands at ${where}`,
  })
}

function wordsOf(rule: Rule): string {
  if (rule.form === 'metric') return comparisonWords(rule)
  if (rule.form !== 'card') return 'failsWhen'
  const { test } = rule
  if (test.op === 'present') return `present: ${test.wanted}`
  return 'values' in test ? `${test.op}: ${test.values.length} values` : `${test.op}: ${test.limit}`
}

function comparisonWords({ comparison }: MetricRule): string {
  return comparison === null ? 'versus' : `${comparison.op}: ${[comparison.limit].flat().join(' to ')}`
}
