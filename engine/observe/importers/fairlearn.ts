// Fairlearn's `MetricFrame.by_group`: CSV, or JSON as a table, as records or by columns. A rate without a denominator is
// 0.0 there, so `count` is read as the sample size.

import type { Cell, Table } from '../../domain/table.ts'
import {
  type Extracted,
  figure,
  type ImportedMeasurement,
  present,
  Refusal,
  type Source,
  type Told,
} from './imported.ts'
import { isArray, isObject, maybeObject, member, objectsAt, textAt, unknownShape } from './json-value.ts'
import { readCsv } from './read-csv.ts'
import { type JsonObject, type JsonValue, readJson } from './read-json.ts'
import { readText } from './read-text.ts'
import { numberCell, parseNumber, textCell } from './table.ts'

const WANTED = '`by_group` is a table (`schema`, `data`), a list of records, or columns of groups'

const KNOWN: ReadonlyMap<string, readonly [string, 'low' | 'high' | null]> = new Map<
  string,
  readonly [string, 'low' | 'high' | null]
>([
  ['selection_rate', ['fairness.selection_rate', null]],
  ['true_positive_rate', ['fairness.tpr', 'low']],
  ['false_positive_rate', ['fairness.fpr', 'high']],
  ['false_negative_rate', ['fairness.fnr', 'high']],
  ['ppv', ['fairness.ppv', 'low']],
])

/** Groups a row; the first `attributes` columns name them. */
interface ByGroup {
  readonly table: Table
  readonly attributes: number
}

/**
 * Reads rates by group, shares as stored. `told.attribute` names the attribute where the file does not. Throws
 * `Refusal`.
 */
export function importFairlearn(source: Source, told: Told): Extracted {
  const { table, attributes } = readByGroup(source, told)
  if (attributes === 0 || attributes >= table.columns.length) {
    const seen = table.columns.slice(0, 20).join('`, `')
    throw new Refusal(
      'unknown-shape',
      `the columns are \`${seen}\`; the first ones name the groups, the others are rates`,
    )
  }
  return { shape: 'fairlearn-by-group', measurements: table.rows.flatMap((cells) => ofGroup(table, attributes, cells)) }
}

function readByGroup(source: Source, told: Told): ByGroup {
  if (source.table !== undefined) return withAttributes(source.table)
  const isCsv = /\.csv$/i.test(source.name)
  const text = readText(source.bytes, isCsv ? 'csv' : 'json')
  if (isCsv) return withAttributes(readCsv(text))
  const top = readJson(text)
  if (isArray(top)) return withAttributes(tableOf(top, top))
  if (!isObject(top)) throw unknownShape(top, WANTED)
  const schema = maybeObject(top, 'schema')
  if (schema !== undefined) return fromTable(top, schema)
  return fromColumns(top, told)
}

/** The leading columns until a known rate, or until one that holds numbers alone. */
function withAttributes(table: Table): ByGroup {
  const known = table.columns.findIndex((name) => KNOWN.has(name) || name === 'count')
  const isNumeric = (index: number) => table.rows.every((cells) => isNumber(cells[index]))
  const numeric = table.columns.findIndex((_, index) => isNumeric(index))
  return { table, attributes: known > 0 ? known : Math.max(numeric, 0) }
}

function isNumber(cell: Cell | undefined): boolean {
  return (
    cell === null ||
    cell === '' ||
    typeof cell === 'number' ||
    (typeof cell === 'string' && parseNumber(cell) !== undefined)
  )
}

function fromTable(top: JsonObject, schema: JsonObject): ByGroup {
  const fields = objectsAt(schema, 'fields').map((field) => textAt(field, 'name'))
  const key = member(schema, 'primaryKey')
  const data = member(top, 'data')
  if (!isArray(data)) throw unknownShape(top, WANTED)
  const keys = isArray(key) ? key.filter((one) => typeof one === 'string') : []
  const columns = [...keys, ...fields.filter((name) => !keys.includes(name))]
  const table = { columns, rows: tableOf(data, top, columns).rows }
  return keys.length > 0 ? { table, attributes: keys.length } : withAttributes(table)
}

function tableOf(records: readonly JsonValue[], top: JsonValue, columns?: readonly string[]): Table {
  const first = records[0]
  const names = columns ?? (isObject(first) ? Object.keys(first) : [])
  const rows = records.map((record) => {
    if (!isObject(record)) throw unknownShape(top, WANTED)
    return names.map((name) => cellOf(record, name))
  })
  return { columns: names, rows }
}

/** The attribute is not named in this layout. */
function fromColumns(top: JsonObject, told: Told): ByGroup {
  const metrics = Object.keys(top)
  const columns = metrics.map((name) => maybeObject(top, name))
  const [first] = columns
  if (first === undefined || columns.some((one) => one === undefined)) throw unknownShape(top, WANTED)
  if (told.attribute === undefined) {
    throw new Refusal('not-told', 'the file does not name the protected attribute', 'name it with `--attribute`')
  }
  const rows = Object.keys(first).map((group) => [
    group,
    ...metrics.map((name) => cellOf(maybeObject(top, name) ?? {}, group)),
  ])
  return { table: { columns: [told.attribute, ...metrics], rows }, attributes: 1 }
}

function cellOf(record: JsonObject, name: string): Cell {
  const value = member(record, name)
  if (value === undefined || value === null) return null
  if (typeof value === 'object') throw new Refusal('type', `\`${name}\` is neither text nor a number`)
  return value
}

function ofGroup({ columns }: Table, attributes: number, cells: readonly Cell[]): ImportedMeasurement[] {
  const group = Object.fromEntries(
    columns.slice(0, attributes).map((name, i) => [name, textCell(cells[i]) ?? 'missing']),
  )
  const count = numberCell(cells[columns.indexOf('count')], '`count`')
  const n = present({ n: count === null || Number.isNaN(count) ? null : count })
  return columns.slice(attributes).flatMap((name, index): ImportedMeasurement[] => {
    if (name === 'count') return []
    const [metric, worse] = KNOWN.get(name) ?? ['custom', null]
    const value = figure(numberCell(cells[attributes + index], `\`${name}\``))
    const own = metric === 'custom' ? { name: `fairlearn.${name}` } : {}
    return [
      { metric, ...own, subject: { kind: 'group', group }, ...value, worse, definition: `fairlearn:${name}`, ...n },
    ]
  })
}
