// Replies of Prometheus' HTTP API. Which metric a query stands for, the asker says: the reply does not. Values are text,
// `NaN` and infinities among them; warnings come with success, and are kept.
import { type Extracted, figure, type ImportedMeasurement, MODEL, Refusal, type Source, type Told } from './imported.ts'
import {
  isArray,
  isObject,
  maybeText,
  member,
  objectAt,
  objectsAt,
  textAt,
  unknownShape,
  wrongType,
} from './json-value.ts'
import { type JsonObject, type JsonValue, readJson } from './read-json.ts'
import { readText } from './read-text.ts'
import { parseNumber } from './table.ts'

const WANTED = 'Prometheus replies with `status` and `data` (`resultType`, `result`), or `errorType`'

/**
 * Reads an instant query, a range or a scalar. `told` says which metric it stands for. An error reply becomes `error`.
 * Throws `Refusal`.
 */
export function importPrometheus(source: Source, told: Told): Extracted {
  const top = readJson(readText(source.bytes, 'json'))
  if (!isObject(top)) throw unknownShape(top, WANTED)
  if (maybeText(top, 'status') === 'error') {
    const error = { code: textAt(top, 'errorType'), message: maybeText(top, 'error') ?? '' }
    return { shape: shapeOf('vector', told), measurements: [], error }
  }
  const data = member(top, 'data')
  if (maybeText(top, 'status') !== 'success' || !isObject(data)) throw unknownShape(top, WANTED)
  const type = textAt(data, 'resultType')
  const series = type === 'scalar' ? [{ metric: {}, value: member(data, 'result') ?? null }] : vectorOf(top, data, type)
  return {
    shape: shapeOf(type, told),
    measurements: series.flatMap((one) => ofSeries(one, told)),
    notes: ['warnings', 'infos'].flatMap((key) => textsAt(top, key)),
  }
}

function vectorOf(top: JsonObject, data: JsonObject, type: string): readonly JsonObject[] {
  if (type === 'vector' || type === 'matrix') return objectsAt(data, 'result')
  throw unknownShape(top, WANTED, ` with \`resultType\` \`${type}\``)
}

/** A matrix answers a range query, unless the asker says how it was asked. */
function shapeOf(type: string, { path }: Told): string {
  const asked = path?.split('/').at(-1)
  return `prometheus-${asked ?? (type === 'matrix' ? 'query_range' : 'query')}`
}

/** A native histogram has `histogram` or `histograms` and no value: refused. */
function ofSeries(series: JsonObject, told: Told): ImportedMeasurement[] {
  const labels = labelsOf(series)
  const values = member(series, 'values')
  const samples = isArray(values) ? values : [member(series, 'value')]
  const histogram = ['histogram', 'histograms'].find((key) => Object.hasOwn(series, key))
  if (histogram !== undefined || samples.some((sample) => sample === undefined)) {
    const keys = Object.keys(series).sort().join('`, `')
    const hint = 'ask for `histogram_quantile(…)` or a rate, which are numbers'
    throw new Refusal('unknown-shape', `a series has \`${keys}\`; a sample needs \`value\` or \`values\``, hint)
  }
  return samples.map((sample) => ofSample(sample, labels, told))
}

function ofSample(
  sample: JsonValue | undefined,
  labels: Readonly<Record<string, string>>,
  told: Told,
): ImportedMeasurement {
  const [at, text] = isArray(sample) ? sample : []
  const value = typeof text === 'string' ? parseNumber(text) : undefined
  if (typeof at !== 'number' || value === undefined) throw wrongType('value', 'a time and a number in quotes', sample)
  return {
    metric: told.metric ?? 'custom',
    ...(told.metric === undefined ? { name: 'prometheus' } : {}),
    subject: MODEL,
    ...figure(value),
    worse: null,
    definition: told.query === undefined ? 'prometheus' : `prometheus:${told.query}`,
    at,
    labels,
  }
}

function labelsOf(series: JsonObject): Readonly<Record<string, string>> {
  const metric = objectAt(series, 'metric')
  return Object.fromEntries(Object.keys(metric).map((key) => [key, textAt(metric, key)]))
}

function textsAt(top: JsonObject, key: string): string[] {
  const list = member(top, key)
  return isArray(list) ? list.filter((one) => typeof one === 'string') : []
}
