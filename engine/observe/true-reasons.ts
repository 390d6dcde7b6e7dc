// Measurements as a snapshot may tell them: a count over nothing is no 0, since a rule would pass on it, and a reason names
// what is missing first: the rows, then their labels. The pure functions keep the definitions of their sources.
import type { Measurement } from '../domain/snapshot.ts'
import type { NullReason } from './metrics/measured.ts'

/** A window without rows, or rows without any label. Labels of a group are asked for where it has its own support. */
export function withTrueReasons(measurements: readonly Measurement[]): Measurement[] {
  const rows = measurements.find(({ metric }) => metric === 'data.rows')?.value ?? 0
  const supports = new Map(
    measurements.flatMap((one) => (one.metric === SUPPORT ? [[placeOf(one), one] as const] : [])),
  )
  const whole = supports.get(placeOf({}))
  const hasNoLabel = (one: Measurement) => {
    const own = supports.get(placeOf(one))
    return (whole === undefined ? rows > 0 : isUnlabelled(whole)) || (own !== undefined && isUnlabelled(own))
  }
  return measurements.map((one) => {
    if (needsLabels(one) && isEmpty(one) && hasNoLabel(one)) return withReason(one, 'no_label')
    if (isCountOfNothing(one)) return withReason(one, 'empty_window')
    return one.metric === 'data.freshness_hours' && one.value === null && rows === 0
      ? withReason(one, 'empty_window')
      : one
  })
}

const SUPPORT = 'performance.support'

function placeOf({ attribute, group }: Pick<Measurement, 'attribute' | 'group'>): string {
  return JSON.stringify([attribute ?? null, group ?? null])
}

function isUnlabelled({ value, n }: Measurement): boolean {
  return value === 0 && n !== undefined && n > 0
}

/** Selection and sizes are known without; an estimate is made for want of labels. */
function needsLabels({ metric }: Measurement): boolean {
  if (metric.startsWith('concept.')) return true
  if (metric.startsWith('performance.')) return !/\.(support|label_coverage|estimated_)/.test(metric)
  return metric.startsWith('fairness.') && !/\.(selection_rate|group_size|demographic_parity_)/.test(metric)
}

/** What lies in the want of labels; other reasons, such as `no_timestamp` or `no_order`, stay. */
const OF_NOTHING: readonly string[] = [
  'empty_window',
  'empty_group',
  'one_class',
  'no_positives',
  'no_negatives',
  'no_predicted_positives',
  'fewer_than_two_groups',
  'constant_target',
] satisfies NullReason[]

function isEmpty(one: Measurement): boolean {
  return one.value === null ? OF_NOTHING.includes(one.reason ?? '') : isCountOfNothing(one)
}

/** Alarms and violations; that there are 0 rows, or 0 labels, is itself a figure. */
function isCountOfNothing({ metric, value, n }: Measurement): boolean {
  return n === 0 && value === 0 && /^concept\.|^data\.\w+_violations$/.test(metric)
}

function withReason({ interval: _, ...one }: Measurement, reason: NullReason): Measurement {
  return { ...one, value: null, reason }
}
