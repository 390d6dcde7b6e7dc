// The examples that tools print in their own documents, by the functions of this project.
import { auc } from '../../engine/observe/metrics/auc.ts'
import { type PairOfCounts, pairCounts } from '../../engine/observe/metrics/category-pairs.ts'
import { chi2P } from '../../engine/observe/metrics/chi2.ts'
import { jensenShannon } from '../../engine/observe/metrics/jensen-shannon.ts'
import { ksP, ksStatistic } from '../../engine/observe/metrics/ks.ts'
import { evidentlyPsi } from '../../engine/observe/metrics/psi-variants.ts'
import { mape, type RegressionSums, r2 } from '../../engine/observe/metrics/regression.ts'
import { scoreTable } from '../../engine/observe/metrics/score-table.ts'
import { brier, logLoss } from '../../engine/observe/metrics/scoring-rules.ts'
import { wasserstein } from '../../engine/observe/metrics/wasserstein.ts'

type Lists = Readonly<Record<string, readonly number[] | undefined>>

export interface PublishedRow {
  readonly metric: string
  readonly input: Readonly<Record<string, unknown>>
  readonly value: number
  readonly p?: number
  readonly from: string
}

/** The value (and the p-value) of an example; null where its metric is not known here. */
export function publishedValue({ metric, input }: PublishedRow): {
  readonly value: number | null
  readonly p?: number | null
} {
  const lists = input as Lists
  const [reference = [], current = []] = [lists.reference, lists.current]
  const counts = pairsOf(reference, current)
  switch (metric) {
    case 'drift.chi2_p':
      return { value: chi2P(counts).value }
    case 'drift.psi':
      return { value: evidentlyPsi(counts).value }
    case 'drift.jensen_shannon':
      return {
        value: jensenShannon(lists.p ? pairsOf(lists.p, lists.q ?? []) : counts, input.base === 2 ? 2 : 'natural')
          .value,
      }
    case 'drift.wasserstein':
      return { value: wasserstein(valuesOf(reference), valuesOf(current)) }
    case 'drift.ks':
      return ksOf(reference, current)
    case 'performance.auc':
      return { value: auc(scored(lists)).value }
    case 'performance.log_loss':
      return { value: logLoss(scored(lists)).value }
    case 'performance.brier':
      return { value: brier(scored(lists)).value }
    case 'performance.mape':
      return { value: mape(regressionOf(lists)).value }
    case 'performance.r2':
      return { value: r2(regressionOf(lists)).value }
    default:
      return { value: null }
  }
}

function pairsOf(reference: readonly number[], current: readonly number[]): readonly PairOfCounts[] {
  return reference.map((n, i) => ({ reference: n, current: current[i] ?? 0, values: 1 }))
}

function valuesOf(list: readonly number[]) {
  return [...list].sort((a, b) => a - b).map((value) => ({ value, n: 1 }))
}

function ksOf(reference: readonly number[], current: readonly number[]) {
  const [n, m] = [reference.length, current.length]
  let [r, c, gap] = [0, 0, 0]
  for (const pair of pairCounts(valuesOf(reference), valuesOf(current))) {
    r += pair.reference
    c += pair.current
    gap = Math.max(gap, Math.abs(r * m - c * n))
  }
  return { value: ksStatistic({ gap, n, m }).value, p: ksP({ gap, n, m }).value }
}

function scored({ label = [], score = [] }: Lists) {
  return scoreTable(score.map((one, i) => ({ score: one, positives: label[i] ?? 0, negatives: 1 - (label[i] ?? 0) })))
}

function regressionOf({ target = [], predicted = [] }: Lists): RegressionSums {
  const mean = target.reduce((sum, one) => sum + one, 0) / target.length
  const errors = target.map((one, i) => one - (predicted[i] ?? 0))
  return {
    n: target.length,
    absoluteErrors: errors.reduce((sum, error) => sum + Math.abs(error), 0),
    squaredErrors: errors.reduce((sum, error) => sum + error ** 2, 0),
    squaredTargetDeviations: target.reduce((sum, one) => sum + (one - mean) ** 2, 0),
    zeroTargets: target.filter((one) => one === 0).length,
    relativeErrors: errors.reduce((sum, error, i) => sum + Math.abs(error / (target[i] ?? 1)), 0),
  }
}
