// The cases of `data/`: their data through the same summary and the same functions as `observe`.
import type { Feature } from '../../engine/domain/model-card.ts'
import { type QualitySummary, qualityMeasurements } from '../../engine/observe/metrics/quality-measurements.ts'
import { summariseQuality } from '../../engine/observe/summarise/table-summary.ts'
import type { Expectation, Got } from './metric-differences.ts'
import type { MetricCase, RunCase } from './metrics.ts'

interface Limits {
  readonly min?: number | null
  readonly max?: number | null
  readonly categories?: readonly string[]
}

export const dataCase: RunCase = async ({ engine, spec, table }) => {
  const features = Object.entries(spec.columns).map(([name, type]): Feature => {
    const { min, max, categories } = expectationsOf(spec)[name] ?? {}
    return {
      name,
      type,
      ...(typeof min === 'number' ? { min } : {}),
      ...(typeof max === 'number' ? { max } : {}),
      ...(categories === undefined ? {} : { values: categories }),
    }
  })
  const timestamp = features.find(({ type }) => type === 'timestamp')?.name ?? null
  const summary = await summariseQuality(engine, await table('data'), { features, timestamp })
  const asOf = spec.expected.find(({ metric }) => metric === 'data.freshness_hours')?.parameters.asOf
  return qualityMeasurements(summary, { now: Date.parse(String(asOf)) }).map((one): Got => {
    const { metric, value, reason, feature = null } = one
    const subject = metric === 'data.freshness_hours' ? timestamp : feature
    return { metric, variant: null, subject, value, reason, details: detailsOf(summary, feature, one) }
  })
}

function expectationsOf(spec: MetricCase): Readonly<Record<string, Limits>> {
  return (spec.expectations ?? {}) as Readonly<Record<string, Limits>>
}

function detailsOf(
  { rows, features, repeatedRows }: QualitySummary,
  feature: string | null,
  { metric, n }: { readonly metric: string; readonly n?: number },
): NonNullable<Expectation['details']> {
  const chosen = features.filter(({ name }) => feature === null || name === feature)
  if (metric === 'data.missing_share') return { missing: chosen.reduce((sum, { present }) => sum + rows - present, 0) }
  if (metric === 'data.duplicate_share') return { duplicates: repeatedRows }
  return { n, unseen: chosen[0]?.unseen }
}
