// How many rows a value rests on: the smallest group that was compared, or `n`.
import type { ModelCard } from '../domain/model-card.ts'
import type { Measurement } from '../domain/snapshot.ts'

/** The group of rows whose protected value is missing (METRICS.md). */
const MISSING_GROUP = 'missing'

/**
 * `undefined` where neither groups nor `n` are known. Suppressed groups were not compared, nor was the group `missing`
 * where the card excludes it.
 */
export function sampleOf(measurement: Measurement, card: ModelCard): number | undefined {
  if (measurement.groups === undefined) return measurement.n
  let smallest: number | undefined
  for (let i = 0; i < measurement.groups.length; i++) {
    const group = measurement.groups[i]
    if (group === undefined) continue
    if (group.suppressed === true || (group.group === MISSING_GROUP && excludesMissing(measurement, card))) continue
    if (smallest === undefined || group.n < smallest) smallest = group.n
  }
  return smallest ?? measurement.n
}

function excludesMissing(measurement: Measurement, card: ModelCard): boolean {
  const attribute = card.data?.protected?.find((p) => p.name === measurement.attribute)
  return attribute?.missingGroup === 'exclude'
}
