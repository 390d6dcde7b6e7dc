// The cases of `performance/`: their data through the same summary and the same functions as `observe`.
import type { Measurement } from '../../engine/domain/snapshot.ts'
import { multiclassAverage } from '../../engine/observe/metrics/multiclass.ts'
import { outcomeMeasurements } from '../../engine/observe/metrics/outcome-measurements.ts'
import { aucStandardError } from '../../engine/observe/metrics/score-sums.ts'
import { type OutcomeSummary, summariseOutcomes } from '../../engine/observe/summarise/table-summary.ts'
import type { Got } from './metric-differences.ts'
import type { RunCase } from './metrics.ts'

const CALIBRATIONS = [
  { bins: 10, scheme: 'equal_width' },
  { bins: 15, scheme: 'equal_width' },
  { bins: 10, scheme: 'equal_count' },
] as const

/** The names that the vectors give to the methods of intervals. */
const WILSON = 'wilson (statsmodels)'
const DELONG = 'DeLong 1988 by the mid-rank algorithm (Sun and Xu 2014), normal, clipped to [0, 1]'
const NO_DELONG = 'DeLong needs two rows of each class'

export const performanceCase: RunCase = async ({ engine, spec, table }) => {
  const data = await table('data')
  const has = (name: string) => Object.hasOwn(spec.columns, name)
  if (has('target')) {
    const outcomes = { kind: 'regression', prediction: 'predicted', label: 'target', score: null } as const
    return got(await summariseOutcomes(engine, data, outcomes))
  }
  const kind = has('score') ? 'binary' : 'multiclass'
  const outcomes = { kind, prediction: 'prediction', label: 'label', score: has('score') ? 'score' : null } as const
  return got(await summariseOutcomes(engine, data, outcomes, CALIBRATIONS))
}

function got(summary: OutcomeSummary): Got[] {
  const ofModel = outcomeMeasurements(summary).filter(({ group }) => group === undefined)
  return [...ofModel.map((one) => gotOf(one, summary)), ...averages(summary)]
}

function gotOf(measurement: Measurement, summary: OutcomeSummary): Got {
  const { metric, value, reason, definition = '' } = measurement
  const [, bins, width] = /^ece\/bins=(\d+)\/equal-(width|count)/.exec(definition) ?? []
  return {
    metric,
    variant: definition.endsWith('/macro') ? 'macro' : null,
    subject: null,
    value,
    reason,
    ...(bins === undefined || value === null ? {} : { parameters: { bins: Number(bins), scheme: `equal_${width}` } }),
    details: detailsOf(measurement, summary),
  }
}

function detailsOf({ metric, value, n = 0, interval }: Measurement, summary: OutcomeSummary): Record<string, unknown> {
  if (summary.kind === 'regression') return { zeroTargets: summary.sums.zeroTargets }
  if (summary.kind !== 'binary') return {}
  const { tp, fp, fn, tn } = summary.counts
  if (metric === 'performance.f1') return { tp, fp, fn, tn }
  if (metric === 'performance.auc') {
    if (interval === undefined) return { interval95: null, intervalReason: NO_DELONG }
    const standardError = summary.scores === null ? null : aucStandardError(summary.scores.ranks)
    return { standardError, interval95: interval, intervalMethod: DELONG }
  }
  return { successes: Math.round((value ?? 0) * n), n, interval95: interval, intervalMethod: WILSON }
}

/** The averages that `observe` does not store, by the function behind the one that it does. */
function averages(summary: OutcomeSummary): Got[] {
  if (summary.kind !== 'multiclass') return []
  return (['precision', 'recall', 'f1'] as const).flatMap((name) =>
    (['micro', 'weighted'] as const).map((variant): Got => {
      const measured = multiclassAverage(name, summary.counts, variant)
      return { metric: `performance.${name}`, variant, subject: null, value: measured.value }
    }),
  )
}
