// SHAP values: a matrix as CSV, Parquet or JSON records, or an explanation as JSON. Only the mean |SHAP| of a feature (and
// output) is kept. A cell that is not finite leaves no mean: it is never passed over.

import type { Cell, Table } from '../../domain/table.ts'
import {
  type Extracted,
  feature,
  figure,
  type ImportedMeasurement,
  Refusal,
  type Source,
  type Told,
} from './imported.ts'
import { isArray, isObject, kindOf, member, unknownShape } from './json-value.ts'
import { readCsv } from './read-csv.ts'
import { type JsonObject, type JsonValue, readJson } from './read-json.ts'
import { readText } from './read-text.ts'
import { numberCell } from './table.ts'

const PANDAS_INDEX = '__index_level_0__'
const WANTED = 'SHAP values are a list of records, or an explanation with `values` and `feature_names`'

/** The mean |SHAP| of each feature, in the unit of the model's output. Rows are left behind. Throws `Refusal`. */
export function importShap(source: Source, told: Told): Extracted {
  if (source.table !== undefined) return matrix(source.table)
  const isCsv = /\.csv$/i.test(source.name)
  const text = readText(source.bytes, isCsv ? 'csv' : 'json')
  if (isCsv) return matrix(readCsv(text))
  const top = readJson(text)
  if (isArray(top) && top.length > 0 && top.every(isObject)) return matrix(recordsTable(top as readonly JsonObject[]))
  if (isObject(top) && isArray(member(top, 'values'))) return explanation(top, told)
  throw unknownShape(top, WANTED)
}

function recordsTable(records: readonly JsonObject[]): Table {
  const columns = Object.keys(records[0] ?? {})
  return { columns, rows: records.map((record) => columns.map((name) => cellOf(member(record, name), name))) }
}

function cellOf(value: JsonValue | undefined, name: string): Cell {
  if (value === undefined || value === null || typeof value === 'number') return value ?? null
  throw new Refusal('type', `a cell of \`${name}\` is ${kindOf(value)}, not a number`)
}

/** An unnamed first column is the row's index. */
function matrix(table: Table): Extracted {
  const measurements = table.columns.flatMap((name, index) => {
    if ((index === 0 && name === '') || name === PANDAS_INDEX) return []
    const cells = table.rows.map((cells) => numberCell(cells[index], `a cell of \`${name}\``))
    return [meanOf(name, cells, 'shap')]
  })
  return { shape: 'shap-matrix', measurements }
}

function explanation(top: JsonObject, told: Told): Extracted {
  const rows = member(top, 'values') as readonly JsonValue[]
  const names = namesOf(top, 'feature_names') ?? told.features
  const first = rows[0]
  const width = isArray(first) ? first.length : 0
  if (names !== undefined && rows.length > 0 && names.length !== width) {
    throw new Refusal(
      'row-width',
      `a row of \`values\` has ${width} cells, there are ${names.length} names of features`,
    )
  }
  const outputs = isArray(first) && isArray(first[0]) ? first[0].length : null
  const outputNames = namesOf(top, 'output_names')
  const measurements = Array.from({ length: width }, (_, index) => index).flatMap((index) => {
    const name = names?.[index] ?? String(index)
    if (outputs === null) return [meanOf(name, column(rows, { width, index, output: null }), 'shap')]
    return Array.from({ length: outputs }, (_, output) => {
      const cells = column(rows, { width, index, output })
      return meanOf(name, cells, `shap:output=${outputNames?.[output] ?? output}`)
    })
  })
  return { shape: 'shap-explanation', measurements, dropped: Object.hasOwn(top, 'data') ? ['data'] : [] }
}

function namesOf(top: JsonObject, key: string): readonly string[] | undefined {
  const names = member(top, key)
  return isArray(names) && names.length > 0 ? names.map(String) : undefined
}

interface Place {
  readonly width: number
  readonly index: number
  readonly output: number | null
}

function column(rows: readonly JsonValue[], { width, index, output }: Place): (number | null)[] {
  return rows.map((row, at) => {
    if (!isArray(row) || row.length !== width) {
      throw new Refusal('row-width', `row ${at} of \`values\` has not ${width} cells, as the first has`)
    }
    const cell = row[index]
    return cellOf(output === null ? cell : isArray(cell) ? cell[output] : undefined, `values[${at}][${index}]`) as
      | number
      | null
  })
}

function meanOf(name: string, cells: readonly (number | null)[], definition: string): ImportedMeasurement {
  let sum = 0
  let hasNull = false
  for (const cell of cells) {
    if (cell === null) hasNull = true
    else sum += Math.abs(cell)
  }
  const value = figure(hasNull ? null : sum / cells.length)
  return { metric: 'explain.mean_abs_shap', subject: feature(name), ...value, worse: null, n: cells.length, definition }
}
