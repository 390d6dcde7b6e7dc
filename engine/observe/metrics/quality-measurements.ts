// Every data-quality measurement of one window, from the counts of its summary.
import type { Measurement } from '../../domain/snapshot.ts'
import { asMeasurement } from './as-measurement.ts'
import {
  duplicateShare,
  freshnessHours,
  missingShare,
  rangeViolationShare,
  rangeViolations,
  unseenCategoryShare,
} from './data-quality.ts'
import { known } from './measured.ts'

/** Counts of one feature; null where the card expects nothing of the kind. */
export interface FeatureQuality {
  readonly name: string
  /** Values that are not missing. */
  readonly present: number
  /** Present values out of the card's range, infinities among them. */
  readonly rangeViolations: number | null
  /** Present values that are none of the card's. */
  readonly unseen: number | null
  readonly mustBePresent: boolean
  /** Present values that repeat an earlier one, of a feature that must be unique. */
  readonly repeated: number | null
}

export interface QualitySummary {
  readonly rows: number
  /** The newest timestamp, ms; null without one. */
  readonly newest: number | null
  /** Rows that equal an earlier one in every column. */
  readonly repeatedRows: number
  readonly features: readonly FeatureQuality[]
}

/** `now`: the instant that freshness counts to, ms. */
export function qualityMeasurements(summary: QualitySummary, { now }: { readonly now: number }): Measurement[] {
  const { rows, features, repeatedRows, newest } = summary
  return [
    asMeasurement('data.rows', known(rows, rows)),
    ...missing(rows, features),
    ...ranges(features),
    ...categories(features),
    ...keys(rows, features),
    asMeasurement('data.duplicate_share', duplicateShare(repeatedRows, rows)),
    asMeasurement('data.freshness_hours', freshnessHours(newest, now, rows)),
  ]
}

function missing(rows: number, features: readonly FeatureQuality[]): Measurement[] {
  const cells = rows * features.length
  const present = features.reduce((sum, one) => sum + one.present, 0)
  return [
    ...features.map((one) =>
      asMeasurement('data.missing_share', missingShare(rows - one.present, rows), { feature: one.name }),
    ),
    asMeasurement('data.missing_share', missingShare(cells - present, cells)),
  ]
}

/** Of the whole table only where a feature has a range: no rule then passes for want of one. */
function ranges(features: readonly FeatureQuality[]): Measurement[] {
  const ranged = features.flatMap(({ name, present, rangeViolations: n }) => (n === null ? [] : [{ name, present, n }]))
  const measure = (n: number, present: number, place: { feature?: string }) => [
    asMeasurement('data.range_violations', rangeViolations(n, present), place),
    asMeasurement('data.range_violation_share', rangeViolationShare(n, present), place),
  ]
  if (ranged.length === 0) return []
  return [
    ...ranged.flatMap(({ name, present, n }) => measure(n, present, { feature: name })),
    ...measure(...totals(ranged), {}),
  ]
}

function categories(features: readonly FeatureQuality[]): Measurement[] {
  const listed = features.flatMap(({ name, present, unseen }) =>
    unseen === null ? [] : [{ name, present, n: unseen }],
  )
  if (listed.length === 0) return []
  return [
    ...listed.map(({ name, present, n }) =>
      asMeasurement('data.unseen_category_share', unseenCategoryShare(n, present), { feature: name }),
    ),
    asMeasurement('data.unseen_category_share', unseenCategoryShare(...totals(listed))),
  ]
}

function keys(rows: number, features: readonly FeatureQuality[]): Measurement[] {
  return features.flatMap(({ name, present, mustBePresent, repeated }) => [
    ...(mustBePresent ? [asMeasurement('data.null_violations', known(rows - present, rows), { feature: name })] : []),
    ...(repeated === null
      ? []
      : [asMeasurement('data.unique_violations', known(repeated, present), { feature: name })]),
  ])
}

function totals(list: readonly { readonly n: number; readonly present: number }[]): [n: number, present: number] {
  return [list.reduce((sum, one) => sum + one.n, 0), list.reduce((sum, one) => sum + one.present, 0)]
}
