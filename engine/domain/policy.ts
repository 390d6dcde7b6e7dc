// A policy as the engine holds it after loading: checked, with `$param`s resolved and positions kept.
// The file form is RESOURCES.md; engine/schemas/policy.json checks it.
import type { Digest } from '../base/canonical-json.ts'
import type { Duration } from './instant.ts'
import type { SubjectKind } from './metric.ts'

/** What a failure may demand, `rollback` > `hold` > `retrain` > `none`. */
export type Action = 'none' | 'retrain' | 'hold' | 'rollback'
/** The outcome of a rule whose measurement is absent, null or stale. Never a pass. */
export type OnMissing = 'error' | 'fail' | 'skip'
/** How hard a policy binds in one environment: reports, needs an owner's approval, or blocks besides. */
export type Enforcement = 'advisory' | 'approval' | 'mandatory'
/** How grave a failure is, for people and channels. It decides nothing. */
export type PolicySeverity = 'info' | 'low' | 'medium' | 'high' | 'critical'

/** Where a thing stands in its file; lines and columns from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A limit; `between` includes both ends. */
export type Comparison =
  | { readonly op: 'atLeast' | 'atMost' | 'below' | 'above' | 'equals'; readonly limit: number }
  | { readonly op: 'between'; readonly limit: readonly [number, number] }

/** `5%` is relative; `0.05` is absolute. */
export interface Change {
  readonly direction: 'drops' | 'rises'
  readonly amount: number
  readonly relative: boolean
}

/**
 * What a change is counted from: the baseline snapshot, the window before, or the mean of the windows that ended in
 * so many days.
 */
export type Versus =
  | { readonly kind: 'baseline' }
  | { readonly kind: 'previous' }
  | { readonly kind: 'rolling'; readonly days: number }

/** How many windows must fail by themselves before the rule does (EVALUATION.md, Comparing). */
export type FailsAfter =
  | { readonly kind: 'consecutive'; readonly count: number }
  | { readonly kind: 'of-last'; readonly count: number; readonly of: number }
  | { readonly kind: 'within-days'; readonly count: number; readonly days: number }

interface RuleBase {
  readonly id: string
  readonly place: Place
  readonly staleAfter?: Duration
}

/**
 * A level (`comparison`) or a change (`versus` with `change`) of one metric: exactly one of the two is there. Limits
 * are in `unit`; `each` null means the model as a whole.
 */
export interface MetricRule extends RuleBase {
  readonly form: 'metric'
  readonly metric: string
  readonly unit: string
  readonly each: Exclude<SubjectKind, 'model'> | null
  readonly comparison: Comparison | null
  readonly versus: Versus | null
  readonly change: Change | null
  readonly warnAt?: number
  readonly minSample?: number
  readonly confidence?: number
  readonly failsAfter?: FailsAfter
  readonly definition?: string
  readonly correction?: 'none'
  readonly isPValue: boolean
}

/** What is asked of a field of the card. `withinDays`: a day at most so many days ago. */
export type CardTest =
  | { readonly op: 'present'; readonly wanted: boolean }
  | { readonly op: 'oneOf' | 'noneOf'; readonly values: readonly (string | number | boolean)[] }
  | { readonly op: 'atMost' | 'atLeast' | 'withinDays'; readonly limit: number }

/** One test of one field of the card. One finding a rule, whatever the number of values. */
export interface CardRule extends RuleBase {
  readonly form: 'card'
  /** `data.features[].name` as parts: `['data', 'features', '[]', 'name']`. */
  readonly path: readonly string[]
  readonly test: CardTest
}

/**
 * A free-form rule: a JsonLogic expression that is true where the rule fails. Accepted by the guard before it is
 * evaluated.
 */
export interface LogicRule extends RuleBase {
  readonly form: 'logic'
  readonly failsWhen: unknown
  /** Where its parts stand, by `expressionPart`: what the guard refuses is told there. */
  readonly expressionPlaces?: Readonly<Record<string, Place>>
}

/** The name of a part of an expression, by keys and list positions from its root: `""` is the whole. */
export function expressionPart(path: readonly (string | number)[]): string {
  return path.map((step) => `/${step}`).join('')
}

/** One checkable requirement of a policy. */
export type Rule = MetricRule | CardRule | LogicRule

/** `{ 'risk.tier': ['high'] }` as a conjunction; `not` negates a selector. */
export interface Selector {
  readonly all: readonly { readonly path: readonly string[]; readonly anyOf: readonly unknown[] }[]
  readonly not: Selector | null
}

/** What a failure demands: `action`, due within `dueIn`; `after` that time the demand is `escalateTo`. */
export interface Remediate {
  readonly action: Action
  readonly dueIn?: Duration
  readonly escalateTo?: Action
  readonly after?: Duration
}

/**
 * A requirement family: whom it applies to, its rules, and what follows where one fails. `controls` are
 * `framework/control`; `message` may lack a language.
 */
export interface Policy {
  readonly id: string
  readonly formerly: readonly string[]
  readonly title: string
  readonly owner: string
  readonly severity: PolicySeverity
  readonly controls: readonly string[]
  readonly appliesTo: Selector
  readonly params: Readonly<Record<string, number | string | boolean>>
  readonly rules: readonly Rule[]
  readonly onMissing: OnMissing
  readonly staleAfter?: Duration
  readonly remediate: Remediate
  readonly notify: readonly string[]
  readonly message: { readonly pt?: string; readonly en?: string }
  readonly digest: Digest
  readonly place: Place
  /** Where its selector begins, and each message; absent where the file has none. */
  readonly appliesToPlace?: Place
  readonly messagePlaces?: { readonly pt?: Place; readonly en?: Place }
}

/** A dated, approved, reasoned exception for one policy × rule × model, and one subject text where it names one. */
export interface Waiver {
  readonly id: string
  readonly policy: string
  readonly rule: string
  readonly model: string
  readonly subject?: string
  readonly reason: string
  readonly ticket?: string
  readonly requestedBy: string
  readonly approvedBy: string
  /** Local days, both included. */
  readonly issued: string
  readonly expires: string
  readonly compensatingControl?: string
  readonly place: Place
}

/** One clause of a framework, in own words, with what is known of its being in force. */
export interface Control {
  readonly id: string
  readonly title?: { readonly pt: string; readonly en: string }
  readonly cites?: string
  readonly demand: { readonly pt: string; readonly en: string }
  readonly status: 'binding' | 'not-yet-in-force' | 'bill' | 'voluntary' | 'superseded'
  readonly sourcing?: 'primary' | 'secondary' | 'open'
  readonly effectiveFrom?: string
  readonly effectiveTo?: string
  readonly lastVerified?: string
  readonly evidence?: unknown
}

/** A law, standard or house rule as a list of controls that policies give evidence for. */
export interface Framework {
  readonly id: string
  readonly title: { readonly pt: string; readonly en: string }
  readonly authority: string
  readonly controls: readonly Control[]
  readonly place: Place
}
