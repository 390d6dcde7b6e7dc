// deepchecks' `to_json`: a suite's result, or one check's. The verdict is of a condition, not of a feature; the label's
// column is not named in the file.
import {
  type Extracted,
  feature,
  figure,
  type ImportedMeasurement,
  MODEL,
  type Source,
  type Subject,
  type Told,
  type ToolCheck,
} from './imported.ts'
import { isObject, maybeText, member, numberAt, objectAt, objectsAt, textAt, unknownShape } from './json-value.ts'
import { type JsonObject, type JsonValue, readJson } from './read-json.ts'
import { readText } from './read-text.ts'

const WANTED = 'deepchecks writes `type: SuiteResult` with `results`, or `type: CheckResult`'
const RESULTS = ['CheckResult', 'CheckFailure']

const METHODS: ReadonlyMap<string, readonly [metric: string, name?: string]> = new Map<
  string,
  readonly [string, string?]
>([
  ['Kolmogorov-Smirnov', ['drift.ks']],
  ['PSI', ['drift.psi']],
  ["Cramer's V", ['custom', 'deepchecks.cramers_v']],
  ["Earth Mover's Distance", ['custom', 'deepchecks.emd']],
])
const VERDICTS: ReadonlyMap<string, ToolCheck['status']> = new Map<string, ToolCheck['status']>([
  ['PASS', 'pass'],
  ['FAIL', 'fail'],
  ['WARN', 'warn'],
  ['ERROR', 'error'],
])

/** Reads a suite's result or one check's; a check that could not run is kept with status `error`. Throws `Refusal`. */
export function importDeepchecks(source: Source, told: Told): Extracted {
  const top = readJson(readText(source.bytes, 'json'))
  const measurements: ImportedMeasurement[] = []
  const checks: ToolCheck[] = []
  const ignored: string[] = []
  for (const result of resultsOf(top)) {
    const kind = textAt(objectAt(result, 'check'), 'name').replaceAll(' ', '')
    if (textAt(result, 'type') === 'CheckFailure') {
      checks.push({ name: kind, status: 'error' })
      continue
    }
    checks.push(...conditions(result, kind))
    const found = measure(kind, member(result, 'value'), told)
    measurements.push(...found)
    if (found.length === 0) ignored.push(kind)
  }
  return { shape: 'deepchecks-suite', measurements, checks, ignored }
}

function resultsOf(top: JsonValue): readonly JsonObject[] {
  if (!isObject(top)) throw unknownShape(top, WANTED)
  const type = maybeText(top, 'type')
  const results = type === 'SuiteResult' ? objectsAt(top, 'results') : [top]
  if (results.every((one) => RESULTS.includes(maybeText(one, 'type') ?? ''))) return results
  throw unknownShape(top, WANTED)
}

function conditions(result: JsonObject, kind: string): ToolCheck[] {
  if (member(result, 'conditions_results') === undefined) return []
  return objectsAt(result, 'conditions_results').map((one) => {
    return { name: kind, status: VERDICTS.get(textAt(one, 'Status')) ?? 'error' }
  })
}

/** Drift of the features, of the label, or of the prediction; none for all other checks. */
function measure(kind: string, value: JsonValue | undefined, told: Told): ImportedMeasurement[] {
  if (!isObject(value)) return []
  if (isDrift(value)) {
    const isLabel = kind.includes('Label')
    const subject: Subject = isLabel ? feature(told.label ?? 'label') : MODEL
    return [driftOf(value, subject, isLabel ? 'label' : 'prediction')]
  }
  const columns: JsonObject = value
  return Object.keys(columns).flatMap((name) => {
    const one = member(columns, name)
    return isDrift(one) ? [driftOf(one, feature(name))] : []
  })
}

/** A feature that was not tested has no method. */
function isDrift(value: JsonValue | undefined): value is JsonObject {
  return isObject(value) && Object.hasOwn(value, 'Drift score') && typeof member(value, 'Method') === 'string'
}

function driftOf(value: JsonObject, subject: Subject, part?: string): ImportedMeasurement {
  const method = textAt(value, 'Method')
  const [known, knownName] = METHODS.get(method) ?? ['custom', `deepchecks.${method}`]
  const isFeature = subject.kind === 'feature'
  const metric = isFeature ? known : 'custom'
  return {
    metric,
    ...(metric === 'custom' ? { name: knownName ?? `deepchecks.${part}.${method}` } : {}),
    subject,
    ...figure(score(value)),
    worse: 'high',
    definition: `deepchecks:${method}`,
    ...(part === undefined ? {} : { part }),
  }
}

/** A number, or numpy's `{dtype, value}`. */
function score(value: JsonObject): number | null {
  const raw = member(value, 'Drift score')
  return isObject(raw) ? numberAt(raw, 'value') : numberAt(value, 'Drift score')
}
