// Data quality of a table against what the card expects of each feature: one scan for all counts, one for repeated rows,
// one for keys.
import { identifier, numberLiteral, textLiteral } from '../../base/sql-text.ts'
import type { Feature } from '../../domain/model-card.ts'
import type { SqlCell, SqlColumn, SqlEngine, SqlTable } from '../../world-sql.ts'
import type { FeatureQuality, QualitySummary } from '../metrics/quality-measurements.ts'
import { countRepeatedRows } from './data-repeated-rows.ts'
import { countOf } from './exact-sums.ts'
import { columnOf, finiteTest, presentTest } from './outcome-columns.ts'

export interface QualityRequest {
  /** Those that are measured; each is a column of the table. */
  readonly features: readonly Feature[]
  readonly timestamp: string | null
  /** Missing cells of the table that are known already, by column; what is in here is not counted again. */
  readonly missing?: ReadonlyMap<string, number>
}

/** Repeated rows are those equal in every column of the table. Faults `observe/missing-column`. */
export async function summariseQuality(
  engine: SqlEngine,
  table: SqlTable,
  { features, timestamp, missing = new Map() }: QualityRequest,
): Promise<QualitySummary> {
  const counts = features.flatMap((feature) =>
    featureCounts(feature, columnOf(table, feature.name), missing.has(feature.name)),
  )
  const newest = timestamp === null ? 'NULL' : `CAST(max(${identifier(columnOf(table, timestamp).name)}) AS VARCHAR)`
  const [row = []] = await engine.query(`SELECT ${['count(*)', newest, ...counts].join(', ')} FROM ${table.from}`)
  const rows = countOf(row[0])
  const unique = await repeatedKeys(engine, table, features)
  return {
    rows,
    newest: instantOf(row[1]),
    repeatedRows: await countRepeatedRows(engine, table),
    features: features.map((feature, i) => {
      const [counted, ...others] = row.slice(2 + 3 * i, 5 + 3 * i)
      const known = missing.get(feature.name)
      const present = known === undefined ? countOf(counted) : rows - known
      return featureQuality(feature, [present, ...others], unique)
    }),
  }
}

/** Present, out of range, unseen: a count each, NULL where the card expects nothing. */
function featureCounts(feature: Feature, column: SqlColumn, isKnown: boolean): string[] {
  const present = presentTest(column)
  const countWhen = (test: string | null) =>
    test === null ? 'NULL' : `count(CASE WHEN ${present} AND ${test} THEN 1 END)`
  return [
    isKnown ? 'NULL' : `count(CASE WHEN ${present} THEN 1 END)`,
    countWhen(outOfRange(feature, column)),
    countWhen(unseen(feature, column)),
  ]
}

/** An infinite value is out of every range, even an open one. */
function outOfRange({ min, max }: Feature, { name, kind }: SqlColumn): string | null {
  if (kind !== 'number' || (min === undefined && max === undefined)) return null
  const quoted = identifier(name)
  const tests = [
    ...(min === undefined ? [] : [`${quoted} < ${numberLiteral(min)}`]),
    ...(max === undefined ? [] : [`${quoted} > ${numberLiteral(max)}`]),
    `NOT (${finiteTest(quoted)})`,
  ]
  return `(${tests.join(' OR ')})`
}

/** Numbers and booleans are compared as what they are, not as they happen to be written. */
function unseen({ values }: Feature, { name, kind }: SqlColumn): string | null {
  if (values === undefined) return null
  const quoted = identifier(name)
  const literals = values.flatMap((value) => {
    if (kind === 'boolean') return /^(true|false)$/i.test(value) ? [value.toUpperCase()] : []
    if (kind !== 'number') return [textLiteral(value)]
    return value.trim() !== '' && Number.isFinite(Number(value)) ? [numberLiteral(Number(value))] : []
  })
  return literals.length === 0 ? 'TRUE' : `${quoted} NOT IN (${literals.join(', ')})`
}

/** Present values − different values, of the features that must be unique. */
async function repeatedKeys(
  engine: SqlEngine,
  table: SqlTable,
  features: readonly Feature[],
): Promise<ReadonlyMap<string, number>> {
  const keys = features.filter(({ unique }) => unique === true)
  if (keys.length === 0) return new Map()
  const counts = keys.map(({ name }) => {
    const present = `CASE WHEN ${presentTest(columnOf(table, name))} THEN ${identifier(name)} END`
    return `count(${present}) - count(DISTINCT ${present})`
  })
  const [row = []] = await engine.query(`SELECT ${counts.join(', ')} FROM ${table.from}`)
  return new Map(keys.map(({ name }, i) => [name, countOf(row[i])]))
}

function featureQuality(
  { name, notNull }: Feature,
  [present, violations, unseenRows]: readonly SqlCell[],
  unique: ReadonlyMap<string, number>,
): FeatureQuality {
  return {
    name,
    present: countOf(present),
    rangeViolations: numberOrNull(violations),
    unseen: numberOrNull(unseenRows),
    mustBePresent: notNull === true,
    repeated: unique.get(name) ?? null,
  }
}

function numberOrNull(cell: SqlCell | undefined): number | null {
  return typeof cell === 'number' ? cell : null
}

/** A timestamp of an engine, `2026-02-20 23:59:00.123`, in UTC milliseconds; null where it is none, or infinite. */
function instantOf(cell: SqlCell | undefined): number | null {
  if (typeof cell !== 'string') return null
  const at = Date.parse(`${cell.replace(' ', 'T')}Z`)
  return Number.isNaN(at) ? null : at
}
