// What no importer may let through: one number measured twice with two values, a value outside its metric's range, or a count of
// rows or a time that can be none.
import { canonicalJson } from '../../base/canonical-json.ts'
import type { Metric } from '../../domain/metric.ts'
import { findMetric } from '../metrics/catalogue.ts'
import { type ImportedMeasurement, Refusal } from './imported.ts'

/** The same measurement twice is one (the fuller of the two); with two values it is a conflict. */
export function oneEach(measurements: readonly ImportedMeasurement[]): ImportedMeasurement[] {
  const kept = new Map<string, ImportedMeasurement>()
  for (const measurement of measurements) {
    refuseOutOfRange(measurement)
    refuseImpossible(measurement)
    const key = identity(measurement)
    const known = kept.get(key)
    if (known === undefined) kept.set(key, measurement)
    else kept.set(key, merged(known, measurement))
  }
  return [...kept.values()]
}

function identity({ metric, name, subject, definition, window, at, part, labels, run }: ImportedMeasurement): string {
  return canonicalJson([metric, name, subject, definition, window, at, part, labels, run])
}

function merged(a: ImportedMeasurement, b: ImportedMeasurement): ImportedMeasurement {
  if (a.value !== b.value || a.reason !== b.reason) throw twice(a, `${a.value ?? a.reason}`, `${b.value ?? b.reason}`)
  if (a.n !== undefined && b.n !== undefined && a.n !== b.n) throw twice(a, `of ${a.n} rows`, `of ${b.n}`)
  return Object.keys(b).length > Object.keys(a).length ? b : a
}

function twice(one: ImportedMeasurement, first: string, second: string): Refusal {
  const what = `\`${one.name ?? one.metric}\` of ${subjectWords(one)} (\`${one.definition}\`)`
  return new Refusal(
    'conflict',
    `${what} stands twice, as ${first} and as ${second}`,
    'neither the first nor the last is right by itself: import a file that has it once',
  )
}

/** For messages: `feature \`idade\``. */
export function subjectWords({ subject }: ImportedMeasurement): string {
  if (subject.kind === 'model') return 'the model'
  if (subject.kind !== 'group') return `${subject.kind} \`${subject.name}\``
  return `group \`${Object.entries(subject.group)
    .map(([name, value]) => `${name}=${value}`)
    .join('|')}\``
}

function refuseOutOfRange(measurement: ImportedMeasurement): void {
  const { value, metric: id } = measurement
  const metric = findMetric(id)
  if (value === null || metric === undefined || isWithin(value, metric)) return
  const [low, high] = metric.range
  throw new Refusal(
    'range',
    `\`${id}\` of ${subjectWords(measurement)} is ${value}, outside ${low ?? '−∞'} to ${high ?? '∞'}`,
    high === 1 && metric.unit !== 'p-value' ? 'shares are 0 to 1, not percent' : undefined,
  )
}

/** Whole numbers of rows, and times that are on a clock: JSON as Python writes it has `NaN` and `Infinity` in their places. */
function refuseImpossible(measurement: ImportedMeasurement): void {
  const { n, nReference, at } = measurement
  const rows = [n, nReference].find((one) => one !== undefined && !(Number.isSafeInteger(one) && one >= 0))
  if (rows !== undefined) throw new Refusal('range', `a count of rows of ${subjectWords(measurement)} is ${rows}`)
  if (at !== undefined && !Number.isFinite(at))
    throw new Refusal('range', `a time of ${subjectWords(measurement)} is ${at}`)
}

/** Rounding may pass a bound by an ulp or so. */
function isWithin(value: number, { range: [low, high] }: Metric): boolean {
  return (low === null || value >= low - 1e-9) && (high === null || value <= high + 1e-9)
}
