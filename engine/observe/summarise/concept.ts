// The errors of a model in order of time, streamed from the engine through the detectors of concept drift: one value is
// held at a time.
import { identifier } from '../../base/sql-text.ts'
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import { ADWIN, type AdwinParameters, adwin } from '../metrics/adwin.ts'
import type { ConceptSummary, DetectorAlarms } from '../metrics/concept-measurements.ts'
import { DDM, type DdmParameters, ddm } from '../metrics/ddm.ts'
import type { Detector } from '../metrics/detector.ts'
import { PAGE_HINKLEY, type PageHinkleyParameters, pageHinkley } from '../metrics/page-hinkley.ts'
import { dialectOf } from './dialect.ts'
import { binaryClassOf, classOf, columnOf, finiteTest, numberOf, type OutcomeColumns } from './outcome-columns.ts'

export interface ErrorsRequest {
  readonly outcomes: OutcomeColumns
  /** The column that orders the rows; rows without it are left out. Null: no order, so no measurement. */
  readonly timestamp: string | null
}

/** What errors are shown to, one after the other. */
export interface Watcher {
  take(value: number, position: number): void
}

/** A detector with its parameters and the positions that it has alarmed at. */
export interface Watch extends Watcher {
  readonly result: DetectorAlarms
}

/** The three detectors with their default parameters; DDM only where an error is 0 or 1. */
export function defaultWatches(kind: OutcomeColumns['kind']): Watch[] {
  const watches = [watchPageHinkley(PAGE_HINKLEY), watchAdwin(ADWIN)]
  return kind === 'binary' || kind === 'multiclass' ? [...watches, watchDdm(DDM)] : watches
}

/** Page–Hinkley, fresh: to be shown the errors of one window in order. */
export function watchPageHinkley(parameters: PageHinkleyParameters): Watch {
  return watch('page_hinkley', { ...parameters }, pageHinkley(parameters))
}

/** ADWIN, fresh: to be shown the errors of one window in order. */
export function watchAdwin(parameters: AdwinParameters): Watch {
  return watch('adwin', { ...parameters }, adwin(parameters))
}

/** DDM, fresh. Errors must be 0 or 1. */
export function watchDdm(parameters: DdmParameters): Watch {
  return watch('ddm', { ...parameters }, ddm(parameters))
}

/** Faults `observe/missing-column`, `observe/wrong-type`. */
export async function summariseErrors(
  engine: SqlEngine,
  table: SqlTable,
  { outcomes, timestamp }: ErrorsRequest,
): Promise<ConceptSummary> {
  const watches = defaultWatches(outcomes.kind)
  const detectors = watches.map(({ result }) => result)
  if (timestamp === null) return { errors: 0, reason: 'no_timestamp', detectors }
  if (outcomes.label === null) return { errors: 0, reason: 'no_label', detectors }
  return {
    errors: await watchErrors(engine, errorsSql(engine, table, outcomes, timestamp), watches),
    reason: null,
    detectors,
  }
}

/** Shows a query's first column to every watcher, in the order of the query; how many values there were. */
export async function watchErrors(engine: SqlEngine, sql: string, watchers: readonly Watcher[]): Promise<number> {
  let position = 0
  for await (const [values = []] of engine.numbers(sql)) {
    for (const value of values) {
      if (Number.isNaN(value)) continue
      for (const one of watchers) one.take(value, position)
      position++
    }
  }
  return position
}

/**
 * Rows of one instant have no order of their own: they are taken by a hash of the whole row, so that the order is the same
 * in every run, and says nothing about the errors.
 */
function errorsSql(engine: SqlEngine, table: SqlTable, outcomes: OutcomeColumns, timestamp: string): string {
  const time = identifier(columnOf(table, timestamp).name)
  const inner = `SELECT ${errorOf(table, outcomes)} AS e, ${time} AS at_, ${dialectOf(engine).rowHash(table.columns)} AS tie_ FROM ${table.from}`
  return `SELECT e FROM (${inner}) AS t WHERE ${finiteTest('e')} AND at_ IS NOT NULL ORDER BY at_, tie_`
}

/** 0 or 1; of a regression the absolute error; of scores, the distance from the label. */
function errorOf(table: SqlTable, { kind, prediction, label, score, positive }: OutcomeColumns): string {
  const truth = label ?? ''
  const is = (a: string, b: string) => `CASE WHEN (${a}) = (${b}) THEN 0.0e0 WHEN (${a}) <> (${b}) THEN 1.0e0 END`
  if (kind === 'regression') return `abs((${numberOf(table, prediction)}) - (${numberOf(table, truth)}))`
  if (kind === 'multiclass') return is(classOf(table, prediction), classOf(table, truth))
  const y = binaryClassOf(table, truth, positive)
  if (kind === 'score') return `abs((${numberOf(table, score ?? prediction)}) - (${y}))`
  return is(binaryClassOf(table, prediction, positive), y)
}

function watch(
  detector: DetectorAlarms['detector'],
  parameters: DetectorAlarms['parameters'],
  { alarms }: Detector,
): Watch {
  const positions: number[] = []
  return {
    result: { detector, parameters, positions },
    take(value, position) {
      if (alarms(value)) positions.push(position)
    },
  }
}
