// The snapshots of the small-business credit model from the three files of counts beside its card: September 2004 as the
// baseline, then five months. Every number follows from these counts.
import type { Measurement, Snapshot } from '../../engine/domain/snapshot.ts'
import { asMeasurement } from '../../engine/observe/metrics/as-measurement.ts'
import { attributeFairness } from '../../engine/observe/metrics/attribute-fairness.ts'
import { binaryPerformance } from '../../engine/observe/metrics/binary-performance.ts'
import { labelRate } from '../../engine/observe/metrics/classification.ts'
import { categoryPsi, numberPsi } from '../../engine/observe/metrics/column-drift.ts'
import { type Confusion, confusionOf } from '../../engine/observe/metrics/confusion.ts'
import { missingShare, rangeViolations, unseenCategoryShare } from '../../engine/observe/metrics/data-quality.ts'
import { known } from '../../engine/observe/metrics/measured.ts'
import type { CategoryCounts, NumberCounts } from '../../engine/observe/metrics/psi-bins.ts'
import { type ScoreTable, scoreTable } from '../../engine/observe/metrics/score-table.ts'
import { bitOf, readCounts } from './counts-csv.ts'
import { monthWindow, snapshotOf } from './example-snapshot.ts'

export const LOAN_COUNTS = {
  features: 'models/small-business-credit/features.csv',
  groups: 'models/small-business-credit/groups.csv',
  scores: 'models/small-business-credit/scores.csv',
} as const

export const LOAN_REFERENCE = '2004-09'
export const LOAN_MONTHS = ['2004-10', '2004-11', '2004-12', '2005-01', '2006-02'] as const

/** As on the card: the expectations that `data.*` is measured against. */
export const NUMBER_FEATURES: Readonly<Record<string, { readonly min: number; readonly max?: number }>> = {
  employees: { min: 0 },
  jobs_created: { min: 0 },
  jobs_retained: { min: 0 },
  franchise: { min: 0, max: 1 },
  amount: { min: 0 },
  guaranteed_share: { min: 0, max: 1 },
}
export const CATEGORY_FEATURES: Readonly<Record<string, readonly string[]>> = {
  revolving: ['N', 'Y', 'other'],
  low_doc: ['N', 'Y', 'other'],
  // prettier: the two-digit sectors of NAICS, 00 where it is unknown
  sector: '00 11 21 22 23 31 32 33 42 44 45 48 49 51 52 53 54 55 56 61 62 71 72 81 92'.split(' '),
}

const ATTRIBUTES = [
  { attribute: 'business', privileged: ['existing'] },
  { attribute: 'area', privileged: ['urban'] },
] as const

/** What is known of one month. */
export interface LoanMonth {
  readonly month: string
  readonly rows: number
  readonly features: ReadonlyMap<string, readonly { readonly value: string; readonly n: number }[]>
  readonly scores: ScoreTable
  readonly groups: ReadonlyMap<string, readonly { readonly group: string; readonly counts: Confusion }[]>
}

export function readLoanMonths(): LoanMonth[] {
  const features = Map.groupBy(readCounts(LOAN_COUNTS.features), ({ month }) => month)
  const scores = Map.groupBy(readCounts(LOAN_COUNTS.scores), ({ month }) => month)
  const groups = Map.groupBy(readCounts(LOAN_COUNTS.groups), ({ month }) => month)
  return [LOAN_REFERENCE, ...LOAN_MONTHS].map((month) => ({
    month,
    rows: (scores.get(month) ?? []).reduce((sum, line) => sum + Number(line.charged_off) + Number(line.repaid), 0),
    features: new Map(
      [...Map.groupBy(features.get(month) ?? [], ({ feature }) => feature ?? '')].map(([feature, lines]) => [
        feature,
        lines.map(({ value, n }) => ({ value: value ?? '', n: Number(n) })),
      ]),
    ),
    scores: scoreTable(
      (scores.get(month) ?? []).map((line) => ({
        score: Number(line.score),
        positives: Number(line.charged_off),
        negatives: Number(line.repaid),
      })),
    ),
    groups: new Map(
      [...Map.groupBy(groups.get(month) ?? [], ({ attribute }) => attribute ?? '')].map(([attribute, lines]) => [
        attribute,
        [...Map.groupBy(lines, ({ group }) => group ?? '')].map(([group, cells]) => ({
          group,
          counts: confusionOf(
            cells.map((c) => ({ prediction: bitOf(c.prediction), label: bitOf(c.label), n: Number(c.n) })),
          ),
        })),
      ]),
    ),
  }))
}

export function loanSnapshots(digest: string): Snapshot[] {
  const [reference, ...months] = readLoanMonths()
  if (reference === undefined) throw new Error('no reference month')
  return [reference, ...months].map((current) =>
    snapshotOf({
      model: 'small-business-credit',
      version: '1.0.0',
      purpose: current === reference ? 'baseline' : 'monitoring',
      window: monthWindow(current.month),
      rows: { current: current.rows, reference: reference.rows },
      digest,
      measurements: loanMeasurements(reference, current),
    }),
  )
}

function loanMeasurements(reference: LoanMonth, current: LoanMonth): Measurement[] {
  const counts = confusionOf(
    (current.groups.get('business') ?? []).flatMap(({ counts: c }) => [
      { prediction: 1 as const, label: 1 as const, n: c.tp },
      { prediction: 1 as const, label: 0 as const, n: c.fp },
      { prediction: 0 as const, label: 1 as const, n: c.fn },
      { prediction: 0 as const, label: 0 as const, n: c.tn },
    ]),
  )
  return [
    asMeasurement('data.rows', known(current.rows, current.rows)),
    asMeasurement('custom.label_rate', labelRate(counts)),
    ...numberFeatures(reference, current),
    ...categoryFeatures(reference, current),
    asMeasurement('drift.prediction_psi', numberPsi(scoreCounts(reference.scores), scoreCounts(current.scores))),
    ...binaryPerformance({ counts, scores: current.scores, scoresAreProbabilities: true }),
    ...ATTRIBUTES.flatMap(({ attribute, privileged }) =>
      attributeFairness({
        attribute,
        privileged,
        groups: current.groups.get(attribute) ?? [],
        minimumGroupSize: 10,
        missingGroup: 'report',
      }),
    ),
  ]
}

function numberFeatures(reference: LoanMonth, current: LoanMonth): Measurement[] {
  return Object.entries(NUMBER_FEATURES).flatMap(([feature, { min, max = Number.MAX_VALUE }]) => {
    const [before, now] = [reference, current].map((month) => numberCounts(month, feature))
    if (before === undefined || now === undefined) throw new Error(`no counts of ${feature}`)
    const outside = now.values.filter(({ value }) => value < min || value > max)
    const present = now.values.reduce((sum, { n }) => sum + n, 0)
    return [
      asMeasurement('drift.psi', numberPsi(before, now), { feature }),
      asMeasurement('data.missing_share', missingShare(now.missing, present + now.missing), { feature }),
      asMeasurement('data.range_violations', rangeViolations(sumOf(outside), present), { feature }),
    ]
  })
}

function categoryFeatures(reference: LoanMonth, current: LoanMonth): Measurement[] {
  return Object.entries(CATEGORY_FEATURES).flatMap(([feature, expected]) => {
    const [before, now] = [reference, current].map((month) => categoryCounts(month, feature))
    if (before === undefined || now === undefined) throw new Error(`no counts of ${feature}`)
    const unseen = now.values.filter(({ value }) => !expected.includes(value))
    const present = sumOf(now.values)
    return [
      asMeasurement('drift.psi', categoryPsi(before, now), { feature }),
      asMeasurement('data.missing_share', missingShare(now.missing, present + now.missing), { feature }),
      asMeasurement('data.unseen_category_share', unseenCategoryShare(sumOf(unseen), present), { feature }),
    ]
  })
}

export function numberCounts(month: LoanMonth, feature: string): NumberCounts {
  const values = (month.features.get(feature) ?? []).map(({ value, n }) => ({ value: Number(value), n }))
  return { values: values.sort((a, b) => a.value - b.value), infinite: 0, missing: month.rows - sumOf(values) }
}

export function categoryCounts(month: LoanMonth, feature: string): CategoryCounts {
  const values = month.features.get(feature) ?? []
  return { values, missing: month.rows - sumOf(values) }
}

export function scoreCounts(scores: ScoreTable): NumberCounts {
  const values = scores.map(({ score, positives, negatives }) => ({ value: score, n: positives + negatives }))
  return { values, infinite: 0, missing: 0 }
}

function sumOf(lines: readonly { readonly n: number }[]): number {
  return lines.reduce((sum, { n }) => sum + n, 0)
}
