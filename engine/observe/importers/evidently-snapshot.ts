// Evidently's second API (0.7): the saved report (`metric_id` up to 0.7.15, then `metric_name` and `config`) and the full
// file of a workspace (`metric_results`). Both are brought to one form first.
import { STATUS } from './evidently-suite.ts'
import { columnDrift } from './evidently-tests.ts'
import {
  type Extracted,
  feature,
  figure,
  type ImportedMeasurement,
  MODEL,
  present,
  type ToolCheck,
} from './imported.ts'
import {
  arrayAt,
  isObject,
  maybeNumber,
  maybeObject,
  maybeText,
  member,
  numberAt,
  objectAt,
  objectsAt,
  textAt,
  wrongType,
} from './json-value.ts'
import type { JsonObject, JsonValue } from './read-json.ts'

/** One metric: what was measured, with which settings, and the value (a number, or an object of numbers). */
interface Item {
  readonly id: string
  readonly kind: string
  readonly settings: JsonObject
  readonly value: JsonValue | undefined
}

/** What the test that Evidently adds by itself says of a column's drift, in prose. */
interface SaidOfDrift {
  readonly test: string
  readonly limit: number
  readonly isDrift: boolean
}

/** A saved report. `entries` have an `id`, a name and a `value`. */
export function readSnapshot(top: JsonObject, entries: readonly JsonObject[]): Extracted {
  const tests = member(top, 'tests') === undefined ? [] : objectsAt(top, 'tests')
  const settings = settingsOfTests(tests)
  const items = entries.map((entry) => itemOf(entry, settings))
  const isNamed = entries.every((entry) => Object.hasOwn(entry, 'metric_name'))
  return { ...extract('evidently-snapshot', items, tests), version: isNamed ? '>=0.7.16' : '0.7.0-0.7.15' }
}

/** A workspace's file. Widgets, which draw the rows' distributions, are not read. */
export function readWorkspace(top: JsonObject): Extracted {
  const results = objectAt(top, 'metric_results')
  const listed = arrayAt(top, 'top_level_metrics').map((id) => {
    if (typeof id === 'string' && Object.hasOwn(results, id)) return { id, result: objectAt(results, id) }
    throw wrongType('top_level_metrics', 'ids of `metric_results`', id)
  })
  const tests = listed.flatMap(({ result }) =>
    member(result, 'tests') === undefined ? [] : objectsAt(result, 'tests'),
  )
  const items = listed.map(({ id, result }) => workspaceItem(id, result))
  return { ...extract('evidently-workspace-snapshot', items, tests), version: '>=0.7.1' }
}

function extract(shape: string, items: readonly Item[], tests: readonly JsonObject[]): Extracted {
  const said = saidOfDrift(tests)
  const ignored: string[] = []
  const measurements = items.flatMap((item) => {
    const found = measure(item, said.get(item.id))
    if (found === null) ignored.push(item.kind)
    return found ?? []
  })
  const checks = tests.map((test): ToolCheck => {
    return { name: textAt(test, 'name'), status: STATUS.get(textAt(test, 'status')) ?? 'error' }
  })
  return { shape, measurements, checks, ignored }
}

function itemOf(entry: JsonObject, settings: ReadonlyMap<string, JsonObject>): Item {
  const id = textAt(entry, 'id')
  const name = maybeText(entry, 'metric_name') ?? textAt(entry, 'metric_id')
  const own = maybeObject(entry, 'config') ?? settings.get(id) ?? settingsInName(name)
  return { id, kind: name.split('(', 1)[0] ?? name, settings: own, value: member(entry, 'value') }
}

function workspaceItem(id: string, result: JsonObject): Item {
  const settings = objectAt(objectAt(objectAt(result, 'metric_value_location'), 'metric'), 'params')
  const kind = textAt(settings, 'type').split(':').at(-1) ?? ''
  return { id, kind, settings, value: plainValue(result) }
}

/** `{value}`, or the `{value}` of each named part, as the saved report writes it. */
function plainValue(result: JsonObject): JsonValue | undefined {
  if (Object.hasOwn(result, 'value')) return result.value
  const parts = Object.entries(result).flatMap(([key, part]): [string, JsonValue][] => {
    if (!isObject(part) || !Object.hasOwn(part, 'metric_value_location')) return []
    const value = plainValue(part)
    return value === undefined ? [] : [[key, value]]
  })
  return Object.fromEntries(parts)
}

/** The settings in full of each metric that a test is listed of: names that hold commas stay whole. */
function settingsOfTests(tests: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  const settings = new Map<string, JsonObject>()
  for (const test of tests) {
    const config = maybeObject(test, 'metric_config') ?? {}
    const [id, params] = [maybeText(config, 'metric_id'), maybeObject(config, 'params')]
    if (id !== undefined && params !== undefined) settings.set(id, params)
  }
  return settings
}

/** `ValueDrift(column=x,method=Wasserstein distance (normed),threshold=0.1)`: a setting ends where the next begins. */
function settingsInName(name: string): JsonObject {
  const inner = /^\w+\((.*)\)$/s.exec(name)?.[1] ?? ''
  const parts = inner.split(/,(?=[a-z_]+=)/).flatMap((part): [string, JsonValue][] => {
    const at = part.indexOf('=')
    if (at === -1) return []
    const key = part.slice(0, at)
    const value = part.slice(at + 1)
    return [[key, NUMERIC.has(key) && value !== '' ? Number(value) : value]]
  })
  return Object.fromEntries(parts)
}

const NUMERIC: ReadonlySet<string> = new Set(['threshold', 'drift_share'])

function saidOfDrift(tests: readonly JsonObject[]): Map<string, SaidOfDrift> {
  const said = new Map<string, SaidOfDrift>()
  for (const test of tests) {
    if (maybeText(test, 'id') !== 'drift') continue
    const prose = /drift detection method is (.*)\. The drift threshold is (\S+?)\.?$/s.exec(
      textAt(test, 'description'),
    )
    const [, method, limit] = prose ?? []
    const id = maybeText(maybeObject(test, 'metric_config') ?? {}, 'metric_id')
    if (method === undefined || id === undefined || !Number.isFinite(Number(limit))) continue
    said.set(id, { test: method, limit: Number(limit), isDrift: textAt(test, 'status') !== 'SUCCESS' })
  }
  return said
}

type Known = readonly [metric: string, worse: 'low' | 'high', part: string | null, scale?: number]

/** `part`: which member of the value; null: the value itself. */
const KNOWN: ReadonlyMap<string, Known> = new Map<string, Known>([
  ['MissingValueCount', ['data.missing_share', 'high', 'share']],
  // Missing cells over ROWS: may exceed 1, so it is no missing share.
  ['DatasetMissingValueCount', ['custom', 'high', 'share']],
  ['OutListValueCount', ['data.unseen_category_share', 'high', 'share']],
  ['OutRangeValueCount', ['data.range_violation_share', 'high', 'share']],
  ['Accuracy', ['performance.accuracy', 'low', null]],
  ['Precision', ['performance.precision', 'low', null]],
  ['Recall', ['performance.recall', 'low', null]],
  ['F1Score', ['performance.f1', 'low', null]],
  ['RocAuc', ['performance.auc', 'low', null]],
  ['LogLoss', ['performance.log_loss', 'high', null]],
  ['MAE', ['performance.mae', 'high', 'mean']],
  // The mean is 0 to 100, its deviation is a share.
  ['MAPE', ['performance.mape', 'high', 'mean', 100]],
  ['RMSE', ['performance.rmse', 'high', null]],
  ['R2Score', ['performance.r2', 'low', null]],
])

/** null: no measurement in it. */
function measure(item: Item, said: SaidOfDrift | undefined): ImportedMeasurement[] | null {
  if (item.kind === 'ValueDrift') return [valueDrift(item, said)]
  if (item.kind === 'DriftedColumnsCount') return [driftedColumns(item)]
  if (item.kind === 'RowCount') return [rowCount(item)]
  const known = KNOWN.get(item.kind)
  if (known !== undefined) return [figureOf(item, known)]
  if (typeof item.value !== 'number') return null
  return [{ ...figureOf(item, ['custom', 'low', null]), worse: null }]
}

/** Without test or limit anywhere (automatic, up to 0.7.15) the number has no direction. */
function valueDrift({ settings, value }: Item, said: SaidOfDrift | undefined): ImportedMeasurement {
  const column = textAt(settings, 'column')
  const score = numberAt({ value: value ?? null }, 'value')
  const test = said?.test ?? maybeText(settings, 'method')
  if (test === undefined) {
    const definition = 'evidently:unknown test'
    return {
      metric: 'custom',
      name: 'evidently.ValueDrift',
      subject: feature(column),
      ...figure(score),
      worse: null,
      definition,
    }
  }
  const limit = said?.limit ?? maybeNumber(settings, 'threshold')
  return columnDrift({ column, test, score, limit, flagged: said?.isDrift })
}

function driftedColumns(item: Item): ImportedMeasurement {
  const share = partOf(item, 'share')
  const limit = maybeNumber(item.settings, 'drift_share')
  return {
    metric: 'drift.share_drifted',
    subject: MODEL,
    ...figure(share),
    worse: 'high',
    definition: 'evidently',
    ...present({ threshold: limit, flagged: limit === undefined || share === null ? undefined : share >= limit }),
  }
}

function rowCount(item: Item): ImportedMeasurement {
  const measured = figureOf(item, ['data.rows', 'low', null])
  return { ...measured, ...present({ n: measured.value }) }
}

function figureOf(item: Item, [metric, worse, part, scale = 1]: Known): ImportedMeasurement {
  const value = part === null ? numberAt({ value: item.value ?? null }, 'value') : partOf(item, part)
  const column = maybeText(item.settings, 'column')
  return {
    metric,
    ...(metric === 'custom' ? { name: `evidently.${item.kind}${part === null ? '' : `.${part}`}` } : {}),
    subject: column === undefined ? MODEL : feature(column),
    ...figure(value === null ? null : value / scale),
    worse,
    definition: 'evidently',
  }
}

function partOf({ kind, value }: Item, part: string): number | null {
  if (isObject(value)) return numberAt(value, part)
  throw wrongType(`value`, `an object with \`${part}\` (${kind})`, value)
}
