// What a rule says of one subject, before waivers and words: the outcome, and the facts that it rests on.

import type { Digest } from '../base/canonical-json.ts'
import type { Cause, Outcome } from '../domain/finding.ts'
import type { Duration, Instant, Window } from '../domain/instant.ts'
import type { FailsAfter } from '../domain/policy.ts'
import type { MetricWindow, NamedSubject, Reading } from './metric-window.ts'

/** Why the outcome is what it is; messages and traces are made from this. */
export type Why =
  | { readonly kind: 'holds' }
  | { readonly kind: 'breaks' }
  /** Passes, but would fail with `warnAt` as the limit. */
  | { readonly kind: 'near'; readonly warnAt: number }
  /** Fails, but its interval reaches a passing value. */
  | { readonly kind: 'uncertain'; readonly interval: readonly [number, number] }
  /** Fails by itself, with too few failing windows before it. */
  | { readonly kind: 'early'; readonly failed: number; readonly failsAfter: FailsAfter }
  /** A group is suppressed for its size that was shown before. */
  | { readonly kind: 'shrunk'; readonly groups: readonly string[] }
  | { readonly kind: 'missing'; readonly what: Missing; readonly reason?: string }
  | { readonly kind: 'stale'; readonly since: Instant; readonly staleAfter: Duration }
  | { readonly kind: 'sample'; readonly n: number; readonly minSample: number }
  | { readonly kind: 'definition'; readonly definitions: readonly string[] }
  /** A percentage of a value that is not above 0. */
  | { readonly kind: 'no-percentage'; readonly before: number }
  /** A card value, or a value of a free-form rule, that is not what the rule can judge. */
  | {
      readonly kind: 'unusable'
      readonly values: readonly unknown[]
      readonly wanted: 'number' | 'day' | 'past-day' | 'type' | 'finite'
    }
  /** A card rule or free-form rule that fails; a free-form rule has no values. */
  | { readonly kind: 'offends'; readonly values: readonly unknown[] }

/**
 * `window`: nothing measures the metric. `subject`: the window lacks it. `value`: null. `subjects`: `each` finds none.
 * `kind`: the card's features are all of a kind that the metric is not defined for.
 */
export type Missing = 'window' | 'subject' | 'value' | 'sample' | 'before' | 'subjects' | 'kind' | 'field' | 'variable'

/** What `onMissing` decides on. */
export type Lack = Extract<Why, { kind: 'missing' | 'stale' }>

/** What a finding rests on: a snapshot and its window, or the card, which has none. */
export interface Evidence {
  readonly digest: Digest | null
  readonly window: Window | null
}

/** What a rule says of one subject, before it becomes a finding: outcome, reason and figures. */
export interface Assessment {
  readonly named: NamedSubject
  readonly outcome: Outcome
  readonly cause?: Cause
  readonly why: Why
  readonly window?: MetricWindow
  readonly reading?: Reading
  /** The value compared, with what it was compared by. */
  readonly value?: number
  readonly margin?: number
  readonly adjusted?: number
  readonly versus?: { readonly value: number; readonly change: number }
  /** Where the evidence is not the reading's or the window's snapshot: a card, or the newest of several. */
  readonly evidence?: Evidence
  /** For free-form and card rules: the names of what is missing. */
  readonly names?: readonly string[]
}
