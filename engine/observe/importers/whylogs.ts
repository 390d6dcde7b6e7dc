// whylogs: a profile's view as CSV, drift scores and a constraints report as JSON. In a profile `counts/nan` is contained
// in `counts/null`; `POSSIBLE_DRIFT` is not flagged.

import type { Table } from '../../domain/table.ts'
import {
  type Extracted,
  feature,
  figure,
  type ImportedMeasurement,
  present,
  Refusal,
  type Source,
  type ToolCheck,
} from './imported.ts'
import { isArray, isObject, maybeObject, maybeText, member, numberAt, textAt, unknownShape } from './json-value.ts'
import { readCsv } from './read-csv.ts'
import { type JsonObject, type JsonValue, readJson } from './read-json.ts'
import { readText } from './read-text.ts'
import { columnIndex, numberCell, textCell } from './table.ts'

const WANTED =
  'whylogs writes a profile (CSV), drift scores (`algorithm`, `pvalue` a column) or a constraints report (a list)'

/** Reads a profile, drift scores or constraints, told apart by their shape. Throws `Refusal`. */
export function importWhylogs(source: Source): Extracted {
  if (source.table !== undefined) return readProfile(source.table)
  const isCsv = /\.csv$/i.test(source.name)
  const text = readText(source.bytes, isCsv ? 'csv' : 'json')
  if (isCsv) return readProfile(readCsv(text))
  const top = readJson(text)
  if (isArray(top)) return readConstraints(top)
  if (isObject(top) && Object.values(top).every(isScore)) return readScores(top)
  throw unknownShape(top, WANTED)
}

function readProfile(table: Table): Extracted {
  const [name, n, missing] = ['column', 'counts/n', 'counts/null'].map((one) => columnIndex(table, one))
  if (name === undefined || n === undefined || missing === undefined || Math.min(name, n, missing) === -1) {
    const seen = table.columns.slice(0, 20).join('`, `')
    throw new Refusal(
      'unknown-shape',
      `the columns are \`${seen}\`; a profile has \`column\`, \`counts/n\` and \`counts/null\``,
    )
  }
  const measurements = table.rows.map((cells): ImportedMeasurement => {
    const column = textCell(cells[name]) ?? ''
    const rows = numberCell(cells[n], `\`counts/n\` of \`${column}\``)
    const nulls = numberCell(cells[missing], `\`counts/null\` of \`${column}\``)
    const share = rows === null || nulls === null ? null : nulls / rows
    const told = present({ n: rows })
    return {
      metric: 'data.missing_share',
      subject: feature(column),
      ...figure(share),
      worse: 'high',
      definition: 'whylogs',
      ...told,
    }
  })
  return { shape: 'whylogs-profile', measurements }
}

/** A column without a score is null. */
function isScore(value: JsonValue): boolean {
  return value === null || (isObject(value) && Object.hasOwn(value, 'algorithm') && Object.hasOwn(value, 'pvalue'))
}

function readScores(top: JsonObject): Extracted {
  const ignored = Object.keys(top).filter((name) => top[name] === null)
  const measurements = Object.entries(top).flatMap(([name, score]) => (isObject(score) ? scoresOf(name, score) : []))
  return { shape: 'whylogs-drift-scores', measurements, ignored }
}

function scoresOf(name: string, score: JsonObject): ImportedMeasurement[] {
  const algorithm = textAt(score, 'algorithm')
  const verdict = maybeText(score, 'drift_category')
  const flagged = verdict === undefined ? undefined : verdict === 'DRIFT'
  const common = { subject: feature(name), definition: `whylogs:${algorithm}`, ...present({ flagged }) }
  const statistic = { ...common, ...figure(numberAt(score, 'statistic')), worse: 'high' as const }
  if (algorithm === 'hellinger') return [{ metric: 'drift.hellinger', ...statistic, ...limit(score, 0) }]
  const isKs = algorithm === 'ks'
  const isChi = algorithm === 'chi-square'
  const p = { ...common, ...figure(numberAt(score, 'pvalue')), worse: 'low' as const, ...limit(score, 1) }
  if (isKs)
    return [
      { metric: 'drift.ks_p', ...p },
      { metric: 'drift.ks', ...statistic },
    ]
  if (isChi)
    return [
      { metric: 'drift.chi2_p', ...p },
      { metric: 'custom', name: 'whylogs.chi2_statistic', ...statistic },
    ]
  return [
    { metric: 'custom', name: `whylogs.${algorithm}_p`, ...p },
    { metric: 'custom', name: `whylogs.${algorithm}_statistic`, ...statistic },
  ]
}

/** The end of the range that counts as drift: of p-values its upper end, of distances its lower. */
function limit(score: JsonObject, end: 0 | 1): { readonly threshold?: number } {
  const range = member(maybeObject(score, 'thresholds') ?? {}, 'DRIFT')
  const threshold = isArray(range) ? range[end] : undefined
  return typeof threshold === 'number' && Number.isFinite(threshold) ? { threshold } : {}
}

/** Rows as objects, or as lists of name, passed, failed, summary. Summaries may hold values, and are not kept. */
function readConstraints(top: readonly JsonValue[]): Extracted {
  const checks = top.map((row): ToolCheck => {
    const [name, passed] = isArray(row) ? row : isObject(row) ? [member(row, 'name'), member(row, 'passed')] : []
    if (typeof name !== 'string' || (typeof passed !== 'number' && typeof passed !== 'boolean'))
      throw unknownShape(top, WANTED)
    return { name, status: Number(passed) > 0 ? 'pass' : 'fail' }
  })
  return { shape: 'whylogs-constraints', measurements: [], checks }
}
