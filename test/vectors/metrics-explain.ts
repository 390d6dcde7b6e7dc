// The cases of `explain/`: their data through the same summary and the same functions as `observe`.
import { identifier } from '../../engine/base/sql-text.ts'
import {
  type Attribution,
  attributionPairs,
  explainMeasurements,
} from '../../engine/observe/metrics/explain-measurements.ts'
import { summariseAttributions, summariseReasons } from '../../engine/observe/summarise/table-summary.ts'
import type { SqlCell } from '../../engine/world-sql.ts'
import type { Got } from './metric-differences.ts'
import type { CaseInput, RunCase } from './metrics.ts'

interface Sides {
  readonly baseline: readonly Attribution[]
  readonly live: readonly Attribution[]
}

export const explainCase: RunCase = async (input) => {
  if (input.spec.files.data !== undefined) return await reasonCases(input)
  const sides = input.spec.files.importances === undefined ? await matrices(input) : await importances(input)
  const k = input.spec.expected.find(({ metric }) => metric === 'explain.top_k_overlap')?.parameters.k
  const details = sideDetails(sides)
  return explainMeasurements(sides, typeof k === 'number' ? k : undefined).map(
    ({ metric, value, reason, feature = null }): Got => ({
      metric,
      variant: null,
      subject: feature,
      value,
      reason,
      details,
    }),
  )
}

async function matrices({ table, engine }: CaseInput): Promise<Sides> {
  const [baseline, live] = [await table('baseline'), await table('live')]
  return {
    baseline: (await summariseAttributions(engine, baseline)).attributions,
    live: (await summariseAttributions(engine, live)).attributions,
  }
}

/** Means that are there already: a row a feature, and an empty cell for one that a side lacks. */
async function importances({ table, engine }: CaseInput): Promise<Sides> {
  const { from } = await table('importances')
  const names = ['feature', 'baseline', 'live'].map(identifier)
  const rows = await engine.query(`SELECT ${names.join(', ')} FROM ${from}`)
  const side = (index: number) =>
    rows.flatMap((row): Attribution[] => (row[index] === null ? [] : [attribution(row[0], row[index])]))
  return { baseline: side(1), live: side(2) }
}

function attribution(feature: SqlCell | undefined, value: SqlCell | undefined): Attribution {
  return { feature: String(feature), value: Number(value) }
}

function sideDetails({ baseline, live }: Sides): Record<string, Record<string, number>> {
  const pairs = attributionPairs(baseline, live)
  return {
    baseline: Object.fromEntries(pairs.map((pair) => [pair.feature, pair.baseline])),
    live: Object.fromEntries(pairs.map((pair) => [pair.feature, pair.live])),
  }
}

async function reasonCases({ spec, table, engine }: CaseInput): Promise<Got[]> {
  const data = await table('data')
  const got: Got[] = []
  for (const { metric, parameters } of spec.expected) {
    const request = { prediction: 'prediction', adverse: String(parameters.adverse), reasons: 'reason_codes' }
    const reasons = await summariseReasons(engine, data, request)
    const [one] = explainMeasurements({ reasons })
    if (one === undefined) continue
    const details = { adverse: reasons.adverse }
    got.push({ metric, variant: null, subject: null, parameters, value: one.value, reason: one.reason, details })
  }
  return got
}
