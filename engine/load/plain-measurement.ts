// The short way through most measurements: those of plain names and figures within their range have nothing to be told.
// What is not plain is no fault yet; measurement-check.ts says what is. A law of the tests holds the two together.
import type { Metric } from '../domain/metric.ts'
import type { Measurement } from '../domain/snapshot.ts'
import type { Catalogue } from './snapshot-check.ts'

/** Latin letters and what is printed with them; a text does not begin with a space. */
const PLAIN = /^[!-~\u00a1-\u024f][ -~\u00a1-\u024f]{0,199}$/
const FIGURE = /^[a-z][a-z0-9_]*$/

/** Whether a measurement is surely right by itself. */
export function isPlain(m: unknown, catalogue: Catalogue): boolean {
  if (typeof m !== 'object' || m === null || Array.isArray(m)) return false
  let metric: Metric | undefined
  let value: unknown
  let kind = 0
  for (const field in m) {
    const it = (m as Record<string, unknown>)[field]
    switch (field) {
      case 'metric':
        metric = typeof it === 'string' ? catalogue.get(it) : undefined
        break
      case 'value':
        value = it
        break
      case 'feature':
      case 'attribute':
      case 'group':
      case 'endpoint':
        if (!isPlainText(it)) return false
        kind += KINDS[field]
        break
      case 'definition':
      case 'reason':
        if (!isPlainText(it)) return false
        break
      case 'n':
        if (!isCount(it)) return false
        break
      case 'interval':
        if (!isInterval(it)) return false
        break
      case 'groups':
        if (!Array.isArray(it) || !it.every(isPlainGroup)) return false
        break
      default:
        return false
    }
  }
  return metric !== undefined && kind === KIND_OF[metric.subject] && isWithin(value, metric.range)
}

/** Whether a metric, its subject and its value, each plain by itself, fit each other. */
export function isPlainFigure(m: Measurement, catalogue: Catalogue): boolean {
  const metric = catalogue.get(m.metric)
  if (metric === undefined) return false
  const kind =
    (m.feature === undefined ? 0 : KINDS.feature) +
    (m.attribute === undefined ? 0 : KINDS.attribute) +
    (m.group === undefined ? 0 : KINDS.group) +
    (m.endpoint === undefined ? 0 : KINDS.endpoint)
  return kind === KIND_OF[metric.subject] && isWithin(m.value, metric.range)
}

const KINDS = { feature: 1, attribute: 2, group: 4, endpoint: 8 }
/** The sum of what names a subject of this kind; the rarer ways go the long way. */
const KIND_OF = { model: 0, feature: 1, protected: 2, group: 6, endpoint: 8 }

function isWithin(value: unknown, range: Metric['range']): boolean {
  // By index: to take a list apart makes an iterator, and this is asked of every measurement.
  const low = range[0]
  const high = range[1]
  return (
    typeof value === 'number' &&
    Number.isFinite(value) &&
    (low === null || value >= low) &&
    (high === null || value <= high)
  )
}

function isPlainText(text: unknown): boolean {
  return typeof text === 'string' && PLAIN.test(text)
}

function isCount(n: unknown): boolean {
  return Number.isSafeInteger(n) && (n as number) >= 0
}

/** Of two finite numbers in order. */
export function isInterval(interval: unknown): boolean {
  if (!Array.isArray(interval) || interval.length !== 2) return false
  const [low, high] = interval as readonly unknown[]
  return Number.isFinite(low) && Number.isFinite(high) && (low as number) <= (high as number)
}

/** Whether a group is surely right by itself. */
export function isPlainGroup(group: unknown): boolean {
  if (typeof group !== 'object' || group === null || Array.isArray(group)) return false
  const { group: name, n } = group as Record<string, unknown>
  if (!isPlainText(name) || !isCount(n)) return false
  for (const field in group) {
    if (field === 'group' || field === 'n') continue
    if (field === 'suppressed' || !FIGURE.test(field)) return false
    if (!Number.isFinite((group as Record<string, unknown>)[field])) return false
  }
  return true
}
