// One window of one model, measured: each family by its summary in SQL and then by pure arithmetic. No step holds rows.
import { Fault } from '../base/fault.ts'
import { compareBy } from '../base/order.ts'
import { identifier } from '../base/sql-text.ts'
import type { Instant } from '../domain/instant.ts'
import type { ModelCard } from '../domain/model-card.ts'
import { type Measurement, subjectText } from '../domain/snapshot.ts'
import type { FileEngine, SqlTable } from '../world-sql.ts'
import type { OpenedAttributions } from './attributions.ts'
import { explainWindow } from './explain-window.ts'
import { hideGroups } from './hidden-groups.ts'
import { withIntervalInRange } from './interval-range.ts'
import { type CardData, monitoredFeatures, outcomeColumns, outputColumn } from './measured-columns.ts'
import { type MeasuringProgress, measuringProgress } from './measuring-progress.ts'
import { type CbpeReference, estimatedMeasurements } from './metrics/cbpe.ts'
import { conceptMeasurements, type DetectorAlarms } from './metrics/concept-measurements.ts'
import { driftMeasurements, needExact } from './metrics/drift-measurements.ts'
import { needScans, type WantedVariants } from './metrics/drift-variants.ts'
import { groupMeasurements } from './metrics/group-measurements.ts'
import { outcomeMeasurements } from './metrics/outcome-measurements.ts'
import { qualityMeasurements } from './metrics/quality-measurements.ts'
import { sideBySide } from './side-by-side.ts'
import { slaOfColumns } from './sla-columns.ts'
import { type KeptReference, missingCells, summariseDrift } from './summarise/drift-summary.ts'
import { calibrateReference, estimateWindow } from './summarise/estimated.ts'
import { summariseErrors, summariseGroups, summariseOutcomes, summariseQuality } from './summarise/table-summary.ts'
import { requireTwoClasses } from './summarise/two-classes.ts'
import { withTrueReasons } from './true-reasons.ts'

export interface MeasureRequest {
  readonly card: Pick<ModelCard, 'sla' | 'objectives'>
  readonly data: CardData
  readonly current: SqlTable
  readonly reference: SqlTable | null
  readonly from: Instant
  readonly to: Instant
  readonly now: Instant
  readonly minimumGroupSize: number
  /** KS and Wasserstein exact above a million rows too. */
  readonly exact: boolean
  /** Definitions beside the catalogue's that are wanted; absent: none. */
  readonly definitions?: WantedVariants
  readonly attributions?: OpenedAttributions | null
  /** Of this very reference. */
  readonly kept: KeptOfReference | null
  readonly onProgress?: (part: string, done: number, total: number) => void
}

export interface MeasuredWindow {
  /** By metric, subject and definition. */
  readonly measurements: readonly Measurement[]
  readonly rows: { readonly current: number; readonly reference?: number }
  /** Where the detectors of concept drift alarmed; those that did not are left out. */
  readonly alarms: readonly DetectorAlarms[]
  /** What may be kept of the reference; null without one. */
  readonly kept: KeptOfReference | null
  /** For people: what was left out, and why. */
  readonly notes: readonly string[]
}

/** Of these very columns of the reference: small, and free of rows. */
export interface KeptOfReference {
  readonly drift: KeptReference
  /** How its scores are calibrated; null where it has no labels or no scores. */
  readonly calibration: CbpeReference | null
}

/** Faults `observe/not-binary`, `observe/too-many-groups`, `observe/sql`. */
export async function measureWindow(engine: FileEngine, request: MeasureRequest): Promise<MeasuredWindow> {
  await requireClasses(engine, request)
  const progress = measuringProgress(OUTCOMES.length + 3, request.onProgress)
  const [features, outcomes] = await sideBySide(
    () => measureFeatures(engine, request, progress),
    () => measureOutcomes(engine, request, progress),
    (error) => error instanceof Fault && error.code === 'observe/memory',
  )
  const { drift, quality } = features
  const { estimates, explained, concept } = outcomes
  const measurements = inOrder(
    withTrueReasons([
      ...drift.measurements,
      ...estimates.measurements,
      ...explained.measurements,
      ...concept.measurements,
      ...quality,
      ...outcomes.families,
    ]).map(withIntervalInRange),
  )
  const rows = measurements.find(({ metric }) => metric === 'data.rows')?.value ?? 0
  return {
    measurements,
    rows: { current: rows, ...(drift.kept === null ? {} : { reference: drift.kept.rows }) },
    alarms: concept.alarms,
    kept: drift.kept === null ? null : { drift: drift.kept, calibration: estimates.kept },
    notes: explained.notes,
  }
}

/** What comes of the features: most of the work, in SQL. */
async function measureFeatures(engine: FileEngine, request: MeasureRequest, progress: MeasuringProgress) {
  const drift = await measureDrift(engine, request, progress)
  progress.begin('data quality')
  const quality = await measureQuality(engine, request, drift.missing)
  progress.end()
  return { drift, quality }
}

/** What comes of predictions and labels: rows in an order, much of it in the process. */
async function measureOutcomes(engine: FileEngine, request: MeasureRequest, progress: MeasuringProgress) {
  progress.begin('estimates')
  const estimates = await measureEstimates(engine, request)
  progress.end()
  const explained = await explainWindow(engine, request)
  progress.begin('concept drift')
  const concept = await measureConcept(engine, request)
  progress.end()
  const families: Measurement[] = []
  for (const { name, measure } of OUTCOMES) {
    progress.begin(name)
    families.push(...(await measure(engine, request)))
    progress.end()
  }
  return { estimates, explained, concept, families }
}

/** By metric, subject and definition: the same measurements in any order make the same snapshot. */
export function inOrder(measurements: readonly Measurement[]): readonly Measurement[] {
  const order = compareBy<Measurement>(
    ({ metric }) => metric,
    subjectText,
    ({ definition }) => definition ?? null,
  )
  return measurements.toSorted(order)
}

interface Family {
  readonly name: string
  readonly measure: (engine: FileEngine, request: MeasureRequest) => Promise<Measurement[]>
}

const OUTCOMES: readonly Family[] = [
  { name: 'performance', measure: measurePerformance },
  { name: 'fairness', measure: measureFairness },
  { name: 'service', measure: measureService },
]

async function measureQuality(
  engine: FileEngine,
  { data, current, now }: MeasureRequest,
  missing: ReadonlyMap<string, number>,
): Promise<Measurement[]> {
  const request = { features: monitoredFeatures(data), timestamp: data.timestamp ?? null, missing }
  return qualityMeasurements(await summariseQuality(engine, current, request), { now })
}

async function measurePerformance(engine: FileEngine, { data, current }: MeasureRequest): Promise<Measurement[]> {
  if (data.label === undefined) return []
  return outcomeMeasurements(await summariseOutcomes(engine, current, outcomesOf(data, current)))
}

/** Of classes alone: a number selects nobody. */
async function measureFairness(
  engine: FileEngine,
  { data, current, minimumGroupSize }: MeasureRequest,
): Promise<Measurement[]> {
  const attributes = data.protected ?? []
  if (data.kind !== 'binary' || attributes.length === 0) return []
  const names = attributes.map(({ name }) => name)
  const request = { outcomes: outcomesOf(data, current), attributes: names, pairs: pairsOf(names) }
  const summary = await summariseGroups(engine, current, request)
  const measurements = groupMeasurements(summary, { minimumGroupSize, protected: attributes })
  return hideGroups(measurements, summary.attributes, { data, minimumGroupSize, called: current.called })
}

/** More attributes than this make too many pairs; the number is arbitrary. */
const MOST_PAIRED = 5

function pairsOf(names: readonly string[]): readonly (readonly [string, string])[] {
  if (names.length > MOST_PAIRED) return []
  return names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const))
}

async function measureConcept(engine: FileEngine, request: MeasureRequest): Promise<Concept> {
  const { data, current } = request
  const outcomes = outcomesOf(data, current)
  if (outcomes.label === null || data.kind === 'score') return { measurements: [], alarms: [] }
  const summary = await summariseErrors(engine, current, { outcomes, timestamp: data.timestamp ?? null })
  if (summary.errors > 0 && !(await hasOrder(engine, current, data.timestamp)))
    return { measurements: conceptMeasurements({ ...summary, reason: 'no_order' }), alarms: [] }
  return {
    measurements: conceptMeasurements(summary),
    alarms: summary.detectors.filter(({ positions }) => positions.length > 0),
  }
}

/** Rows of one and the same time come in no order that a detector could follow. */
async function hasOrder(engine: FileEngine, { from }: SqlTable, timestamp: string | undefined): Promise<boolean> {
  if (timestamp === undefined) return false
  const time = identifier(timestamp)
  const [row] = await engine.query(
    `SELECT count(CASE WHEN ${time} > (SELECT min(${time}) FROM ${from}) THEN 1 END) FROM ${from}`,
  )
  return Number(row?.[0]) > 0
}

interface Concept {
  readonly measurements: readonly Measurement[]
  readonly alarms: readonly DetectorAlarms[]
}

async function measureService(
  engine: FileEngine,
  { card, current, from, to, minimumGroupSize }: MeasureRequest,
): Promise<Measurement[]> {
  const columns = card.sla?.columns
  if (columns === undefined) return []
  const windowSeconds = (to - from) / 1000
  return await slaOfColumns(engine, current, {
    columns,
    windowSeconds,
    minimumGroupSize,
    availability: card.objectives?.availability,
  })
}

/** A label that is in no column has not come yet. */
function outcomesOf(data: CardData, { columns }: SqlTable) {
  return outcomeColumns(
    data,
    columns.some(({ name }) => name === data.label),
  )
}

/** Of the window and of the reference, where they have the columns. */
async function requireClasses(engine: FileEngine, { data, current, reference, kept }: MeasureRequest): Promise<void> {
  await requireTwoClasses(engine, current, outcomesOf(data, current))
  if (reference !== null && kept === null) await requireTwoClasses(engine, reference, outcomesOf(data, reference))
}

/** Of the features that the reference has, and of the output. */
async function measureDrift(engine: FileEngine, request: MeasureRequest, progress: MeasuringProgress): Promise<Drift> {
  const { data, current, reference, kept, definitions = NO_VARIANTS } = request
  if (reference === null) return { measurements: [], kept: null, missing: new Map() }
  const prediction = outputColumn(data)
  const wanted = new Set([...monitoredFeatures(data).map(({ name }) => name), prediction])
  const columns = current.columns.filter(
    ({ name }) => wanted.has(name) && reference.columns.some((other) => other.name === name),
  )
  const summary = await summariseDrift(engine, {
    reference,
    current,
    columns,
    exact: request.exact || needExact(definitions),
    variants: needScans(definitions),
    kept: kept?.drift ?? null,
    onProgress: (done, total) => progress.share(done / total),
  })
  return {
    measurements: driftMeasurements(summary, { prediction, variants: definitions }),
    kept: summary.reference,
    missing: missingCells(summary),
  }
}

const NO_VARIANTS: WantedVariants = new Set()

interface Drift {
  readonly measurements: readonly Measurement[]
  readonly kept: KeptReference | null
  /** Cells of the window, by column. */
  readonly missing: ReadonlyMap<string, number>
}

/** Without labels of the window, from the scores and what the reference taught of them. */
async function measureEstimates(engine: FileEngine, request: MeasureRequest): Promise<Estimates> {
  const { data, current, reference, kept } = request
  const { label, score } = data
  if (data.kind !== 'binary' || label === undefined || score === undefined || reference === null)
    return { measurements: [], kept: null }
  if (!reference.columns.some(({ name }) => name === label)) return { measurements: [], kept: null }
  const outcomes = { ...outcomeColumns(data, true), label, score }
  const calibration = kept?.calibration ?? (await calibrateReference(engine, reference, outcomes))
  const window = await estimateWindow(engine, current, outcomes, calibration)
  return { measurements: estimatedMeasurements({ reference: calibration, window }), kept: calibration }
}

interface Estimates {
  readonly measurements: readonly Measurement[]
  readonly kept: CbpeReference | null
}
