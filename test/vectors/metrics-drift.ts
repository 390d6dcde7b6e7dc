// The cases of `drift/`: their data through the same summary and the same functions as `observe`.

import { distinctValues, pairTotals } from '../../engine/observe/metrics/category-pairs.ts'
import { chi2P, chi2Statistic } from '../../engine/observe/metrics/chi2.ts'
import {
  categoryPsiCounts,
  jensenShannonOf,
  ksOf,
  ksPOf,
  missingOf,
  psiOf,
  wassersteinOf,
} from '../../engine/observe/metrics/column-drift.ts'
import { defaultTest, shareDrifted } from '../../engine/observe/metrics/default-test.ts'
import { totalVariation } from '../../engine/observe/metrics/drift-total-variation.ts'
import { variantsOf } from '../../engine/observe/metrics/drift-variants.ts'
import { proportionsP, proportionsZ } from '../../engine/observe/metrics/drift-z.ts'
import { hellinger } from '../../engine/observe/metrics/hellinger.ts'
import { EXACT_P_UP_TO } from '../../engine/observe/metrics/ks.ts'
import { type Measured, unknown } from '../../engine/observe/metrics/measured.ts'
import type {
  CategorySummary,
  ColumnSummary,
  DriftSummary,
  NumberSummary,
} from '../../engine/observe/summarise/drift-column.ts'
import { summariseDrift } from '../../engine/observe/summarise/drift-summary.ts'
import type { Got } from './metric-differences.ts'
import type { MetricCase, RunCase } from './metrics.ts'

export const driftCase: RunCase = async ({ engine, spec, table }) => {
  const [reference, current] = [await table('reference'), await table('current')]
  const first = await summariseDrift(engine, {
    reference,
    current,
    columns: reference.columns,
    exact: true,
    variants: true,
  })
  // Again with what was kept of the reference, as it comes out of a file.
  const kept = JSON.parse(JSON.stringify(first.reference))
  const summary = await summariseDrift(engine, {
    reference,
    current,
    columns: reference.columns,
    exact: true,
    variants: true,
    kept,
  })
  const [one, two] = [gotOf(first, spec), gotOf(summary, spec)]
  if (JSON.stringify(one) !== JSON.stringify(two))
    throw new Error('the kept reference gives other numbers than its data')
  return two
}

function gotOf(summary: DriftSummary, spec: MetricCase): Got[] {
  return [...summary.columns.flatMap((column) => columnGot(column, summary, spec)), shareGot(summary)]
}

function got(metric: string, subject: string | null, measured: Measured, details?: Got['details']): Got {
  return {
    metric,
    variant: null,
    subject,
    value: measured.value,
    reason: measured.value === null ? measured.reason : undefined,
    ...(details ? { details } : {}),
  }
}

function columnGot(column: ColumnSummary, summary: DriftSummary, spec: MetricCase): Got[] {
  const { name } = column
  const counts =
    column.kind === 'number'
      ? { reference: column.totals.reference.missing, current: column.totals.current.missing }
      : column.missing
  const missing = got('drift.missing', name, missingOf(column, summary.rows), { ...counts })
  if (column.kind === 'other') return [missing]
  const variants = variantsOf(column).map(({ metric, variant, measured }) => ({
    ...got(metric, name, measured),
    variant,
  }))
  const own =
    column.kind === 'number' ? numberGot(column, summary) : categoryGot(column, spec.columns[name] === 'boolean')
  return [missing, defaultGot(column), ...variants, ...own]
}

function numberGot(column: NumberSummary, { rows }: DriftSummary): Got[] {
  const { name, totals, distances, deviation, bins, counts } = column
  const sizes = {
    referenceRows: rows.reference,
    currentRows: rows.current,
    referenceUsed: totals.reference.finite,
    currentUsed: totals.current.finite,
  }
  const binned = { bins, counts: counts.reference.map((n, i) => [n, counts.current[i]]) }
  const isExactP = distances !== null && Math.max(distances.n, distances.m) <= EXACT_P_UP_TO
  const normed = distances === null ? sizes : { distance: distances.area, referenceStd: deviation }
  return [
    got('drift.psi', name, psiOf(column), binned),
    got('drift.prediction_psi', name, psiOf(column), binned),
    got('drift.ks', name, ksOf(column), sizes),
    {
      ...got('drift.ks_p', name, ksPOf(column), sizes),
      parameters: distances === null ? {} : { method: isExactP ? 'exact' : 'asymp' },
    },
    got('drift.wasserstein_normed', name, wassersteinOf(column), normed),
    got('drift.jensen_shannon', name, jensenShannonOf(column), sizes),
    ...(distances === null ? [got('drift.hellinger', name, unknown('empty_window', 0), sizes)] : []),
  ]
}

function categoryGot(column: CategorySummary, isBoolean: boolean): Got[] {
  const { name, pairs, values } = column
  const shown = (value: string) => (isBoolean ? `${value.slice(0, 1).toUpperCase()}${value.slice(1)}` : value)
  const { bins, reference, current } = categoryPsiCounts(column)
  const binned = {
    bins: bins.map((bin) => (bin.kind === 'category' ? { ...bin, value: shown(bin.value) } : bin)),
    counts: reference.map((n, i) => [n, current[i]]),
  }
  const total = pairTotals(pairs)
  const hasBoth = total.reference > 0 && total.current > 0
  const names = [...(values?.reference ?? []), ...(values?.current ?? [])].map(({ value }) => value)
  const statistic = hasBoth ? chi2Statistic(pairs) : 0
  const chi2 = {
    statistic: Number.isFinite(statistic) ? statistic : 'Infinity',
    degreesOfFreedom: distinctValues(pairs) - 1,
    categories: [...new Set(names)].sort(byCodePoint).map(shown),
    reference: pairs.map((pair) => pair.reference),
    current: pairs.map((pair) => pair.current),
  }
  return [
    got('drift.psi', name, psiOf(column), binned),
    got('drift.prediction_psi', name, psiOf(column), binned),
    got('drift.chi2_p', name, chi2P(pairs), hasBoth ? chi2 : {}),
    got('drift.z_p', name, proportionsP(pairs), { z: hasBoth ? proportionsZ(pairs) : null }),
    got('drift.jensen_shannon', name, jensenShannonOf(column)),
    got('drift.total_variation', name, totalVariation(pairs)),
    got('drift.hellinger', name, hellinger(pairs)),
  ]
}

function defaultGot(column: ColumnSummary): Got {
  const test = defaultTest(column)
  if (test === null) return got('drift.default_test', column.name, unknown('empty_window', 0))
  const { method, threshold, drifted } = test
  return got('drift.default_test', column.name, test.score, { method, threshold, drifted })
}

/** Evidently names the numbers first. */
function shareGot({ columns, rows }: DriftSummary): Got {
  const tested = columns.filter((column) => defaultTest(column) !== null)
  const ordered = [...tested.filter(({ kind }) => kind === 'number'), ...tested.filter(({ kind }) => kind !== 'number')]
  const drifted = columns.filter((column) => defaultTest(column)?.drifted).map(({ name }) => name)
  const details = { count: drifted.length, columns: ordered.map(({ name }) => name), drifted }
  return got('drift.share_drifted', null, shareDrifted(columns, rows.current), details)
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
