// The cases of `estimated/`: their data through the same summary and the same functions as `observe`.
import { estimatedMeasurements, estimates } from '../../engine/observe/metrics/cbpe.ts'
import { estimatePerformance } from '../../engine/observe/summarise/table-summary.ts'
import type { Got } from './metric-differences.ts'
import type { RunCase } from './metrics.ts'

export const estimatedCase: RunCase = async ({ engine, table }) => {
  const summary = await estimatePerformance(engine, {
    reference: await table('reference'),
    current: await table('current', ['score', 'prediction']),
    outcomes: { kind: 'binary', prediction: 'prediction', label: 'label', score: 'score' },
  })
  const errors = new Map(estimates(summary).map(({ name, samplingError }) => [`performance.${name}`, samplingError]))
  return estimatedMeasurements(summary).flatMap(({ metric, value, reason, interval }): Got[] => {
    const [low, high] = interval ?? []
    const details = { samplingError: errors.get(metric), low, high, calibrated: summary.reference.calibration !== null }
    const one = { metric, subject: null, value, reason, details }
    return [
      { ...one, variant: null },
      { ...one, variant: 'from_calibrated' },
    ]
  })
}
