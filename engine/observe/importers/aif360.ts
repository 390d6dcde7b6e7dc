// AIF360's MetricJSONExplainer: one JSON object a line, its value at the end of `message`. Differences and ratios are
// unprivileged against privileged; the protected attribute is not named, so it must be told.
import { type Extracted, figure, type ImportedMeasurement, MODEL, Refusal, type Source, type Told } from './imported.ts'
import { isObject, textAt, unknownShape } from './json-value.ts'
import { type JsonObject, readJson } from './read-json.ts'
import { readText } from './read-text.ts'
import { parseNumber } from './table.ts'

const WANTED = 'an explanation of AIF360 has `metric` and `message`, one a line'

/** By title: AIF360's own name, and the catalogue's. Its equal opportunity is signed. */
const KNOWN: ReadonlyMap<string, readonly [own: string, metric: string]> = new Map<string, readonly [string, string]>([
  ['Statistical Parity Difference', ['statistical_parity_difference', 'fairness.statistical_parity_difference']],
  ['Disparate Impact', ['disparate_impact', 'fairness.disparate_impact']],
  ['True Positive Rate Difference', ['equal_opportunity_difference', 'fairness.equal_opportunity_difference_signed']],
  ['Average Odds Difference', ['average_odds_difference', 'fairness.average_odds_difference']],
  ['Average Absolute Odds Difference', ['average_abs_odds_difference', 'fairness.average_abs_odds_difference']],
  ['Theil Index', ['theil_index', 'fairness.theil_index']],
  ['Accuracy', ['accuracy', 'performance.accuracy']],
])

/** Reads explanations, one a line. Values keep the tool's sign: unprivileged against privileged. Throws `Refusal`. */
export function importAif360(source: Source, told: Told): Extracted {
  const text = readText(source.bytes, 'json')
  return { shape: 'aif360-metric-json', measurements: explanations(text).map((one) => measure(one, told)) }
}

/** One object (over several lines too), or one a line. */
function explanations(text: string): readonly JsonObject[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const isOneALine = lines.length > 1 && lines.every((line) => line.trimStart().startsWith('{'))
  return (isOneALine ? lines : [text]).map((line) => {
    const value = readJson(line)
    if (isObject(value) && Object.hasOwn(value, 'metric') && Object.hasOwn(value, 'message')) return value
    throw unknownShape(value, WANTED)
  })
}

function measure(explanation: JsonObject, told: Told): ImportedMeasurement {
  const title = textAt(explanation, 'metric')
  const [own, metric] = KNOWN.get(title) ?? [title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'), 'custom']
  const isOfGroups = /\b(difference|ratio|impact)$/i.test(title)
  return {
    metric,
    ...(metric === 'custom' ? { name: `aif360.${own}` } : {}),
    subject: isOfGroups ? { kind: 'attribute', name: attribute(told) } : MODEL,
    ...figure(valueIn(explanation)),
    worse: metric === 'performance.accuracy' ? 'low' : null,
    definition: `aif360:${own}${isOfGroups ? ':unprivileged-privileged' : ''}`,
  }
}

function attribute(told: Told): string {
  if (told.attribute !== undefined) return told.attribute
  throw new Refusal('not-told', 'the file does not name the protected attribute', 'name it with `--attribute`')
}

function valueIn(explanation: JsonObject): number {
  const message = textAt(explanation, 'message')
  const text = /:\s*(\S+)\s*$/.exec(message)?.[1]
  const value = text === undefined ? undefined : parseNumber(text)
  if (value !== undefined) return value
  throw new Refusal('type', `\`message\` ends in no number: \`${message.slice(-40)}\``)
}
