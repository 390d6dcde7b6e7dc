// Great Expectations 0.18 and 1.x: validation results and checkpoint results, as objects and as `describe()` writes them.
// Percentages become shares. Unexpected rows, their indexes and tracebacks are never kept.
import {
  type Extracted,
  feature,
  figure,
  type ImportedMeasurement,
  MODEL,
  present,
  type Source,
  type ToolCheck,
} from './imported.ts'
import {
  isArray,
  isObject,
  maybeBoolean,
  maybeNumber,
  maybeObject,
  maybeText,
  member,
  numberAt,
  objectAt,
  objectsAt,
  textAt,
  unknownShape,
} from './json-value.ts'
import { type JsonObject, type JsonValue, readJson } from './read-json.ts'
import { readText } from './read-text.ts'

const WANTED =
  'a validation result has `results` and `statistics`, a described one `expectations`, a checkpoint `run_results` or `validation_results`'
const DROPPED = [
  'exception_traceback',
  'partial_unexpected_counts',
  'partial_unexpected_index_list',
  'partial_unexpected_list',
]
/** Of the result format COMPLETE: named where they stand. */
const ROW_KEYS = ['unexpected_list', 'unexpected_index_list', 'unexpected_index_query']

/** One expectation as it went, whatever the form of the file. */
interface Outcome {
  readonly kind: string
  readonly column: string | undefined
  readonly success: boolean
  readonly raised: boolean
  readonly result: JsonObject
}

/**
 * Reads validations; `dropped` names what was left out because it holds rows. Shares, never percentages. Throws
 * `Refusal`.
 */
export function importGreatExpectations(source: Source): Extracted {
  const top = readJson(readText(source.bytes, 'json'))
  const { shape, validations } = validationsOf(top)
  const outcomes = validations.flatMap((one) => outcomesOf(one, shape))
  const ignored: string[] = []
  const measurements = outcomes.flatMap((outcome) => {
    const found = measure(outcome)
    if (found === null) ignored.push(outcome.kind)
    return found ?? []
  })
  const extra = ROW_KEYS.filter((key) => outcomes.some(({ result }) => Object.hasOwn(result, key)))
  const version = validations.map(versionOf).find((one) => one !== null) ?? null
  return { shape, version, measurements, checks: outcomes.map(checkOf), ignored, dropped: [...DROPPED, ...extra] }
}

function validationsOf(top: JsonValue): { readonly shape: string; readonly validations: readonly JsonObject[] } {
  if (!isObject(top)) throw unknownShape(top, WANTED)
  if (isObject(member(top, 'run_results'))) {
    const runs = Object.values(objectAt(top, 'run_results')).map((run) => {
      if (!isObject(run)) throw unknownShape(run, WANTED)
      return maybeObject(run, 'validation_result') ?? run
    })
    return { shape: 'gx-checkpoint-result', validations: runs }
  }
  if (isArray(member(top, 'validation_results'))) {
    return { shape: 'gx-checkpoint-describe', validations: objectsAt(top, 'validation_results') }
  }
  if (!isObject(member(top, 'statistics'))) throw unknownShape(top, WANTED)
  if (isArray(member(top, 'results'))) return { shape: 'gx-validation-result', validations: [top] }
  if (isArray(member(top, 'expectations'))) return { shape: 'gx-describe', validations: [top] }
  throw unknownShape(top, WANTED)
}

function versionOf(validation: JsonObject): string | null {
  return maybeText(maybeObject(validation, 'meta') ?? {}, 'great_expectations_version') ?? null
}

function outcomesOf(validation: JsonObject, shape: string): Outcome[] {
  if (shape.endsWith('describe')) return objectsAt(validation, 'expectations').map(described)
  return objectsAt(validation, 'results').map((entry) => {
    const config = objectAt(entry, 'expectation_config')
    const kind = maybeText(config, 'type') ?? textAt(config, 'expectation_type')
    return { ...common(entry, config), kind, raised: hasRaised(maybeObject(entry, 'exception_info') ?? {}) }
  })
}

/** `describe()` says nothing of exceptions: an empty result that failed is all that tells an error. */
function described(entry: JsonObject): Outcome {
  const outcome = common(entry, entry)
  const raised = !outcome.success && Object.keys(outcome.result).length === 0
  return { ...outcome, kind: textAt(entry, 'expectation_type'), raised }
}

function common(entry: JsonObject, config: JsonObject) {
  const column = maybeText(maybeObject(config, 'kwargs') ?? {}, 'column')
  return { column, success: maybeBoolean(entry, 'success') === true, result: maybeObject(entry, 'result') ?? {} }
}

/** Directly, or one level down under a key for each metric that raised. */
function hasRaised(info: JsonObject): boolean {
  if (maybeBoolean(info, 'raised_exception') === true) return true
  return Object.values(info).some((one) => isObject(one) && maybeBoolean(one, 'raised_exception') === true)
}

function checkOf({ kind, column, success, raised }: Outcome): ToolCheck {
  const verdict = success ? 'pass' : 'fail'
  return { name: kind, subject: column === undefined ? MODEL : feature(column), status: raised ? 'error' : verdict }
}

type Worse = 'low' | 'high' | null
const METRICS: ReadonlyMap<string, readonly [string, Worse]> = new Map<string, readonly [string, Worse]>([
  ['expect_column_values_to_not_be_null', ['data.missing_share', 'high']],
  ['expect_column_values_to_be_in_set', ['data.unseen_category_share', 'high']],
  ['expect_column_values_to_be_between', ['data.range_violations', 'high']],
  ['expect_table_row_count_to_be_between', ['data.rows', 'low']],
  ['expect_table_row_count_to_equal', ['data.rows', 'low']],
])

/** null: the result has no number. */
function measure(outcome: Outcome): ImportedMeasurement[] | null {
  const { kind, column, raised, result } = outcome
  const [metric, worse] = METRICS.get(kind) ?? ['custom', null]
  const base = {
    metric,
    ...(metric === 'custom' ? { name: `great_expectations.${kind}` } : {}),
    subject: column === undefined ? MODEL : feature(column),
    worse,
    definition: `great_expectations:${kind}`,
  }
  if (raised) return [{ ...base, ...figure(null, 'source-error') }]
  const found = numberOf(metric, result)
  if (found === null) return null
  const { suffix = '', worse: way = worse, ...number } = found
  const name = metric === 'custom' ? { name: `${base.name}${suffix}` } : {}
  return [{ ...base, ...name, ...number, worse: way, flagged: !outcome.success }]
}

type Found = Pick<ImportedMeasurement, 'value' | 'reason' | 'n'> & { readonly suffix?: string; readonly worse?: Worse }

function numberOf(metric: string, result: JsonObject): Found | null {
  if (metric === 'data.rows') {
    if (!Object.hasOwn(result, 'observed_value')) return null
    const rows = figure(numberAt(result, 'observed_value'))
    return { ...rows, ...present({ n: rows.value }) }
  }
  if (metric === 'data.range_violations') {
    if (!Object.hasOwn(result, 'unexpected_count')) return null
    return { ...figure(numberAt(result, 'unexpected_count')), ...present({ n: rowsSeen(result) }) }
  }
  if (Object.hasOwn(result, 'unexpected_percent')) {
    const percent = numberAt(result, 'unexpected_percent')
    const share = figure(percent === null ? null : percent / 100)
    return { ...share, ...present({ n: rowsSeen(result) }), suffix: '.unexpected_share', worse: 'high' }
  }
  const observed = member(result, 'observed_value')
  return typeof observed === 'number' ? { ...figure(observed), suffix: '.observed_value' } : null
}

/** Rows that are not null; of a not-null expectation all rows, for nothing is said to be missing there. */
function rowsSeen(result: JsonObject): number | undefined {
  const elements = maybeNumber(result, 'element_count')
  return elements === undefined ? undefined : elements - (maybeNumber(result, 'missing_count') ?? 0)
}
