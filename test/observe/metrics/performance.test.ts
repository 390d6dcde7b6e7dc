// Performance metrics against scikit-learn: every case of the public vectors, through the summaries that SQL would produce.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { auc } from '../../../engine/observe/metrics/auc.ts'
import { type CalibrationScheme, calibrationError } from '../../../engine/observe/metrics/calibration.ts'
import * as classification from '../../../engine/observe/metrics/classification.ts'
import { type Confusion, confusionOf } from '../../../engine/observe/metrics/confusion.ts'
import { known, type Measured } from '../../../engine/observe/metrics/measured.ts'
import {
  type Average,
  type ClassMetric,
  multiclassAccuracy,
  multiclassAverage,
} from '../../../engine/observe/metrics/multiclass.ts'
import { mae, mape, type RegressionSums, r2, rmse } from '../../../engine/observe/metrics/regression.ts'
import { type ScoreTable, scoreTable } from '../../../engine/observe/metrics/score-table.ts'
import { brier, logLoss } from '../../../engine/observe/metrics/scoring-rules.ts'
import { assertMeasured, type ExpectedRecord, NO_VECTORS, type Row, vectorCases } from './vectors.ts'

type Metric = (record: ExpectedRecord) => Measured

describe('performance metrics agree with scikit-learn', { skip: NO_VECTORS }, () => {
  for (const one of NO_VECTORS ? [] : vectorCases('performance')) {
    test(one.name, () => {
      const rows = one.rows()
      const metrics = metricsOf(one.columns, rows)
      for (const record of one.expected) {
        const metric = metrics[record.metric.slice('performance.'.length)]
        assert.ok(metric, `${record.metric} is computed`)
        assertMeasured(metric(record), record, `${record.metric} ${JSON.stringify(record.parameters)}`)
      }
      assert.ok(one.expected.length > 0)
    })
  }
})

function metricsOf(columns: Readonly<Record<string, string>>, rows: readonly Row[]): Readonly<Record<string, Metric>> {
  if ('target' in columns) return regressionMetrics(regressionSums(rows))
  if (columns.label === 'category') return multiclassMetrics(rows)
  return binaryMetrics(confusion(rows), scores(rows))
}

function binaryMetrics(c: Confusion, table: ScoreTable): Readonly<Record<string, Metric>> {
  return {
    support: () => classification.support(c),
    label_coverage: () => classification.labelCoverage(c),
    accuracy: () => classification.accuracy(c),
    precision: () => classification.precision(c),
    recall: () => classification.recall(c),
    f1: () => classification.f1(c),
    auc: () => auc(table),
    brier: () => brier(table),
    log_loss: () => logLoss(table),
    ece: ({ parameters }) =>
      calibrationError(table, {
        bins: (parameters.bins as number | undefined) ?? 10,
        scheme: (parameters.scheme as CalibrationScheme | undefined) ?? 'equal_width',
      }),
  }
}

function regressionMetrics(sums: RegressionSums): Readonly<Record<string, Metric>> {
  return {
    support: () => known(sums.n, sums.n),
    mae: () => mae(sums),
    rmse: () => rmse(sums),
    r2: () => r2(sums),
    mape: () => mape(sums),
  }
}

function multiclassMetrics(rows: readonly Row[]): Readonly<Record<string, Metric>> {
  const counts = rows.map(({ label, prediction }) => ({ label: `${label}`, prediction: `${prediction}`, n: 1 }))
  const average: (metric: ClassMetric) => Metric =
    (metric) =>
    ({ variant }) =>
      multiclassAverage(metric, counts, variant as Average)
  return {
    accuracy: () => multiclassAccuracy(counts),
    precision: average('precision'),
    recall: average('recall'),
    f1: average('f1'),
  }
}

function bit(value: unknown): 0 | 1 | null {
  return value === null ? null : value === 1 ? 1 : 0
}

function confusion(rows: readonly Row[]): Confusion {
  return confusionOf(rows.map((r) => ({ prediction: bit(r.prediction) ?? 0, label: bit(r.label), n: 1 })))
}

function scores(rows: readonly Row[]): ScoreTable {
  const labelled = rows.filter((r) => r.label !== null)
  return scoreTable(
    labelled.map((r) => ({
      score: Number(r.score),
      positives: r.label === 1 ? 1 : 0,
      negatives: r.label === 1 ? 0 : 1,
    })),
  )
}

function regressionSums(rows: readonly Row[]): RegressionSums {
  const pairs = rows.filter((r) => r.target !== null).map((r) => [Number(r.target), Number(r.predicted)] as const)
  const mean = pairs.reduce((sum, [target]) => sum + target, 0) / pairs.length
  const sum = (term: (target: number, predicted: number) => number) =>
    pairs.reduce((total, [target, predicted]) => total + term(target, predicted), 0)
  return {
    n: pairs.length,
    absoluteErrors: sum((t, p) => Math.abs(t - p)),
    squaredErrors: sum((t, p) => (t - p) ** 2),
    squaredTargetDeviations: sum((t) => (t - mean) ** 2),
    zeroTargets: pairs.filter(([target]) => target === 0).length,
    relativeErrors: sum((t, p) => (t === 0 ? 0 : Math.abs((t - p) / t))),
  }
}
