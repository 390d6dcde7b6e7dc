// alibi-detect's `predict()` as JSON: detectors of one test a feature. Features are numbered; a batch's threshold is
// divided already (Bonferroni), and `TabularDrift` does not say which test a feature had.
import {
  type Extracted,
  feature,
  figure,
  type ImportedMeasurement,
  MODEL,
  present,
  type Source,
  type Subject,
  type Told,
} from './imported.ts'
import { isArray, isObject, maybeNumber, maybeText, member, numberAt, textAt, unknownShape } from './json-value.ts'
import { type JsonObject, readJson } from './read-json.ts'
import { readText } from './read-text.ts'

const WANTED = "a detector's prediction has `data` with `is_drift`, and `meta` with `name`"

/**
 * Reads one `predict()`. `told.features` names the features in the detector's order; without it they stay numbers.
 * Throws `Refusal`.
 */
export function importAlibiDetect(source: Source, told: Told): Extracted {
  const top = readJson(readText(source.bytes, 'json'))
  const data = isObject(top) ? member(top, 'data') : undefined
  const meta = isObject(top) ? member(top, 'meta') : undefined
  if (!isObject(data) || !isObject(meta) || !Object.hasOwn(data, 'is_drift')) throw unknownShape(top, WANTED)
  const detector = textAt(meta, 'name')
  const version = maybeText(meta, 'version') ?? null
  return { shape: 'alibi-detect-predict', version, measurements: measure(data, detector, told.features ?? []) }
}

function measure(data: JsonObject, detector: string, names: readonly string[]): ImportedMeasurement[] {
  const verdicts = member(data, 'is_drift')
  const threshold = maybeNumber(data, 'threshold')
  const isByFeature = isArray(verdicts)
  const distances = numbers(data, 'distance')
  const values = numbers(data, 'p_val').map((p, index) => {
    const own = isArray(verdicts) ? { flagged: isYes(verdicts[index]), threshold } : {}
    const subject: Subject = isArray(member(data, 'p_val')) ? feature(names[index] ?? String(index)) : MODEL
    return ofTest(detector, { subject, p, distance: distances[index] ?? null, own: present(own) })
  })
  if (isByFeature) return values.flat()
  const batch: ImportedMeasurement = {
    metric: 'custom',
    name: 'alibi-detect.is_drift',
    subject: MODEL,
    ...figure(numberAt(data, 'is_drift')),
    worse: 'high',
    definition: `alibi-detect:${detector}`,
    ...present({ flagged: isYes(verdicts), threshold }),
  }
  return [...values.flat(), batch]
}

interface Tested {
  readonly subject: Subject
  readonly p: number | null
  readonly distance: number | null
  readonly own: { readonly flagged?: boolean; readonly threshold?: number }
}

function ofTest(detector: string, { subject, p, distance, own }: Tested): ImportedMeasurement[] {
  const definition = `alibi-detect:${detector}`
  const score = { subject, ...figure(p), worse: 'low' as const, definition, ...own }
  if (detector === 'ChiSquareDrift') return [{ metric: 'drift.chi2_p', ...score }]
  if (detector !== 'KSDrift') return [{ metric: 'custom', name: `alibi-detect.${detector}.p_val`, ...score }]
  const { flagged } = own
  return [
    { metric: 'drift.ks_p', ...score },
    { metric: 'drift.ks', subject, ...figure(distance), worse: 'high', definition, ...present({ flagged }) },
  ]
}

/** One number or a list of them; none where it is null. */
function numbers(data: JsonObject, key: string): readonly (number | null)[] {
  const value = member(data, key)
  if (value === undefined || value === null) return []
  return (isArray(value) ? value : [value]).map((item) => numberAt({ [key]: item }, key))
}

function isYes(verdict: unknown): boolean | undefined {
  if (typeof verdict === 'boolean') return verdict
  return typeof verdict === 'number' ? verdict !== 0 : undefined
}
