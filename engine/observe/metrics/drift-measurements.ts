// Drift as a snapshot stores it: the native metrics of every feature and of the prediction, each with its definition, and
// the named variants of other tools on request. Values of rows, and names of categories, are left behind.
import type { Measurement } from '../../domain/snapshot.ts'
import type { CategorySummary, ColumnSummary, DriftSummary, NumberSummary } from '../summarise/drift-column.ts'
import { asMeasurement } from './as-measurement.ts'
import { DRIFT_METRICS } from './catalogue-drift.ts'
import { distinctValues } from './category-pairs.ts'
import { chi2P } from './chi2.ts'
import { jensenShannonOf, ksOf, ksPOf, missingOf, psiOf, type WindowRows, wassersteinOf } from './column-drift.ts'
import { shareDrifted } from './default-test.ts'
import { totalVariation } from './drift-total-variation.ts'
import { isWanted, variantsOf, type WantedVariants } from './drift-variants.ts'
import { proportionsP } from './drift-z.ts'
import { hellinger } from './hellinger.ts'

export interface DriftOptions {
  /** The column of the model's output: `drift.prediction_psi`, and no feature. */
  readonly prediction: string | null
  /** Also these named variants, as far as the summary was asked for them. */
  readonly variants: WantedVariants
}

/**
 * The native metrics first, in the order of the columns, then the variants that are wanted. The prediction's column is
 * measured as the prediction, not as a feature.
 */
export function driftMeasurements(summary: DriftSummary, { prediction, variants }: DriftOptions): Measurement[] {
  const features = summary.columns.filter(({ name }) => name !== prediction)
  const output = summary.columns.find(({ name }) => name === prediction)
  return [
    ...features.flatMap((column) => columnMeasurements(column, summary.rows)),
    ...features.flatMap((column) => variantMeasurements(column, variants)),
    ...(features.some(({ kind }) => kind !== 'other')
      ? [asMeasurement('drift.share_drifted', shareDrifted(features, summary.rows.current))]
      : []),
    ...(output && output.kind !== 'other' ? [asMeasurement('drift.prediction_psi', psiOf(output))] : []),
  ]
}

function columnMeasurements(column: ColumnSummary, rows: WindowRows): Measurement[] {
  const missing = asMeasurement('drift.missing', missingOf(column, rows), { feature: column.name })
  if (column.kind === 'other') return [missing]
  return [missing, ...(column.kind === 'number' ? numberMeasurements(column) : categoryMeasurements(column))]
}

function numberMeasurements(column: NumberSummary): Measurement[] {
  const place = { feature: column.name }
  const binned = (metric: string) =>
    column.distances?.isExact === false ? { ...place, definition: BINNED[metric] ?? metric } : place
  return [
    asMeasurement('drift.psi', psiOf(column), place),
    asMeasurement('drift.ks', ksOf(column), binned('drift.ks')),
    asMeasurement('drift.ks_p', ksPOf(column), binned('drift.ks_p')),
    asMeasurement('drift.wasserstein_normed', wassersteinOf(column), binned('drift.wasserstein_normed')),
    asMeasurement('drift.jensen_shannon', jensenShannonOf(column), place),
  ]
}

/** χ² where there are more than two values, z where there are two at most: as the default test chooses. */
function categoryMeasurements(column: CategorySummary): Measurement[] {
  const place = { feature: column.name }
  const { pairs } = column
  return [
    asMeasurement('drift.psi', psiOf(column), place),
    asMeasurement('drift.chi2_p', chi2P(pairs), place),
    ...(distinctValues(pairs) <= 2 ? [asMeasurement('drift.z_p', proportionsP(pairs), place)] : []),
    asMeasurement('drift.jensen_shannon', jensenShannonOf(column), place),
    asMeasurement('drift.total_variation', totalVariation(pairs), place),
    asMeasurement('drift.hellinger', hellinger(pairs), place),
  ]
}

function variantMeasurements(column: ColumnSummary, wanted: WantedVariants): Measurement[] {
  if (column.kind === 'other') return []
  return variantsOf(column)
    .filter(({ definition }) => isWanted(wanted, definition))
    .map(({ metric, definition, measured }) => asMeasurement(metric, measured, { feature: column.name, definition }))
}

/** Whether one of these is a definition that is exact, and otherwise would be binned above a million rows. */
export function needExact(definitions: WantedVariants): boolean {
  const exact = METRICS_BINNED.map((metric) => DEFINITIONS.get(metric) ?? metric)
  return definitions !== 'all' && exact.some((definition) => definitions.has(definition))
}

/** Definitions above a million rows a side, where exact ones were not asked for: within the bound (drift-numbers.ts). */
const BINNED: Readonly<Record<string, string>> = {
  'drift.ks': 'drift.ks/two-sample/binned/error<=0.001',
  'drift.ks_p': 'drift.ks_p/of-binned-ks/error<=0.001',
  'drift.wasserstein_normed': 'drift.wasserstein_normed/reference-sigma/min=0.001/binned/error<=0.001',
}
const METRICS_BINNED = Object.keys(BINNED)
const DEFINITIONS = new Map(DRIFT_METRICS.map(({ id, definition }) => [id, definition]))
