// Performance without labels, estimated from calibrated scores (CBPE), with its band of three sampling errors.
// Sources: NannyML 0.13 `CBPE`, and its sampling errors of binary classification.
import type { Measurement } from '../../domain/snapshot.ts'
import { asMeasurement } from './as-measurement.ts'
import { type Confusion, labelledRows } from './confusion.ts'
import type { Step } from './isotonic.ts'
import { known, type Measured, type NullReason, unknown } from './measured.ts'

/** What the labelled reference says: once for all windows. */
export interface CbpeReference {
  /** Rows with score and label. */
  readonly rows: number
  readonly counts: Confusion
  /** The curve from scores to probabilities; null where the scores are probabilities already. */
  readonly calibration: readonly Step[] | null
  /** Whether every score lies in [0, 1]. */
  readonly hasProbabilities: boolean
  /** Of the share of negatives below a positive; and the share of the rarer class. */
  readonly ranks: { readonly deviation: number; readonly share: number }
}

/** Expected counts of a window without labels. */
export interface CbpeWindow {
  readonly scored: number
  readonly predicted: number
  readonly hasProbabilities: boolean
  /** Expected positives and negatives of the scored rows, and pairs of them that are ranked right. */
  readonly positives: number
  readonly negatives: number
  readonly rankedRight: number
  readonly tp: number
  readonly fp: number
  readonly fn: number
  readonly tn: number
}

export interface EstimatedSummary {
  readonly reference: CbpeReference
  readonly window: CbpeWindow
}

export interface Estimate {
  readonly name: 'estimated_accuracy' | 'estimated_auc' | 'estimated_f1' | 'estimated_precision' | 'estimated_recall'
  readonly measured: Measured
  /** One standard error; null where the reference cannot tell. */
  readonly samplingError: number | null
}

const BAND = 3
/** What a normal distribution has within three standard errors. */
const BAND_LEVEL = 0.9973002039367398

/**
 * As a snapshot stores them, each with its band of three sampling errors as the interval. Null where nothing can be
 * estimated.
 */
export function estimatedMeasurements(summary: EstimatedSummary): Measurement[] {
  return estimates(summary).map(({ name, measured }) => ({
    ...asMeasurement(`performance.${name}`, measured),
    ...('interval' in measured ? { level: BAND_LEVEL } : {}),
  }))
}

/**
 * Every estimate with its sampling error. Null where rows are lacking, or scores that no calibration was found for are
 * no probabilities.
 */
export function estimates({ reference, window }: EstimatedSummary): Estimate[] {
  const { tp, fp, fn, tn, positives, negatives, rankedRight, scored, predicted } = window
  const errors = samplingErrors(reference, window)
  const of = (name: Estimate['name'], part: number, whole: number, rows: number, reason: NullReason): Estimate => {
    const samplingError = errors[name]
    const missing = whyNot(reference, window, rows)
    if (missing !== null) return { name, measured: unknown(missing, rows), samplingError }
    return {
      name,
      measured: whole > 0 ? banded(part / whole, rows, samplingError) : unknown(reason, rows),
      samplingError,
    }
  }
  return [
    of('estimated_accuracy', tp + tn, predicted, predicted, 'empty_window'),
    of('estimated_auc', rankedRight, positives * negatives, scored, 'one_class'),
    of('estimated_f1', tp, tp + (fp + fn) / 2, predicted, 'no_positives'),
    of('estimated_precision', tp, tp + fp, predicted, 'no_predicted_positives'),
    of('estimated_recall', tp, tp + fn, predicted, 'no_positives'),
  ]
}

function whyNot(reference: CbpeReference, window: CbpeWindow, rows: number): NullReason | null {
  if (reference.rows === 0) return 'empty_reference'
  if (rows === 0) return 'empty_window'
  const isCalibrated = reference.calibration !== null
  return isCalibrated || (reference.hasProbabilities && window.hasProbabilities) ? null : 'not_probabilities'
}

function banded(value: number, rows: number, error: number | null): Measured {
  if (error === null) return known(value, rows)
  return known(value, rows, [Math.max(0, value - BAND * error), Math.min(1, value + BAND * error)])
}

/** Deviation of the metric's terms on the reference, by the root of the rows of the window that count for it. */
function samplingErrors(
  { counts, ranks }: CbpeReference,
  { scored, predicted }: CbpeWindow,
): Readonly<Record<Estimate['name'], number | null>> {
  const { tp, fp, fn } = counts
  const n = labelledRows(counts)
  const relevant = tp + fp + fn
  const f1Scale = relevant / (tp + (fp + fn) / 2)
  return {
    estimated_accuracy: errorOf(deviation(tp + counts.tn, n), 1, predicted),
    estimated_auc: errorOf(ranks.deviation, ranks.share, scored),
    estimated_f1: errorOf(f1Scale * deviation(tp, relevant), relevant / n, predicted),
    estimated_precision: errorOf(deviation(tp, tp + fp), (tp + fp) / n, predicted),
    estimated_recall: errorOf(deviation(tp, tp + fn), (tp + fn) / n, predicted),
  }
}

/** Of `part` ones among `whole` zeros and ones. */
function deviation(part: number, whole: number): number {
  return Math.sqrt((part / whole) * (1 - part / whole))
}

function errorOf(spread: number, share: number, rows: number): number | null {
  const error = spread / Math.sqrt(rows * share)
  return Number.isFinite(error) ? error : null
}
