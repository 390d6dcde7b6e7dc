// DDM, the drift detection method, over errors of 0 or 1: alarms when the error rate has risen by some of its own deviations.
// Sources: Gama et al., SBIA 2004; river 0.26 `drift.binary.DDM`, whose parameters and arithmetic these are.
import type { Detector } from './detector.ts'

export interface DdmParameters {
  /** Values before the first possible alarm. */
  readonly warm_start: number
  readonly warning_threshold: number
  readonly drift_threshold: number
}

export const DDM: DdmParameters = { warm_start: 30, warning_threshold: 2, drift_threshold: 3 }

export interface DdmDetector extends Detector {
  /** Whether the last value was a warning, and no alarm. */
  warns(): boolean
}

/** It sees increases only. Without an error in its warm start it alarms at the first one. */
export function ddm({ warm_start, warning_threshold, drift_threshold }: DdmParameters): DdmDetector {
  let [n, rate, isWarning] = [0, 0, false]
  let best = { rate: Number.POSITIVE_INFINITY, deviation: Number.POSITIVE_INFINITY }
  let lowest = Number.POSITIVE_INFINITY

  function startAnew(): void {
    ;[n, rate, lowest] = [0, 0, Number.POSITIVE_INFINITY]
    best = { rate: Number.POSITIVE_INFINITY, deviation: Number.POSITIVE_INFINITY }
  }

  return {
    alarms(error) {
      n++
      rate += (1 / n) * (error - rate)
      isWarning = false
      if (n <= warm_start) return false
      const deviation = Math.sqrt((rate * (1 - rate)) / n)
      const level = rate + deviation
      if (level <= lowest) {
        lowest = level
        best = { rate, deviation }
      }
      if (level > best.rate + drift_threshold * best.deviation) {
        startAnew()
        return true
      }
      isWarning = level > best.rate + warning_threshold * best.deviation
      return false
    },
    warns: () => isWarning,
  }
}
