// Concept drift of one window: the number of alarms of each detector over its errors in order of time.
import type { Measurement } from '../../domain/snapshot.ts'
import { asMeasurement } from './as-measurement.ts'
import { known, type NullReason, unknown } from './measured.ts'

export type DetectorName = 'adwin' | 'ddm' | 'page_hinkley'

export interface DetectorAlarms {
  readonly detector: DetectorName
  readonly parameters: Readonly<Record<string, number | string>>
  /** Of the values that alarmed, counted from 0. */
  readonly positions: readonly number[]
}

export interface ConceptSummary {
  /** Errors that were read: rows with prediction, label and time. */
  readonly errors: number
  /** Why nothing was read. */
  readonly reason: NullReason | null
  readonly detectors: readonly DetectorAlarms[]
}

/** A stream without errors has no alarm: 0, not null. */
export function conceptMeasurements({ errors, reason, detectors }: ConceptSummary): Measurement[] {
  return detectors.map(({ detector, parameters, positions }) =>
    asMeasurement(`concept.${detector}`, reason === null ? known(positions.length, errors) : unknown(reason, errors), {
      definition: definitionOf(detector, parameters),
    }),
  )
}

/** As the catalogue writes it: `ddm/warm_start=30/warning=2/drift=3`. */
function definitionOf(detector: DetectorName, parameters: DetectorAlarms['parameters']): string {
  const { mode, ...numbers } = parameters
  const written = Object.entries(numbers).map(
    ([name, value]) => `${name.replace(/_(length|period|threshold)$/, '')}=${value}`,
  )
  return [detector, ...written, ...(mode === undefined ? [] : [mode])].join('/')
}
