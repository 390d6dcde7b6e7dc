// Every performance measurement of a binary model over one window, from its two summaries.
import type { Measurement } from '../../domain/snapshot.ts'
import { asMeasurement } from './as-measurement.ts'
import { auc } from './auc.ts'
import { calibrationError } from './calibration.ts'
import { accuracy, f1, labelCoverage, precision, recall, support } from './classification.ts'
import type { Confusion } from './confusion.ts'
import type { ScoreTable } from './score-table.ts'
import { brier, logLoss } from './scoring-rules.ts'

export interface BinarySummary {
  readonly counts: Confusion
  readonly scores: ScoreTable
  /** Brier score, log loss and calibration have a meaning only then. */
  readonly scoresAreProbabilities: boolean
}

export function binaryPerformance({ counts, scores, scoresAreProbabilities }: BinarySummary): Measurement[] {
  const measurements = [
    asMeasurement('performance.support', support(counts)),
    asMeasurement('performance.label_coverage', labelCoverage(counts)),
    asMeasurement('performance.accuracy', accuracy(counts)),
    asMeasurement('performance.precision', precision(counts)),
    asMeasurement('performance.recall', recall(counts)),
    asMeasurement('performance.f1', f1(counts)),
    asMeasurement('performance.auc', auc(scores)),
  ]
  if (!scoresAreProbabilities) return measurements
  return [
    ...measurements,
    asMeasurement('performance.log_loss', logLoss(scores)),
    asMeasurement('performance.brier', brier(scores)),
    asMeasurement('performance.ece', calibrationError(scores, { bins: 10, scheme: 'equal_width' })),
  ]
}
