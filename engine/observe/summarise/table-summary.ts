// The summaries of a table that `observe` asks for, each by SQL of its own: what leaves the engine is counts and sums.
import type { SqlEngine, SqlTable } from '../../world-sql.ts'
import {
  type BinaryOutcomes,
  type CalibrationBins,
  DEFAULT_CALIBRATION,
  type ScoreOutcomes,
  summariseBinary,
  summariseScoreOnly,
} from './binary.ts'
import { type MulticlassOutcomes, summariseMulticlass } from './multiclass.ts'
import type { OutcomeColumns } from './outcome-columns.ts'
import { type RegressionOutcomes, summariseRegression } from './regression.ts'

export { type ErrorsRequest, summariseErrors } from './concept.ts'
export { type QualityRequest, summariseQuality } from './data.ts'
export { type EstimateRequest, estimatePerformance } from './estimated.ts'
export { type ReasonsRequest, summariseAttributions, summariseReasons } from './explain.ts'
export { type GroupsRequest, type GroupsSummary, summariseGroups } from './groups.ts'
export type { OutcomeColumns } from './outcome-columns.ts'

export type OutcomeSummary = BinaryOutcomes | MulticlassOutcomes | RegressionOutcomes | ScoreOutcomes

/** What performance is computed from. Faults `observe/missing-column`, `observe/wrong-type`, `observe/not-binary`. */
export async function summariseOutcomes(
  engine: SqlEngine,
  table: SqlTable,
  outcomes: OutcomeColumns,
  calibrations: readonly CalibrationBins[] = [DEFAULT_CALIBRATION],
): Promise<OutcomeSummary> {
  switch (outcomes.kind) {
    case 'binary':
      return await summariseBinary(engine, table, outcomes, calibrations)
    case 'score':
      return await summariseScoreOnly(engine, table, outcomes, calibrations)
    case 'multiclass':
      return await summariseMulticlass(engine, table, outcomes)
    case 'regression':
      return await summariseRegression(engine, table, outcomes)
  }
}
