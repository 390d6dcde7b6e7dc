// What a metric is: the shape of a row of the catalogue (observe/metrics/catalogue.ts is the list).
import type { Feature } from './model-card.ts'

/** What one value of the metric is about. */
export type SubjectKind = 'model' | 'feature' | 'protected' | 'group' | 'endpoint'

/** `up`: larger is worse. `down`: smaller is worse. `away`: both directions from the best value. `none`: no direction. */
export type Worse = 'up' | 'down' | 'away' | 'none'

/** The features that a metric is defined for: of one of the types, and with one of the fields in the card. */
export interface FeatureKinds {
  readonly types?: readonly Feature['type'][]
  /** One at least is there, and is not `false`. */
  readonly needs?: readonly ('min' | 'max' | 'values' | 'notNull' | 'unique')[]
}

/** How the interval of a value is made (docs/metrics.md, Intervals). `all-pairs`: of a gap, for all pairs of groups at once. */
export type IntervalMethod =
  | 'wilson'
  | 'newcombe'
  | 'log-ratio'
  | 'all-pairs'
  | 'all-pairs-ratio'
  | 'of-sums'
  | 'delong'
  | 'bootstrap'
  | 'three-errors'

/** The words of a formula, or the name of a tool, which is the same in both languages. */
export type MetricSource = string | { readonly pt: string; readonly en: string }

/** A definition beside the catalogue's: that of another tool, number for number. */
export interface MetricVariant {
  /** The tool's name, or what sets the definition apart. */
  readonly variant: string
  readonly definition: string
  readonly source: MetricSource
  /** Where they are not those of the metric. */
  readonly features?: FeatureKinds
}

/** One row of the catalogue (METRICS.md), or a metric that governance.yaml declares. */
export interface Metric {
  readonly id: string
  readonly title: { readonly pt: string; readonly en: string }
  readonly family: 'data' | 'drift' | 'concept' | 'performance' | 'fairness' | 'explain' | 'sla' | 'custom'
  readonly subject: SubjectKind
  /** What else it may be measured of: `each` may be one of these too, and `model` means that a rule may do without `each`. */
  readonly alsoPer?: readonly SubjectKind[]
  /** Of a metric per feature: a card's feature of another kind is no missing data. Absent: any feature. */
  readonly features?: FeatureKinds
  /** `share` 0–1, `count`, `ms`, `hours`, `p-value`, `nats`, `ratio`, … */
  readonly unit: string
  /** Inclusive; `null` is unbounded. */
  readonly range: readonly [number | null, number | null]
  readonly worse: Worse
  /** The definition of record, with its default parameters in it. */
  readonly definition: string
  readonly source: MetricSource
  /** Absent: none. */
  readonly interval?: IntervalMethod
  /** What else it may be measured by, where a rule names the definition. */
  readonly variants?: readonly MetricVariant[]
  /** What a reader must know before trusting the number. */
  readonly note?: { readonly pt: string; readonly en: string }
}

const ANY_FEATURE: FeatureKinds = {}

/** Which features a metric is defined for by this definition, or by that of the catalogue; `null`: it is not of features. */
export function featureKinds(metric: Metric, definition: string | undefined): FeatureKinds | null {
  if (metric.subject !== 'feature') return null
  const variant = metric.variants?.find((one) => one.definition === definition)
  return variant?.features ?? metric.features ?? ANY_FEATURE
}

/** Whether a feature is of these kinds. */
export function isOfKind({ types, needs }: FeatureKinds, feature: Feature): boolean {
  if (types !== undefined && !types.includes(feature.type)) return false
  return needs === undefined || needs.some((field) => feature[field] !== undefined && feature[field] !== false)
}
