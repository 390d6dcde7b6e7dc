// Evidently's TestSuite of the first API: `tests[]` with a status and parameters. Its scores have three decimals.
import { columnDrift } from './evidently-tests.ts'
import {
  type Extracted,
  feature,
  figure,
  type ImportedMeasurement,
  MODEL,
  present,
  type Subject,
  type ToolCheck,
} from './imported.ts'
import {
  isObject,
  maybeBoolean,
  maybeNumber,
  maybeObject,
  maybeText,
  member,
  numberAt,
  objectAt,
  textAt,
} from './json-value.ts'
import type { JsonObject } from './read-json.ts'

type Known = readonly [metric: string, worse: 'low' | 'high', definition?: string, scale?: number]

/** By the test's name; all others are `custom`. */
const KNOWN: ReadonlyMap<string, Known> = new Map<string, Known>([
  ['Share of Missing Values', ['data.missing_share', 'high', 'evidently:cells']],
  ['The Share of Missing Values in a Column', ['data.missing_share', 'high']],
  ['Number of Rows', ['data.rows', 'low']],
  ['Accuracy Score', ['performance.accuracy', 'low']],
  ['Precision Score', ['performance.precision', 'low']],
  ['Recall Score', ['performance.recall', 'low']],
  ['F1 Score', ['performance.f1', 'low']],
  ['ROC AUC Score', ['performance.auc', 'low']],
  ['Logarithmic Loss', ['performance.log_loss', 'high']],
  ['Mean Absolute Error (MAE)', ['performance.mae', 'high']],
  ['Root Mean Square Error (RMSE)', ['performance.rmse', 'high']],
  ['R2 Score', ['performance.r2', 'low']],
  ['Mean Absolute Percentage Error (MAPE)', ['performance.mape', 'high', 'evidently', 100]],
])

/** Evidently's status words. */
export const STATUS: ReadonlyMap<string, ToolCheck['status']> = new Map<string, ToolCheck['status']>([
  ['SUCCESS', 'pass'],
  ['FAIL', 'fail'],
  ['WARNING', 'warn'],
  ['ERROR', 'error'],
  ['SKIPPED', 'skip'],
])

/**
 * `version`: the tool's, null where the file has none. A test that ended in an error measures nothing; one that
 * measures nothing known is named in `ignored`.
 */
export function readSuite(tests: readonly JsonObject[], version: string | null): Extracted {
  const measurements: ImportedMeasurement[] = []
  const checks: ToolCheck[] = []
  const ignored: string[] = []
  for (const test of tests) {
    const name = textAt(test, 'name').trim()
    const status = STATUS.get(textAt(test, 'status')) ?? 'error'
    const subject = subjectOf(test, status)
    checks.push({ name, subject, status })
    if (status === 'error') continue
    const found = measured(test, { name, status, subject })
    if (found.length === 0) ignored.push(name)
    measurements.push(...found)
  }
  return { shape: 'evidently-test-suite', version, measurements, checks, ignored }
}

/** Some tests name their column only in prose. */
function subjectOf(test: JsonObject, status: ToolCheck['status']): Subject {
  const column = maybeText(maybeObject(test, 'parameters') ?? {}, 'column_name')
  if (column !== undefined) return feature(column)
  const prose = status === 'error' ? undefined : maybeText(test, 'description')
  const told = /\b(?:column|feature) \*\*(.+?)\*\*/s.exec(prose ?? '')?.[1]
  return told === undefined ? MODEL : feature(told)
}

interface Judged {
  readonly name: string
  readonly status: ToolCheck['status']
  readonly subject: Subject
}

function measured(test: JsonObject, judged: Judged): ImportedMeasurement[] {
  const parameters = objectAt(test, 'parameters')
  if (member(parameters, 'stattest') !== undefined) return [driftOf(textAt(parameters, 'column_name'), parameters)]
  const features = maybeObject(parameters, 'features')
  if (features !== undefined) return driftOfAll(features, parameters, judged)
  if (member(parameters, 'value') === undefined || isObject(member(parameters, 'value'))) return []
  return [single(numberAt(parameters, 'value'), judged)]
}

function driftOf(column: string, parameters: JsonObject): ImportedMeasurement {
  return columnDrift({
    column,
    test: textAt(parameters, 'stattest'),
    score: numberAt(parameters, 'score'),
    limit: maybeNumber(parameters, 'threshold'),
    flagged: maybeBoolean(parameters, 'detected'),
  })
}

/** The share is counted from the features, since the file rounds it. A limit on their number is no limit on the share. */
function driftOfAll(features: JsonObject, parameters: JsonObject, { name, status }: Judged): ImportedMeasurement[] {
  const names = Object.keys(features)
  const drifted = names.filter((one) => maybeBoolean(objectAt(features, one), 'detected') === true).length
  const condition = maybeObject(parameters, 'condition') ?? {}
  const limit = name.startsWith('Share') ? (maybeNumber(condition, 'lt') ?? maybeNumber(condition, 'lte')) : undefined
  return [
    ...names.map((one) => driftOf(one, objectAt(features, one))),
    {
      metric: 'drift.share_drifted',
      subject: MODEL,
      ...figure(drifted / names.length),
      worse: 'high',
      definition: 'evidently',
      n: names.length,
      flagged: status === 'fail',
      ...present({ threshold: limit }),
    },
  ]
}

function single(value: number | null, { name, status, subject }: Judged): ImportedMeasurement {
  const [metric, worse, definition, scale = 1] = KNOWN.get(name) ?? ['custom', null]
  return {
    metric,
    ...(metric === 'custom' ? { name: `evidently.${name}` } : {}),
    subject,
    ...figure(value === null ? null : value / scale),
    worse,
    definition: definition ?? 'evidently',
    flagged: status === 'fail' || status === 'warn',
  }
}
