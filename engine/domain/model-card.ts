// What a model is, who owns it, which version is deployed, how it is retrained (models/<id>/card.yaml).
import type { Digest } from '../base/canonical-json.ts'

/** An input, with what is expected of it: outside `min`…`max` or `values` it counts as a violation or unseen. */
export interface Feature {
  readonly name: string
  readonly type: 'number' | 'category' | 'boolean' | 'timestamp' | 'text'
  readonly min?: number
  readonly max?: number
  readonly values?: readonly string[]
  readonly monitor?: boolean
  readonly notNull?: boolean
  readonly unique?: boolean
}

/**
 * A column that groups are made by. `missingGroup`: whether rows without a value are compared as a group of their
 * own.
 */
export interface ProtectedAttribute {
  readonly name: string
  readonly privileged?: readonly string[]
  readonly missingGroup?: 'report' | 'exclude'
}

/** One trained version; its name is what snapshots and deployments say. */
export interface ModelVersion {
  readonly version: string
  readonly artifact?: { readonly uri: string; readonly sha256?: string }
  readonly dataset?: { readonly uri: string; readonly sha256?: string }
  readonly trained?: string
}

/** Where a version runs. One champion an environment; challengers and shadows are judged, never remedied. */
export interface Deployment {
  readonly environment: string
  readonly version: string
  readonly role?: 'champion' | 'challenger' | 'shadow'
  readonly hold?: boolean
  readonly reason?: string
}

/** PromQL over the window, and how its samples become one value (default: their mean). */
export interface SlaQuery {
  readonly query: string
  readonly over?: 'mean' | 'max' | 'min' | 'last'
  readonly stepSeconds?: number
}

/** models/<id>/card.yaml after its schema (RESOURCES.md): what a model is, who answers for it, what runs where. */
export interface ModelCard {
  readonly apiVersion: 'tutela/v1'
  readonly kind: 'ModelCard'
  readonly id: string
  readonly title: string
  readonly formerly?: readonly string[]
  readonly purpose: string
  readonly stage: 'development' | 'validation' | 'production' | 'retired'
  readonly owners: readonly string[]
  readonly validator?: string
  readonly risk: {
    readonly tier: 'low' | 'medium' | 'high' | 'critical'
    readonly automation: 'sole' | 'human-in-loop' | 'human-decides'
    readonly domain: string
  }
  readonly privacy?: {
    readonly legalBasis?: string
    readonly ropa?: string
    readonly ripd?: { readonly ref: string; readonly date: string }
  }
  readonly criteria?: { readonly pt?: string; readonly en?: string }
  readonly review?: { readonly last: string; readonly everyDays: number }
  readonly data?: {
    readonly kind: 'binary' | 'multiclass' | 'regression' | 'score'
    readonly prediction: string
    readonly label?: string
    /** The class that counts as 1, where prediction and label are no 0 and 1. */
    readonly positive?: string
    readonly score?: string
    /** The column of reason codes: with it, `adverse` is there too. */
    readonly reasons?: string
    /** The value of `prediction` that is a decision against someone: 1 may be an approval, and may be a refusal. */
    readonly adverse?: string
    readonly timestamp?: string
    readonly features: readonly Feature[]
    readonly protected?: readonly ProtectedAttribute[]
  }
  readonly versions?: readonly ModelVersion[]
  readonly deployment?: Deployment | readonly Deployment[]
  readonly objectives?: Readonly<Record<string, number>>
  /** Where the figures of the service come from. */
  readonly sla?: {
    /** Columns of the data: milliseconds, whether the answer failed, which endpoint. */
    readonly columns?: { readonly latency?: string; readonly error?: string; readonly endpoint?: string }
    /** A metric of the catalogue → what Prometheus is asked for it. */
    readonly queries?: Readonly<Record<string, string | SlaQuery>>
  }
  readonly retrain?: {
    readonly trigger: string
    readonly request?: {
      readonly id: string
      readonly reason: string
      readonly evidence: string
      readonly window: { readonly start: string; readonly end: string } | null
    }
    readonly [parameter: string]: unknown
  }
}

/** A card with what was computed when it was read. */
export interface LoadedCard {
  readonly card: ModelCard
  readonly digest: Digest
  readonly file: string
}

/** The card's deployments as a list; a retired model has none. */
export function deploymentsOf(card: ModelCard): readonly Deployment[] {
  if (card.stage === 'retired' || card.deployment === undefined) return []
  return Array.isArray(card.deployment) ? (card.deployment as readonly Deployment[]) : [card.deployment as Deployment]
}
