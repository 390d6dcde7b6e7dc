// Figures of the service from Prometheus: the card's queries over the window, and one value from the samples of each
// series. A part that is missing is never taken for the whole: then there is no value, and the reason says so.
import { sha256Hex } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import { nearestWord } from '../base/nearest-word.ts'
import { compareText } from '../base/order.ts'
import { visibleText } from '../base/visible-text.ts'
import type { Instant } from '../domain/instant.ts'
import type { SlaQuery } from '../domain/model-card.ts'
import type { Measurement } from '../domain/snapshot.ts'
import { type ImportedMeasurement, Refusal } from './importers/imported.ts'
import { isObject } from './importers/json-value.ts'
import { importPrometheus } from './importers/prometheus.ts'
import { readJson } from './importers/read-json.ts'
import { readText } from './importers/read-text.ts'
import { SLA_METRICS } from './metrics/catalogue-sla.ts'

export interface RangeQuery {
  readonly metric: string
  readonly query: string
  readonly over: NonNullable<SlaQuery['over']>
  readonly from: Instant
  readonly to: Instant
  readonly stepSeconds: number
}

export interface AnsweredQuery {
  readonly measurements: readonly Measurement[]
  /** What the server said beside its answer, and what was left out. */
  readonly notes: readonly string[]
}

/** Prometheus refuses more points a series. */
const MOST_POINTS = 11_000
/** So many where the card names no step; the number is arbitrary. */
const POINTS = 500
const LEAST_STEP = 15

/** What to ask, in order of the metrics. Faults `observe/unknown-metric`, `observe/bad-step`. */
export function rangeQueries(
  queries: Readonly<Record<string, string | SlaQuery>>,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): readonly RangeQuery[] {
  return Object.entries(queries)
    .sort(([a], [b]) => compareText(a, b))
    .map(([metric, asked]) => {
      requireKnown(metric)
      const { query, over = 'mean', stepSeconds } = typeof asked === 'string' ? { query: asked } : asked
      const seconds = (to - from) / 1000
      const step = stepSeconds ?? Math.max(LEAST_STEP, Math.ceil(seconds / POINTS))
      if (seconds / step <= MOST_POINTS) return { metric, query, over, from, to, stepSeconds: step }
      const hint = `at least ${Math.ceil(seconds / MOST_POINTS)} for this window`
      throw new Fault('observe/bad-step', `\`stepSeconds: ${step}\` of \`${metric}\` makes too many points`, hint)
    })
}

/** The parameters of `/api/v1/query_range`; the window is half open, so its end is not asked for. */
export function rangeParameters({ query, from, to, stepSeconds }: RangeQuery): Readonly<Record<string, string>> {
  const end = Math.max(from, to - 1000)
  return { query, start: String(from / 1000), end: String(end / 1000), step: String(stepSeconds) }
}

/** Faults `observe/metrics-server` where the server refuses the query or its reply is none. */
export function answeredQuery(asked: RangeQuery, reply: Uint8Array): AnsweredQuery {
  const { metric, query } = asked
  const { measurements: all, notes = [], error } = readReply(asked, reply)
  if (error !== undefined) {
    const what = `Prometheus refuses the query of \`${metric}\`: ${visibleText(error.code)}: ${visibleText(error.message)}`
    throw new Fault('observe/metrics-server', what, `mend \`sla.queries\` of the card: \`${visibleText(query)}\``)
  }
  // Some servers move the ends to multiples of the step, and one that ignores them would answer for another day.
  const measurements = all.filter(({ at }) => at !== undefined && at * 1000 >= asked.from && at * 1000 < asked.to)
  const outside = all.length - measurements.length
  const warnings = [
    ...notes.map((note) => `Prometheus on \`${metric}\`: ${visibleText(note)}`),
    ...(outside === 0 ? [] : [`Prometheus on \`${metric}\`: ${outside} samples outside the window are left out`]),
  ]
  const series = Map.groupBy(measurements, ({ labels }) => endpointOf(labels ?? {}) ?? '')
  if (series.size === 0)
    return { measurements: [], notes: [...warnings, `Prometheus has no sample of \`${metric}\`: not measured`] }
  requireOneSeries(asked, measurements)
  const isPartial = hasWarnings(reply)
  return {
    measurements: [...series]
      .sort(([a], [b]) => compareText(a, b))
      .map(([endpoint, samples]) => ({
        metric,
        ...(endpoint === '' ? {} : { endpoint }),
        ...oneValue(asked, samples, isPartial),
        definition: definitionOf(asked),
      })),
    notes: warnings,
  }
}

function readReply({ metric, query }: RangeQuery, reply: Uint8Array) {
  try {
    return importPrometheus({ name: 'reply', bytes: reply }, { metric, query, path: 'query_range' })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const what = `the reply of Prometheus on \`${metric}\` is not understood: ${error.message}`
    throw new Fault('observe/metrics-server', what, error.hint ?? 'is the address that of a Prometheus server?')
  }
}

/** `infos` are advice on the query; `warnings` say that a part may be missing, as `isPartial` of VictoriaMetrics does. */
function hasWarnings(reply: Uint8Array): boolean {
  // As it was read before: bare `NaN` and all.
  const top = readJson(readText(reply, 'json'))
  const { warnings, isPartial } = isObject(top) ? top : {}
  if (isPartial !== undefined && isPartial !== null && isPartial !== false) return true
  return Array.isArray(warnings) ? warnings.length > 0 : warnings !== undefined && warnings !== null
}

/** Another query, step or mean is another definition; a long query by its digest. */
function definitionOf({ query, stepSeconds, over }: RangeQuery): string {
  const line = visibleText(query, LONGEST_QUERY + 1)
  const shown = line.length > LONGEST_QUERY ? `sha256:${sha256Hex(query)}` : line
  return `prometheus:${shown}/step=${stepSeconds}s/${over}`
}

const LONGEST_QUERY = 500

type Value = Pick<Measurement, 'value' | 'reason' | 'n'>

/** A NaN is a moment without traffic; an infinity is a figure out of bounds. `n`: samples with a value. */
function oneValue({ over }: RangeQuery, samples: readonly ImportedMeasurement[], isPartial: boolean): Value {
  const finite = samples.flatMap(({ value }) => (value === null ? [] : [value]))
  const n = finite.length
  if (isPartial) return { value: null, reason: 'partial_result', n }
  if (samples.some(({ reason }) => reason !== null && /inf/i.test(reason)))
    return { value: null, reason: 'non_finite', n }
  if (n === 0) return { value: null, reason: 'empty_window', n }
  const value = OVER[over](finite)
  // A sum of large values has no number.
  return Number.isFinite(value) ? { value, n } : { value: null, reason: 'non_finite', n }
}

const OVER: Readonly<Record<RangeQuery['over'], (values: readonly number[]) => number>> = {
  mean: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  max: (values) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  min: (values) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
  last: (values) => values.at(-1) ?? Number.NaN,
}

function endpointOf(labels: Readonly<Record<string, string>>): string | undefined {
  return ['endpoint', 'handler', 'route', 'path'].map((name) => labels[name]).find((one) => one !== undefined)
}

/** One value a subject: instances and methods are to be added up in the query. */
function requireOneSeries({ metric }: RangeQuery, samples: readonly ImportedMeasurement[]): void {
  const times = new Set<string>()
  for (const { at, labels } of samples) {
    const key = `${at} ${endpointOf(labels ?? {}) ?? ''}`
    if (!times.has(key)) times.add(key)
    else {
      const names = [...new Set(samples.flatMap((one) => Object.keys(one.labels ?? {})))].sort(compareText)
      const what = `the query of \`${metric}\` answers several series of one subject (labels \`${names.map((name) => visibleText(name)).join('`, `')}\`)`
      throw new Fault('observe/metrics-server', what, 'add them up: `sum by (endpoint) (…)`, or `sum(…)`')
    }
  }
}

function requireKnown(metric: string): void {
  const ids = SLA_METRICS.map(({ id }) => id)
  if (ids.includes(metric)) return
  const near = nearestWord(metric, ids)
  throw new Fault(
    'observe/unknown-metric',
    `\`sla.queries\` of the card names \`${visibleText(metric)}\`, which is no metric`,
    near === undefined ? ids.join(', ') : `did you mean \`${near}\`?`,
  )
}
