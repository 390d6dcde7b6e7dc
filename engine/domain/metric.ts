// What a metric is: the shape of a row of the catalogue (observe/metrics/catalogue.ts is the list).

/** What one value of the metric is about. */
export type SubjectKind = 'model' | 'feature' | 'protected' | 'group' | 'endpoint'

/** `up`: larger is worse. `down`: smaller is worse. `away`: both directions from the best value. `none`: no direction. */
export type Worse = 'up' | 'down' | 'away' | 'none'

/** One row of the catalogue (METRICS.md), or a metric that governance.yaml declares. */
export interface Metric {
  readonly id: string
  readonly title: { readonly pt: string; readonly en: string }
  readonly family: 'data' | 'drift' | 'concept' | 'performance' | 'fairness' | 'explain' | 'sla' | 'custom'
  readonly subject: SubjectKind
  /** What else it may be measured of: `each` may be one of these too, and `model` means that a rule may do without `each`. */
  readonly alsoPer?: readonly SubjectKind[]
  /** `share` 0–1, `count`, `ms`, `hours`, `p-value`, `nats`, `ratio`, … */
  readonly unit: string
  /** Inclusive; `null` is unbounded. */
  readonly range: readonly [number | null, number | null]
  readonly worse: Worse
  /** The definition of record, with its default parameters in it. */
  readonly definition: string
  readonly source: string
  /** What a reader must know before trusting the number. */
  readonly note?: { readonly pt: string; readonly en: string }
}
