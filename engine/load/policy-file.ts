// The files under policies/ as they are written, after their schemas: what the loader turns into domain values.
// A field that takes a number may hold `$name`, a parameter.
import type { Action, Control, Enforcement, OnMissing, PolicySeverity } from '../domain/policy.ts'

/** A number, or `$name` of a parameter (a percentage where a change is due). */
export type Numeric = number | string
/** A value of a parameter or a list. */
export type Scalar = string | number | boolean

/** One element of `require`: which fields go together is the schema's and the readers' business. */
export interface RuleFile {
  readonly id: string
  readonly metric?: string
  readonly card?: string
  readonly failsWhen?: object
  readonly each?: 'feature' | 'protected' | 'group' | 'endpoint'
  readonly atLeast?: Numeric
  readonly atMost?: Numeric
  readonly below?: Numeric
  readonly above?: Numeric
  readonly equals?: Numeric
  readonly between?: readonly [Numeric, Numeric]
  readonly warnAt?: Numeric
  readonly minSample?: Numeric
  readonly confidence?: Numeric
  readonly failsAfter?: string
  readonly versus?: string
  readonly dropsAtMost?: Numeric
  readonly risesAtMost?: Numeric
  readonly definition?: string
  readonly correction?: 'none'
  readonly present?: boolean
  readonly oneOf?: readonly Scalar[]
  readonly noneOf?: readonly Scalar[]
  readonly withinDays?: Numeric
  readonly staleAfter?: string
}

/** Paths of the card to a value or several; `not` to a selector of its own. */
export interface SelectorFile {
  readonly not?: SelectorFile
  readonly [path: string]: Scalar | readonly Scalar[] | SelectorFile | undefined
}

/** policies/<id>.yaml. */
export interface PolicyFile {
  readonly id: string
  readonly formerly?: readonly string[]
  readonly title: string
  readonly owner: string
  readonly severity: PolicySeverity
  readonly controls?: readonly string[]
  readonly appliesTo?: SelectorFile
  readonly params?: Readonly<Record<string, Scalar>>
  readonly require: readonly RuleFile[]
  readonly onMissing?: OnMissing
  readonly staleAfter?: string
  readonly remediate?: {
    readonly action: Action
    readonly dueIn?: string
    readonly escalateTo?: Action
    readonly after?: string
  }
  readonly notify?: readonly string[]
  readonly message?: { readonly pt?: string; readonly en?: string }
}

/** policies/enforcement/<environment>.yaml. */
export interface EnforcementFile {
  readonly environment: string
  readonly policies: Readonly<Record<string, Enforcement>>
}

/** policies/waivers/<id>.yaml. */
export interface WaiverFile {
  readonly id: string
  readonly policy: string
  readonly rule: string
  readonly model: string
  readonly subject?: string
  readonly reason: string
  readonly ticket?: string
  readonly requestedBy: string
  readonly approvedBy: string
  readonly issued: string
  readonly expires: string
  readonly compensatingControl?: string
}

/** policies/frameworks/<id>.yaml. */
export interface FrameworkFile {
  readonly id: string
  readonly title: { readonly pt: string; readonly en: string }
  readonly authority: string
  readonly controls: readonly Control[]
}
