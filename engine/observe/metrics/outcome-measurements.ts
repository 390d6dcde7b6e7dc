// Every performance measurement of one window, from the summary of its outcomes.
import type { Measurement } from '../../domain/snapshot.ts'
import { asMeasurement } from './as-measurement.ts'
import { bootstrapInterval } from './bootstrap.ts'
import { accuracy, f1, labelCoverage, labelRate, precision, recall, share, support } from './classification.ts'
import type { Confusion } from './confusion.ts'
import { known, type Measured, unknown } from './measured.ts'
import { type Average, type ClassCount, type ClassMetric, multiclassAccuracy, multiclassAverage } from './multiclass.ts'
import { mae, mape, type RegressionSums, r2, rmse } from './regression.ts'
import {
  aucOfRanks,
  brierOf,
  type CalibrationSums,
  calibrationErrorOf,
  logLossOf,
  type ScoreSums,
} from './score-sums.ts'

/** As the summaries of observe/summarise/ are shaped. */
export type Outcomes =
  | {
      readonly kind: 'binary'
      readonly prediction: string
      readonly counts: Confusion
      readonly scores: ScoreSums | null
    }
  | { readonly kind: 'score'; readonly rows: number; readonly labelled: number; readonly scores: ScoreSums }
  | { readonly kind: 'multiclass'; readonly rows: number; readonly counts: readonly ClassCount[] }
  | {
      readonly kind: 'regression'
      readonly rows: number
      readonly labelled: number
      readonly nonFinite: number
      readonly sums: RegressionSums
    }

/** How the averages over many classes are defined; `macro` is scikit-learn's plain mean over classes. */
const AVERAGES: readonly Average[] = ['macro']

/** As a snapshot stores them. What has no value stands there as null with its reason. */
export function outcomeMeasurements(outcomes: Outcomes): Measurement[] {
  switch (outcomes.kind) {
    case 'binary':
      return [
        ...rateMeasurements(outcomes.counts),
        ...coverageByPrediction(outcomes.prediction, outcomes.counts),
        ...(outcomes.scores === null ? [] : scoreMeasurements(outcomes.scores)),
      ]
    case 'score':
      return [
        ...coverage(outcomes.labelled, outcomes.rows),
        asMeasurement('performance.label_rate', rateOfScored(outcomes.scores)),
        ...scoreMeasurements(outcomes.scores),
      ]
    case 'multiclass':
      return multiclassMeasurements(outcomes.rows, outcomes.counts)
    case 'regression':
      return [
        ...coverage(outcomes.labelled, outcomes.rows),
        ...regressionMeasurements(outcomes.sums, outcomes.nonFinite),
      ]
  }
}

/** What follows from prediction and label alone: also of one group. */
export function rateMeasurements(
  counts: Confusion,
  place: { readonly attribute?: string; readonly group?: string } = {},
): Measurement[] {
  return [
    asMeasurement('performance.support', support(counts), place),
    asMeasurement('performance.label_coverage', labelCoverage(counts), place),
    asMeasurement('performance.label_rate', labelRate(counts), place),
    asMeasurement('performance.accuracy', accuracy(counts), place),
    asMeasurement('performance.precision', precision(counts), place),
    asMeasurement('performance.recall', recall(counts), place),
    asMeasurement('performance.f1', withInterval(f1(counts), counts), place),
  ]
}

function withInterval(measured: Measured, counts: Confusion): Measured {
  const interval = measured.value === null ? null : bootstrapInterval((redraw) => f1(redraw(counts)))
  // Of no true positive every draw has none: that says nothing of how sure the 0 is.
  const isDegenerate = interval === null || interval[0] === interval[1]
  return measured.value === null || isDegenerate ? measured : { ...measured, interval }
}

/** Labels that come for one decision and not for the other bend every other number. */
function coverageByPrediction(attribute: string, { tp, fp, fn, tn, ...unlabelled }: Confusion): Measurement[] {
  const sides = [
    { group: '0', labelled: fn + tn, rows: fn + tn + unlabelled.unlabelledOther },
    { group: '1', labelled: tp + fp, rows: tp + fp + unlabelled.unlabelledSelected },
  ]
  return sides.flatMap(({ group, labelled, rows }) => coverage(labelled, rows, { attribute, group }))
}

function scoreMeasurements(scores: ScoreSums): Measurement[] {
  return [
    asMeasurement('performance.auc', aucOfRanks(scores.ranks)),
    asMeasurement('performance.log_loss', logLossOf(scores)),
    asMeasurement('performance.brier', brierOf(scores)),
    ...(scores.probabilities === null
      ? [asMeasurement('performance.ece', calibrationErrorOf(scores, { sums: [] }))]
      : scores.calibrations.map((one) =>
          asMeasurement('performance.ece', calibrationErrorOf(scores, one), { definition: calibrationDefinition(one) }),
        )),
  ]
}

function rateOfScored({ ranks: { positives, negatives } }: ScoreSums): Measured {
  return share(positives, positives + negatives, 'empty_window')
}

/** `ece/bins=10/equal-width/right-closed` is the catalogue's. */
function calibrationDefinition({ bins, scheme }: CalibrationSums): string {
  return `ece/bins=${bins}/${scheme.replace('_', '-')}/right-closed`
}

function multiclassMeasurements(rows: number, counts: readonly ClassCount[]): Measurement[] {
  const labelled = counts.reduce((sum, { n }) => sum + n, 0)
  const averaged = (metric: ClassMetric) =>
    AVERAGES.map((average) =>
      asMeasurement(`performance.${metric}`, multiclassAverage(metric, counts, average), {
        definition: `performance.${metric}/${average}`,
      }),
    )
  return [
    ...coverage(labelled, rows),
    asMeasurement('performance.accuracy', multiclassAccuracy(counts)),
    ...averaged('precision'),
    ...averaged('recall'),
    ...averaged('f1'),
  ]
}

function regressionMeasurements(sums: RegressionSums, nonFinite: number): Measurement[] {
  const of = (metric: (sums: RegressionSums) => Measured) =>
    nonFinite > 0 ? unknown('non_finite', sums.n) : metric(sums)
  return [
    asMeasurement('performance.mae', of(mae)),
    asMeasurement('performance.rmse', of(rmse)),
    asMeasurement('performance.r2', of(r2)),
    asMeasurement('performance.mape', of(mape)),
  ]
}

function coverage(
  labelled: number,
  rows: number,
  place: { readonly attribute?: string; readonly group?: string } = {},
): Measurement[] {
  return [
    asMeasurement('performance.support', known(labelled, rows), place),
    asMeasurement('performance.label_coverage', share(labelled, rows, 'empty_window'), place),
  ]
}
