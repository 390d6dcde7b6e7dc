// `definition` of a metric rule against the catalogue. A definition is opaque (EVALUATION.md): an importer's, or that of a
// pipeline of one's own, is no error; one that differs by a slip from a known one is.
import { nearestWord } from '../base/nearest-word.ts'
import type { Metric } from '../domain/metric.ts'
import type { Problem } from './source-text.ts'

/** `null`: it is known, or cannot be known here. */
export function definitionProblem(metric: Metric, definition: string): Problem | null {
  const known = [metric.definition, metric.id, ...(metric.variants ?? []).map((one) => one.definition)]
  const isKnown = known.includes(definition) || known.some((one) => formOf(one) === formOf(definition))
  if (isKnown || metric.family === 'custom' || IMPORTED.test(definition)) return null
  const near = nearestWord(definition, known)
  const message = `\`tutela observe\` has no definition \`${definition}\` of \`${metric.id}\``
  if (near !== undefined) return { code: 'load/unknown-definition', message, hint: `did you mean \`${near}\`?` }
  return {
    severity: 'warning',
    code: 'load/unknown-definition',
    message,
    hint: `it has \`${[...new Set(known)].filter((one) => one !== metric.id || one === metric.definition).join('`, `')}\`; another is measured only if an importer or a pipeline of yours writes it`,
  }
}

/** Parameters may have other values: `ece/bins=20/…` is a definition as `ece/bins=10/…` is. */
function formOf(definition: string): string {
  return definition.replaceAll(/=[^/]*/g, '=')
}

/** How the definitions of `tutela import` begin, and those of Prometheus: with the tool. */
const IMPORTED =
  /^(?:aif360|alibi-detect|deepchecks|evidently|fairlearn|great_expectations|mlflow|nannyml|prometheus|sagemaker|sagemaker-clarify|shap|whylogs)(?:[:/]|$)/
