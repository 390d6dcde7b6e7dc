// The one list of metrics (METRICS.md): policies are checked against it, reports and documents take titles and units from it.
// The rows stand in a file a family; `custom.*` metrics are declared in governance.yaml with the same fields.
import { compareText } from '../../base/order.ts'
import type { Metric } from '../../domain/metric.ts'
import { CONCEPT_METRICS } from './catalogue-concept.ts'
import { DATA_METRICS } from './catalogue-data.ts'
import { DRIFT_METRICS } from './catalogue-drift.ts'
import { EXPLAIN_METRICS } from './catalogue-explain.ts'
import { FAIRNESS_METRICS } from './catalogue-fairness.ts'
import { PERFORMANCE_METRICS } from './catalogue-performance.ts'
import { SLA_METRICS } from './catalogue-sla.ts'

/** All, sorted by id. */
export const METRICS: readonly Metric[] = [
  ...CONCEPT_METRICS,
  ...DATA_METRICS,
  ...DRIFT_METRICS,
  ...EXPLAIN_METRICS,
  ...FAIRNESS_METRICS,
  ...PERFORMANCE_METRICS,
  ...SLA_METRICS,
].sort((a, b) => compareText(a.id, b.id))

export const metricsById: ReadonlyMap<string, Metric> = new Map(METRICS.map((metric) => [metric.id, metric]))

/** Of the catalogue alone: `custom.*` metrics are not in it. */
export function findMetric(id: string): Metric | undefined {
  return metricsById.get(id)
}
