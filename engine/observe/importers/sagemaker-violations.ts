// Model Monitor's constraint violations: the numbers stand inside sentences, of which there are several wordings.
import { type Extracted, feature, figure, type ImportedMeasurement, MODEL, present, type Subject } from './imported.ts'
import { maybeText, member, textAt } from './json-value.ts'
import type { JsonObject } from './read-json.ts'

const NUMBER = '([-+]?[\\d.]+(?:[eE][-+]?\\d+)?)'
const FOUND = [
  new RegExp(`distance: ${NUMBER} exceeds`),
  new RegExp(`^Value:? ${NUMBER} (?:does not meet|meets)`),
  new RegExp(`drift ${NUMBER} exceeds`),
  new RegExp(`^Metric \\S+ with ${NUMBER}`),
]
const PERCENT = new RegExp(`Only ${NUMBER}% of data`)
const LIMIT = new RegExp(`threshold:? ${NUMBER}$`)

/** One measurement a violation; null with `not-in-source` where its sentence has no number. */
export function readViolations(violations: readonly JsonObject[]): Extracted {
  return { shape: 'sagemaker-violations', measurements: violations.map(measure) }
}

/** A violation is a failed check; an entry of missing or extra columns has no number. */
function measure(violation: JsonObject): ImportedMeasurement {
  const kind = textAt(violation, 'constraint_check_type')
  const sentence = (maybeText(violation, 'description') ?? '').trim()
  const value = valueIn(sentence)
  const limit = LIMIT.exec(sentence.replace(/[!.]+$/, ''))?.[1]
  return {
    ...meaning(violation, kind, value),
    subject: subjectOf(violation),
    flagged: true,
    definition: `sagemaker:${kind}`,
    ...present({ threshold: limit === undefined ? undefined : finite(limit), part: maybeText(violation, 'label') }),
  }
}

function meaning(violation: JsonObject, kind: string, value: number | null) {
  const found = figure(value, 'not-in-source')
  // Rank agreement: lower is worse, though the sentence says `exceeds`.
  if (kind === 'feature_attribution_drift_check') return { metric: 'explain.ndcg', ...found, worse: 'low' as const }
  if (kind === 'completeness_check' && value !== null) {
    return { metric: 'data.missing_share', ...figure(1 - value), worse: 'high' as const }
  }
  const of = maybeText(violation, 'metric_name')
  const name = `sagemaker.${kind}${of === undefined || member(violation, 'label') !== undefined ? '' : `.${of}`}`
  return { metric: 'custom', name, ...found, worse: kind === 'baseline_drift_check' ? ('high' as const) : null }
}

function subjectOf(violation: JsonObject): Subject {
  const name = maybeText(violation, 'feature_name')
  if (name !== undefined) return feature(name)
  const facet = maybeText(violation, 'facet')
  if (facet === undefined) return MODEL
  return { kind: 'group', group: { [facet]: String(member(violation, 'facet_value') ?? '') } }
}

function valueIn(sentence: string): number | null {
  for (const wording of FOUND) {
    const text = wording.exec(sentence)?.[1]
    if (text !== undefined) return finite(text) ?? null
  }
  const percent = PERCENT.exec(sentence)?.[1]
  const value = percent === undefined ? undefined : finite(percent)
  return value === undefined ? null : value / 100
}

function finite(text: string): number | undefined {
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}
