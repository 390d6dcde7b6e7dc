// Amazon SageMaker: Model Monitor's statistics, constraints and model quality, Clarify's analysis; violations are in a
// file of their own (sagemaker-violations.ts). Clarify's signs are privileged − unprivileged, and are turned round.
import {
  type Extracted,
  feature,
  figure,
  type ImportedMeasurement,
  MODEL,
  present,
  Refusal,
  type Source,
} from './imported.ts'
import {
  isArray,
  isObject,
  maybeObject,
  member,
  numberAt,
  objectAt,
  objectsAt,
  textAt,
  unknownShape,
  wrongType,
} from './json-value.ts'
import { type JsonObject, type JsonValue, readJson } from './read-json.ts'
import { readText } from './read-text.ts'
import { readViolations } from './sagemaker-violations.ts'
import { parseNumber } from './table.ts'

const WANTED =
  'SageMaker writes `violations`, `dataset` and `features` (statistics), `features` (constraints), `…_metrics` (model quality), or bias metrics and `explanations` (Clarify)'
const BIAS_STAGES = ['pre_training_bias_metrics', 'post_training_bias_metrics']

/**
 * Reads any of its files, told apart by their members alone. Throws `Refusal` with code `unknown-shape` for all else.
 */
export function importSagemaker(source: Source): Extracted {
  const top = readJson(readText(source.bytes, 'json'))
  if (!isObject(top)) throw unknownShape(top, WANTED)
  if (isArray(member(top, 'violations'))) return readViolations(objectsAt(top, 'violations'))
  if (isArray(member(top, 'features'))) return readFeatures(top)
  if (BIAS_STAGES.some((key) => Object.hasOwn(top, key)) || isObject(member(top, 'explanations')))
    return readAnalysis(top)
  const sections = Object.keys(top).filter((key) => key.endsWith('_metrics') && isObject(member(top, key)))
  if (sections.length > 0) return readModelQuality(sections.map((key) => objectAt(top, key)))
  throw unknownShape(top, WANTED)
}

/** Constraints are a baseline's limits: no measurement. */
function readFeatures(top: JsonObject): Extracted {
  const features = objectsAt(top, 'features')
  const dataset = maybeObject(top, 'dataset')
  if (dataset !== undefined) return readStatistics(dataset, features)
  if (features.every((one) => Object.hasOwn(one, 'completeness')))
    return { shape: 'sagemaker-constraints', measurements: [] }
  throw unknownShape(top, WANTED)
}

function readStatistics(dataset: JsonObject, features: readonly JsonObject[]): Extracted {
  const rows = figure(numberAt(dataset, 'item_count'))
  const measurements: ImportedMeasurement[] = [
    {
      metric: 'data.rows',
      subject: MODEL,
      ...rows,
      worse: 'low',
      definition: 'sagemaker',
      ...present({ n: rows.value }),
    },
  ]
  const ignored: string[] = []
  for (const one of features) {
    const statistics = maybeObject(one, 'numerical_statistics') ?? maybeObject(one, 'string_statistics')
    if (statistics === undefined) ignored.push(textAt(one, 'name'))
    else measurements.push(missingShare(textAt(one, 'name'), objectAt(statistics, 'common')))
  }
  return { shape: 'sagemaker-statistics', measurements, ignored }
}

function missingShare(name: string, common: JsonObject): ImportedMeasurement {
  const missing = numberAt(common, 'num_missing') ?? 0
  const n = missing + (numberAt(common, 'num_present') ?? 0)
  const share = figure(missing / n)
  return { metric: 'data.missing_share', subject: feature(name), ...share, worse: 'high', n, definition: 'sagemaker' }
}

const QUALITY: ReadonlyMap<string, readonly [string, 'low' | 'high']> = new Map<
  string,
  readonly [string, 'low' | 'high']
>([
  ['accuracy', ['performance.accuracy', 'low']],
  ['precision', ['performance.precision', 'low']],
  ['recall', ['performance.recall', 'low']],
  ['f1', ['performance.f1', 'low']],
  ['auc', ['performance.auc', 'low']],
  ['mae', ['performance.mae', 'high']],
  ['rmse', ['performance.rmse', 'high']],
  ['r2', ['performance.r2', 'low']],
])

function readModelQuality(sections: readonly JsonObject[]): Extracted {
  const measurements: ImportedMeasurement[] = []
  const ignored: string[] = []
  for (const section of sections) {
    for (const [key, entry] of Object.entries(section)) {
      const known = QUALITY.get(key)
      if (known === undefined || !isObject(entry) || !Object.hasOwn(entry, 'value')) ignored.push(key)
      else measurements.push(quality(known, entry))
    }
  }
  return { shape: 'sagemaker-model-quality', measurements, ignored }
}

function quality([metric, worse]: readonly [string, 'low' | 'high'], entry: JsonObject): ImportedMeasurement {
  const deviation = wordOrNumber(entry, 'standard_deviation')
  const standardDeviation = deviation !== null && Number.isFinite(deviation) ? deviation : undefined
  const value = figure(wordOrNumber(entry, 'value'))
  return { metric, subject: MODEL, ...value, worse, definition: 'sagemaker', ...present({ standardDeviation }) }
}

/** The catalogue's metric, and whether the sign is turned: Clarify says privileged − unprivileged. */
const BIAS: ReadonlyMap<string, readonly [string, 1 | -1]> = new Map<string, readonly [string, 1 | -1]>([
  ['DPPL', ['fairness.statistical_parity_difference', -1]],
  ['DI', ['fairness.disparate_impact', 1]],
  ['RD', ['fairness.equal_opportunity_difference_signed', -1]],
])

function readAnalysis(top: JsonObject): Extracted {
  const bias = BIAS_STAGES.flatMap((stage) => {
    const facets = maybeObject(maybeObject(top, stage) ?? {}, 'facets') ?? {}
    return Object.keys(facets).flatMap((facet) =>
      objectsAt(facets, facet).flatMap((entry) => {
        const group = { [facet]: facetValue(entry) }
        return objectsAt(entry, 'metrics').map((metric) => biasOf(metric, { stage, group }))
      }),
    )
  })
  return { shape: 'sagemaker-analysis', measurements: [...bias, ...attributions(top)] }
}

/** The disadvantaged group's value, or a threshold. */
function facetValue(entry: JsonObject): string {
  const value = member(entry, 'value_or_threshold')
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  throw wrongType('value_or_threshold', 'text', value)
}

function biasOf(
  metric: JsonObject,
  { stage, group }: { readonly stage: string; readonly group: Readonly<Record<string, string>> },
): ImportedMeasurement {
  const name = textAt(metric, 'name')
  const [id, sign] = BIAS.get(name) ?? ['custom', 1]
  const value = wordOrNumber(metric, 'value')
  const failed = Object.hasOwn(metric, 'error') ? 'source-error' : 'null-in-source'
  return {
    metric: id,
    ...(id === 'custom' ? { name: `clarify.${name}` } : {}),
    subject: { kind: 'group', group },
    // + 0: no negative zero.
    ...figure(value === null ? null : value * sign + 0, failed),
    worse: null,
    definition: `sagemaker-clarify:${name}`,
    part: stage,
  }
}

function attributions(top: JsonObject): ImportedMeasurement[] {
  const labels = maybeObject(maybeObject(top, 'explanations') ?? {}, 'kernel_shap') ?? {}
  return Object.keys(labels).flatMap((label) => {
    const values = objectAt(objectAt(labels, label), 'global_shap_values')
    return Object.keys(values).map(
      (name): ImportedMeasurement => ({
        metric: 'explain.mean_abs_shap',
        subject: feature(name),
        ...figure(wordOrNumber(values, name)),
        worse: null,
        definition: 'sagemaker-clarify:kernel_shap',
        part: label,
      }),
    )
  })
}

/** A number, or one of the words `NaN`, `Infinity`, `INFINITY` in quotes; null where it is null. */
function wordOrNumber(object: JsonObject, key: string): number | null {
  const value: JsonValue | undefined = member(object, key)
  if (typeof value !== 'string') return numberAt(object, key)
  const parsed = /\d/.test(value) ? undefined : parseNumber(value)
  if (parsed === undefined) throw new Refusal('type', `\`${key}\` is text (\`${value.slice(0, 40)}\`), not a number`)
  return parsed
}
