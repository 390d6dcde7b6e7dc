// Free-form rules: `failsWhen` guarded, compiled, and judged over the newest measurements and the card.
import { internalError } from '../base/fault.ts'
import { compareText } from '../base/order.ts'
import { cardValues } from '../domain/card-values.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Rulebook } from '../domain/governance.ts'
import type { Metric } from '../domain/metric.ts'
import { expressionPart, type LogicRule, type Place } from '../domain/policy.ts'
import type { LiveSnapshot } from '../domain/snapshot.ts'
import type { Assessment, Evidence, Why } from './assessment.ts'
import type { CompiledLogicRule } from './compile.ts'
import type { Deployed } from './deployed.ts'
import { applyLogic } from './json-logic.ts'
import { type Guarded, guardExpression, type LogicPath, type PlacedRefusal } from './logic-guard.ts'
import { resolveVariable, type Variable, type Vocabulary } from './logic-variables.ts'
import { THE_MODEL } from './metric-window.ts'

/** A guarded expression and where its variables come from. */
export interface CompiledLogic {
  readonly expression: unknown
  /** In the order of `v0`, `v1`, …; `reading` as in `CompiledRulebook.readings`, -1 for what is no metric. */
  readonly variables: readonly { readonly variable: Variable; readonly reading: number }[]
}

/** Every reason why a free-form rule of the rulebook is refused, at the rule's position. Run when policies are loaded. */
export function guardRules(rulebook: Rulebook, metrics: ReadonlyMap<string, Metric>): Diagnostic[] {
  return rulebook.policies.flatMap((policy) =>
    policy.rules.flatMap((rule) => {
      if (rule.form !== 'logic') return []
      return refusalsOf(rule, { metrics, params: policy.params }).map(({ path, ...refusal }) => ({
        ...placeIn(rule, path),
        severity: 'error' as const,
        ...refusal,
      }))
    }),
  )
}

/** Of the part, else of the nearest part around it. */
function placeIn({ expressionPlaces, place }: LogicRule, path: LogicPath): Place {
  for (let length = path.length; length >= 0; length--) {
    const found = expressionPlaces?.[expressionPart(path.slice(0, length))]
    if (found !== undefined) return found
  }
  return place
}

function refusalsOf(rule: LogicRule, vocabulary: Vocabulary): readonly PlacedRefusal[] {
  const guarded = guard(rule, vocabulary)
  if ('refusals' in guarded) return guarded.refusals
  if (guarded.type === 'boolean') return constantOf(guarded, vocabulary)
  return [
    {
      code: 'evaluate/bad-expression',
      message: `\`failsWhen\` must be true or false, and this is ${guarded.type}`,
      hint: 'compare the value: { "<": [value, limit] }',
      path: [],
    },
  ]
}

/** What reads neither a measurement nor a card says the same of every model: a slip, or a rule that was turned off. */
function constantOf({ expression, variables }: Guarded, vocabulary: Vocabulary): PlacedRefusal[] {
  const read = variables.map((name) => resolveVariable(name, vocabulary))
  const params = read.flatMap((one) => ('kind' in one && one.kind === 'param' ? [one.value] : []))
  if (params.length < read.length) return []
  const result = applyLogic(expression, Object.fromEntries(params.map((value, index) => [`v${index}`, value])))
  const always = result === 'not-finite' ? 'never a finite number' : `always ${String(result.value)}`
  const message = `\`failsWhen\` is ${always}: it reads no measurement and no field of a card`
  const hint = 'compare something of the model: { "var": "metrics.…" } or { "var": "card.…" }'
  return [{ code: 'evaluate/constant-expression', message, hint, path: [] }]
}

function guard(rule: LogicRule, vocabulary: Vocabulary) {
  return guardExpression(rule.failsWhen, (name) => {
    const variable = resolveVariable(name, vocabulary)
    return 'kind' in variable ? variable.type : variable
  })
}

/** The rule must be one that `guardRules` accepts. */
export function compileLogic(
  rule: LogicRule,
  vocabulary: Vocabulary,
  readingOf: (metric: string) => number,
): CompiledLogic {
  const guarded = guard(rule, vocabulary)
  if ('refusals' in guarded || guarded.type !== 'boolean') internalError(`rule ${rule.id} was not guarded`)
  const variables = guarded.variables.map((name) => {
    const variable = resolveVariable(name, vocabulary)
    if (!('kind' in variable)) internalError(`variable ${name} was not guarded`)
    return { variable, reading: variable.kind === 'metric' ? readingOf(variable.metric) : -1 }
  })
  return { expression: guarded.expression, variables }
}

/** One finding; a variable that is missing, null or stale makes the whole rule so, whether or not its branch is taken. */
export function assessLogicRule(rule: CompiledLogicRule, deployed: Deployed): Assessment {
  const data: Record<string, unknown> = {}
  const problems: Problem[] = []
  const judged: LiveSnapshot[] = []
  rule.logic.variables.forEach(({ variable, reading }, index) => {
    const read = readVariable(rule, variable, reading, deployed)
    if (read.snapshot !== undefined) judged.push(read.snapshot)
    if ('problem' in read) problems.push(read.problem)
    else data[`v${index}`] = read.value
  })
  const base = { named: THE_MODEL, evidence: evidenceOf(rule, judged, deployed) }
  const worst = problems.sort(byWeight)[0]
  if (worst !== undefined) {
    const names = problems.filter((p) => p.why.kind === worst.why.kind).map((p) => p.name)
    return { ...base, ...outcomeOf(worst.why, rule), why: worst.why, names }
  }
  const result = applyLogic(rule.logic.expression, data)
  if (result === 'not-finite') {
    return {
      ...base,
      outcome: 'error',
      cause: 'not-evaluable',
      why: { kind: 'unusable', values: [], wanted: 'finite' },
    }
  }
  const fails = result.value === true
  return { ...base, outcome: fails ? 'fail' : 'pass', why: fails ? { kind: 'offends', values: [] } : { kind: 'holds' } }
}

/** Each variable as it was read, for traces; `problem` says why it has no value. */
export function readVariables(
  rule: CompiledLogicRule,
  deployed: Deployed,
): { readonly name: string; readonly value: unknown; readonly problem: string | null }[] {
  return rule.logic.variables.map(({ variable, reading }) => {
    const read = readVariable(rule, variable, reading, deployed)
    if ('problem' in read) return { name: variable.name, value: null, problem: read.problem.why.kind }
    return { name: variable.name, value: read.value, problem: null }
  })
}

interface Problem {
  readonly name: string
  readonly why: Extract<Why, { kind: 'missing' | 'stale' | 'definition' | 'unusable' }>
}

type Read = { readonly snapshot?: LiveSnapshot } & ({ readonly value: unknown } | { readonly problem: Problem })

/** What cannot be answered at all is told before what is missing, and that before what is old. */
const WEIGHT = ['definition', 'missing', 'stale', 'unusable'] as const

function byWeight(a: Problem, b: Problem): number {
  return WEIGHT.indexOf(a.why.kind) - WEIGHT.indexOf(b.why.kind) || compareText(a.name, b.name)
}

function outcomeOf(
  why: Problem['why'],
  rule: CompiledLogicRule,
): Pick<Assessment, 'outcome' | 'cause'> & { cause: NonNullable<Assessment['cause']> } {
  if (why.kind === 'missing' || why.kind === 'stale') return { outcome: rule.onMissing, cause: why.kind }
  return { outcome: 'error', cause: why.kind === 'definition' ? 'definition' : 'not-evaluable' }
}

function readVariable(rule: CompiledLogicRule, variable: Variable, reading: number, deployed: Deployed): Read {
  const { name } = variable
  if (variable.kind === 'param') return { value: variable.value }
  if (variable.kind === 'card') return readCard(variable, deployed)
  const window = deployed.windowsOf(reading).at(0)
  if (window === undefined) return { problem: { name, why: { kind: 'missing', what: 'window' } } }
  const found = window.find(variable.subject)
  const snapshot = found?.snapshot ?? window.snapshot
  const at = snapshot && { snapshot }
  if (window.definitions.length > 1) {
    return { ...at, problem: { name, why: { kind: 'definition', definitions: window.definitions } } }
  }
  const { staleAfter } = rule
  if (staleAfter !== undefined && deployed.isStale(window.end, staleAfter)) {
    const since = deployed.freshUntil(window.end, staleAfter)
    return { ...at, problem: { name, why: { kind: 'stale', since, staleAfter } } }
  }
  if (found === undefined) return { ...at, problem: { name, why: { kind: 'missing', what: 'subject' } } }
  const { value, reason } = found.measurement
  if (value !== null) return { ...at, value }
  return { ...at, problem: { name, why: { kind: 'missing', what: 'value', ...(reason !== undefined && { reason }) } } }
}

function readCard(variable: Extract<Variable, { kind: 'card' }>, deployed: Deployed): Read {
  const { name, path, isList, of } = variable
  const { values, lacking } = cardValues(deployed.loaded.card, path)
  if (lacking) return { problem: { name, why: { kind: 'missing', what: 'field' } } }
  const usable = values.every((value) => typeof value === of) && (isList || values.length === 1)
  if (!usable) return { problem: { name, why: { kind: 'unusable', values, wanted: 'type' } } }
  return { value: isList ? values : values[0] }
}

/** The newest snapshot judged (of several at one window, that of the smallest digest); the card where no metric is read. */
function evidenceOf(rule: CompiledLogicRule, judged: readonly LiveSnapshot[], { loaded }: Deployed): Evidence {
  const newest = [...judged].sort((a, b) => b.end - a.end || b.start - a.start || compareText(a.digest, b.digest))[0]
  if (newest !== undefined) return { digest: newest.digest, window: newest.window }
  const readsMetrics = rule.logic.variables.some(({ variable }) => variable.kind === 'metric')
  return { digest: readsMetrics ? null : loaded.digest, window: null }
}
