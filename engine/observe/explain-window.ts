// What explains the decisions of a window: attributions against the reference's, and how many adverse decisions carry a reason.
import type { Instant } from '../domain/instant.ts'
import type { Measurement } from '../domain/snapshot.ts'
import type { FileEngine, SqlTable } from '../world-sql.ts'
import { attributionsOfWindow, type OpenedAttributions } from './attributions.ts'
import type { CardData } from './measured-columns.ts'
import { explainMeasurements, type ReasonSummary } from './metrics/explain-measurements.ts'
import { summariseReasons } from './summarise/explain.ts'

export interface ExplainRequest {
  readonly data: CardData
  readonly current: SqlTable
  readonly attributions?: OpenedAttributions | null
  readonly from: Instant
  readonly to: Instant
  readonly now: Instant
}

/** What there is data for. Faults `observe/sql`. */
export async function explainWindow(
  engine: FileEngine,
  { data, current, attributions = null, ...when }: ExplainRequest,
): Promise<{ readonly measurements: readonly Measurement[]; readonly notes: readonly string[] }> {
  const reasons = await reasonsOf(engine, current, data)
  const found = attributions === null ? null : await attributionsOfWindow(engine, attributions, { data, ...when })
  const { notes = [], ...explained } = found ?? {}
  return { measurements: explainMeasurements({ ...explained, ...(reasons === null ? {} : { reasons }) }), notes }
}

/** The card says which decisions are adverse: 1 approves in one model and refuses in another. */
async function reasonsOf(
  engine: FileEngine,
  current: SqlTable,
  { kind, prediction, positive, reasons, adverse }: CardData,
): Promise<ReasonSummary | null> {
  if (reasons === undefined || adverse === undefined) return null
  const isTruth = kind === 'binary' && positive === undefined
  return await summariseReasons(engine, current, { prediction, adverse, reasons, isTruth })
}
