// A metric's answer as a snapshot stores it. The definition of record comes from the catalogue and is not repeated where it is the default.
import type { GroupCount, Measurement } from '../../domain/snapshot.ts'
import type { Measured } from './measured.ts'

/** What a measurement is about, and what it carries beside its value. */
export interface MeasurementPlace {
  readonly feature?: string
  readonly attribute?: string
  readonly group?: string
  readonly groups?: readonly GroupCount[]
  readonly definition?: string
}

export function asMeasurement(metric: string, measured: Measured, place: MeasurementPlace = {}): Measurement {
  const { definition, ...about } = place
  return {
    metric,
    ...about,
    ...measured,
    ...(definition === undefined ? {} : { definition }),
  }
}
