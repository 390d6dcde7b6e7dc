// Replies of MLflow's REST API: runs, and the registry (versions and aliases, which hold no measurement). A value may be
// the word "NaN"; the SQL store clamps infinities to the largest double. Integers of 64 bits may be text.
import {
  type Extracted,
  figure,
  type ImportedMeasurement,
  MODEL,
  present,
  Refusal,
  type Source,
  type Told,
} from './imported.ts'
import {
  isArray,
  isObject,
  maybeObject,
  maybeText,
  member,
  numberAt,
  objectAt,
  objectsAt,
  textAt,
  unknownShape,
} from './json-value.ts'
import { isRegistryReply, registryNotes } from './mlflow-registry.ts'
import { type JsonObject, readJson } from './read-json.ts'
import { readText } from './read-text.ts'
import { parseNumber } from './table.ts'

const WANTED =
  'MLflow replies with `run`, `runs`, `registered_model`, `model_version`, `model_versions`, or `error_code`'

/** Names that mean the catalogue's metric by convention; all others are `custom`. */
const KNOWN: ReadonlyMap<string, readonly [string, 'low' | 'high']> = new Map<
  string,
  readonly [string, 'low' | 'high']
>([
  ['accuracy', ['performance.accuracy', 'low']],
  ['roc_auc', ['performance.auc', 'low']],
  ['f1', ['performance.f1', 'low']],
  ['precision', ['performance.precision', 'low']],
  ['recall', ['performance.recall', 'low']],
  ['log_loss', ['performance.log_loss', 'high']],
  ['mae', ['performance.mae', 'high']],
  ['rmse', ['performance.rmse', 'high']],
  ['r2', ['performance.r2', 'low']],
])

/**
 * Reads a reply of runs or of the registry; an error reply becomes `error`. Several runs are kept apart by their ids.
 * Throws `Refusal`.
 */
export function importMlflow(source: Source, _told: Told): Extracted {
  const top = readJson(readText(source.bytes, 'json'))
  if (!isObject(top)) throw unknownShape(top, WANTED)
  if (maybeText(top, 'error_code') !== undefined) return failed(top)
  if (isObject(member(top, 'run')))
    return { shape: 'mlflow-runs-get', measurements: measurementsOf(objectAt(top, 'run')) }
  if (isArray(member(top, 'runs'))) return search(top)
  if (isRegistryReply(top)) return { shape: 'mlflow-registry', measurements: [], notes: registryNotes(top) }
  // Empty lists are left out of replies.
  if (Object.keys(top).length === 0) return { shape: 'mlflow-runs-search', measurements: [] }
  throw unknownShape(top, WANTED)
}

function failed(top: JsonObject): Extracted {
  const error = { code: textAt(top, 'error_code'), message: maybeText(top, 'message') ?? '' }
  return { shape: 'mlflow-error', measurements: [], error }
}

function search(top: JsonObject): Extracted {
  const measurements = objectsAt(top, 'runs').flatMap(measurementsOf)
  const isPart = maybeText(top, 'next_page_token') !== undefined
  const notes = isPart ? ['`next_page_token` is set: this is one page of several'] : []
  return { shape: 'mlflow-runs-search', measurements, notes }
}

function measurementsOf(run: JsonObject): ImportedMeasurement[] {
  const info = objectAt(run, 'info')
  const id = maybeText(info, 'run_id') ?? textAt(info, 'run_uuid')
  const data = maybeObject(run, 'data') ?? {}
  if (member(data, 'metrics') === undefined) return []
  return newest(objectsAt(data, 'metrics')).map((metric) => measure(metric, id))
}

/** The last step of each key. */
function newest(metrics: readonly JsonObject[]): readonly JsonObject[] {
  const last = new Map<string, JsonObject>()
  for (const metric of metrics) {
    const key = textAt(metric, 'key')
    const known = last.get(key)
    if (known === undefined || isLater(metric, known)) last.set(key, metric)
  }
  return [...last.values()]
}

function isLater(a: JsonObject, b: JsonObject): boolean {
  const [stepA, stepB] = [integer(a, 'step') ?? 0, integer(b, 'step') ?? 0]
  if (stepA !== stepB) return stepA > stepB
  return (integer(a, 'timestamp') ?? 0) >= (integer(b, 'timestamp') ?? 0)
}

function measure(metric: JsonObject, run: string): ImportedMeasurement {
  const key = textAt(metric, 'key')
  const [id, worse] = KNOWN.get(key) ?? ['custom', null]
  return {
    metric: id,
    ...(id === 'custom' ? { name: `mlflow.${key}` } : {}),
    subject: MODEL,
    ...figure(valueIn(metric)),
    worse,
    definition: 'mlflow',
    run,
    ...present({ at: integer(metric, 'timestamp') }),
  }
}

function valueIn(metric: JsonObject): number | null {
  const raw = member(metric, 'value')
  const value = typeof raw === 'string' ? parseNumber(raw) : numberAt(metric, 'value')
  if (value === undefined) throw new Refusal('type', `the value of \`${textAt(metric, 'key')}\` is no number`)
  if (value === null || Math.abs(value) !== Number.MAX_VALUE) return value
  return value > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
}

function integer(object: JsonObject, key: string): number | null {
  const value = member(object, key)
  return typeof value === 'string' && /^-?\d{1,18}$/.test(value) ? Number(value) : numberAt(object, key)
}
