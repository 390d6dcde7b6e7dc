// The measurements on explanations of one window: attributions against the baseline's, and reason codes.
import { compareText } from '../../base/order.ts'
import type { Measurement } from '../../domain/snapshot.ts'
import { asMeasurement } from './as-measurement.ts'
import { type AttributionPair, l1, ndcg, topOverlap } from './attribution-drift.ts'
import { share } from './classification.ts'
import { known, type Measured, unknown } from './measured.ts'

/** The mean |SHAP| of a feature; null where it has none. */
export interface Attribution {
  readonly feature: string
  readonly value: number | null
}

export interface ReasonSummary {
  readonly adverse: number
  readonly withReason: number
}

export interface ExplainSummary {
  /** Rows behind the live attributions. */
  readonly rows?: number
  readonly live?: readonly Attribution[]
  readonly baseline?: readonly Attribution[]
  readonly reasons?: ReasonSummary
}

/** How many features are the most important ones. */
export const TOP = 5

/** What there is data for: means of the live side, their drift where there is a baseline, reasons where there are codes. */
export function explainMeasurements(summary: ExplainSummary, top: number = TOP): Measurement[] {
  const { live, baseline, reasons, rows = 0 } = summary
  return [
    ...(live ?? []).map(({ feature, value }) =>
      asMeasurement(
        'explain.mean_abs_shap',
        value === null ? unknown(rows === 0 ? 'empty_window' : 'non_finite', rows) : known(value, rows),
        { feature },
      ),
    ),
    ...(live === undefined || baseline === undefined ? [] : attributionDrift(baseline, live, top)),
    ...(reasons === undefined ? [] : [asMeasurement('explain.reason_coverage', reasonCoverage(reasons))]),
  ]
}

/** Adverse decisions that carry a reason ÷ adverse decisions. */
export function reasonCoverage({ adverse, withReason }: ReasonSummary): Measured {
  return share(withReason, adverse, 'no_adverse_decisions')
}

/** Every feature of either side, in code-point order; one that a side lacks has 0 there. */
export function attributionPairs(baseline: readonly Attribution[], live: readonly Attribution[]): AttributionPair[] {
  const [before, now] = [valuesOf(baseline), valuesOf(live)]
  return [...new Set([...before.keys(), ...now.keys()])]
    .sort(compareText)
    .map((feature) => ({ feature, baseline: before.get(feature) ?? 0, live: now.get(feature) ?? 0 }))
}

function attributionDrift(baseline: readonly Attribution[], live: readonly Attribution[], top: number): Measurement[] {
  const pairs = attributionPairs(baseline, live)
  const isWhole = [...baseline, ...live].every(({ value }) => value !== null)
  const of = (measured: Measured) => (isWhole ? measured : unknown('non_finite', pairs.length))
  return [
    asMeasurement('explain.ndcg', of(ndcg(pairs))),
    asMeasurement('explain.l1', of(l1(pairs))),
    asMeasurement('explain.top_k_overlap', of(topOverlap(pairs, top)), {
      definition: `top_k_overlap/k=${top}/ties-by-name`,
    }),
  ]
}

function valuesOf(attributions: readonly Attribution[]): ReadonlyMap<string, number> {
  return new Map(attributions.map(({ feature, value }) => [feature, value ?? 0]))
}
