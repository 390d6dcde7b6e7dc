// An interval reaches no further than its metric can: the log method knows nothing of a ratio that is 1 at most.
import type { Measurement } from '../domain/snapshot.ts'
import { metricsById } from './metrics/catalogue.ts'

/** Cut to the metric's range; the pure functions answer as their sources do. */
export function withIntervalInRange(one: Measurement): Measurement {
  const { interval } = one
  const range = metricsById.get(one.metric)?.range
  if (interval === undefined || range === undefined) return one
  const [least, most] = [range[0] ?? Number.NEGATIVE_INFINITY, range[1] ?? Number.POSITIVE_INFINITY]
  const [low, high] = [Math.max(interval[0], least), Math.min(interval[1], most)]
  return low === interval[0] && high === interval[1] ? one : { ...one, interval: [low, high] }
}
