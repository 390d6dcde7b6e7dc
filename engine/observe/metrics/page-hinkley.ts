// Page–Hinkley: alarms when the sum of deviations from the running mean has moved far from its extreme.
// Sources: Page, Biometrika 41 (1954); river 0.26 `drift.PageHinkley`, whose parameters and arithmetic these are.
import type { Detector } from './detector.ts'

export interface PageHinkleyParameters {
  /** Values before the first possible alarm. */
  readonly min_instances: number
  readonly delta: number
  readonly threshold: number
  /** How fast old deviations are forgotten. */
  readonly alpha: number
  readonly mode: 'up' | 'down' | 'both'
}

export const PAGE_HINKLEY: PageHinkleyParameters = {
  min_instances: 30,
  delta: 0.005,
  threshold: 50,
  alpha: 0.9999,
  mode: 'both',
}

/** A detector for values shown one by one. After an alarm it begins anew. */
export function pageHinkley({ min_instances, delta, threshold, alpha, mode }: PageHinkleyParameters): Detector {
  let [n, mean, increase, decrease] = [0, 0, 0, 0]
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const hasRisen = () => mode !== 'down' && increase - lowest > threshold
  const hasFallen = () => mode !== 'up' && highest - decrease > threshold

  function startAnew(): void {
    ;[n, mean, increase, decrease] = [0, 0, 0, 0]
    ;[lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  }

  return {
    alarms(value) {
      n++
      mean += (1 / n) * (value - mean)
      const deviation = value - mean
      increase = alpha * increase + deviation - delta
      decrease = alpha * decrease + deviation + delta
      lowest = Math.min(lowest, increase)
      highest = Math.max(highest, decrease)
      if (n < min_instances || !(hasRisen() || hasFallen())) return false
      startAnew()
      return true
    },
  }
}
