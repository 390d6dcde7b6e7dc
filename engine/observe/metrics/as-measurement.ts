// A metric's answer as a snapshot stores it, with the definition that the catalogue has on record (or a named variant).
import type { GroupCount, Measurement } from '../../domain/snapshot.ts'
import { findMetric } from './catalogue.ts'
import type { Measured } from './measured.ts'

/** What a measurement is about, and what it carries beside its value. */
export interface MeasurementPlace {
  readonly feature?: string
  readonly attribute?: string
  readonly group?: string
  readonly groups?: readonly GroupCount[]
  /** A variant's id; default: the catalogue's definition. */
  readonly definition?: string
}

/** `definition` is left out where it is the metric's id, which it defaults to. */
export function asMeasurement(metric: string, measured: Measured, place: MeasurementPlace = {}): Measurement {
  const { definition = findMetric(metric)?.definition, ...about } = place
  return {
    metric,
    ...about,
    ...measured,
    ...(definition === undefined || definition === metric ? {} : { definition }),
  }
}
