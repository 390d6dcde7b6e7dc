// The steps of a trace: plain data, in the order in which they decide, without words of any language.
import type { Digest } from '../base/canonical-json.ts'
import type { Cause, Outcome } from '../domain/finding.ts'
import type { Window } from '../domain/instant.ts'
import type { CardTest, Comparison, FailsAfter, MetricRule, Versus, Waiver } from '../domain/policy.ts'
import type { Why } from './assessment.ts'

/** One window of history, as the rule saw it. */
export interface TracedWindow {
  readonly window: Window
  readonly snapshot: Digest | null
  readonly value: number | null
  readonly says: 'fails' | 'holds' | 'over'
  readonly why: Why['kind']
}

/** One step on the way to an outcome, with the actual values. */
export type TraceStep =
  | {
      readonly step: 'snapshot'
      readonly window: Window
      readonly snapshot: Digest | null
      readonly file: string | null
      readonly line: number | null
      readonly definitions: readonly string[]
      /** Null where the rule does not ask for fresh data. */
      readonly freshUntil: string | null
      readonly stale: boolean
    }
  | {
      readonly step: 'measurement'
      readonly value: number | null
      readonly reason: string | null
      readonly definition: string
      readonly n: number | null
      /** What `minSample` is compared with. */
      readonly sample: number | null
      readonly minSample: number | null
      readonly interval: readonly [number, number] | null
      readonly level: number | null
    }
  | { readonly step: 'adjustment'; readonly value: number; readonly adjusted: number }
  | {
      readonly step: 'versus'
      readonly versus: Versus
      readonly before: number | null
      readonly change: number | null
      /** The windows that `before` comes from. */
      readonly windows: readonly {
        readonly window: Window
        readonly snapshot: Digest | null
        readonly value: number | null
      }[]
    }
  | {
      readonly step: 'comparison'
      readonly comparison: Comparison | null
      readonly change: MetricRule['change']
      readonly warnAt: number | null
      readonly confidence: number | null
      readonly value: number
      readonly margin: number | null
    }
  | {
      readonly step: 'history'
      readonly failsAfter: FailsAfter
      readonly failed: number
      readonly enough: boolean
      readonly windows: readonly TracedWindow[]
    }
  | {
      readonly step: 'card'
      readonly path: string
      readonly values: readonly unknown[]
      readonly lacking: boolean
      readonly test: CardTest
    }
  | {
      readonly step: 'variables'
      readonly expression: unknown
      readonly variables: readonly { readonly name: string; readonly value: unknown; readonly problem: string | null }[]
    }
  | {
      readonly step: 'waivers'
      readonly considered: readonly { readonly waiver: Waiver; readonly excuses: boolean }[]
    }
  | { readonly step: 'outcome'; readonly outcome: Outcome; readonly cause: Cause | null; readonly why: Why }
