// Whether the measurements of a snapshot are measurements: known metrics, the right subject, finite values within the
// metric's range, no measurement twice (METRICS.md, RESOURCES.md).
import { nearestWord } from '../base/nearest-word.ts'
import type { Metric } from '../domain/metric.ts'
import { type Measurement, subjectText } from '../domain/snapshot.ts'
import type { JsonPath } from './json-scan.ts'
import {
  checkCount,
  checkFields,
  checkGroupName,
  checkText,
  isObject,
  type LineProblem,
  missingField,
  nameOf,
  type Tell,
  wrongType,
} from './line-problem.ts'
import { isPlain } from './plain-measurement.ts'
import type { Catalogue } from './snapshot-check.ts'

const FIELDS = [
  'metric',
  'feature',
  'attribute',
  'group',
  'endpoint',
  'value',
  'reason',
  'n',
  'interval',
  'level',
  'definition',
  'reference',
  'groups',
]
const isField: ReadonlySet<string> = new Set(FIELDS)
const FIGURE = /^[a-z][a-z0-9_]*$/
const TEXTS = ['feature', 'attribute', 'endpoint', 'reason', 'definition'] as const

/** `path` of each problem begins with `measurements`. */
export function checkMeasurements(list: unknown, catalogue: Catalogue, tell: Tell): undefined {
  if (list === undefined) return
  if (!Array.isArray(list)) return tell(wrongType(['measurements'], 'a list', list))
  const seen = new Set<string>()
  let told = 0
  const tellHere: Tell = (problem) => {
    told++
    return tell(problem)
  }
  for (const [index, measurement] of (list as readonly unknown[]).entries()) {
    if (!isPlain(measurement, catalogue)) {
      const path = ['measurements', index]
      const before = told
      if (isObject(measurement)) checkMeasurement(measurement, path, catalogue, tellHere)
      else tellHere(wrongType(path, 'an object', measurement))
      if (told > before) continue
    }
    const m = measurement as Measurement
    const key = measurementKey(m)
    if (seen.has(key)) tell(measuredTwice(m, ['measurements', index]))
    seen.add(key)
  }
}

/** Equal for measurements of one metric, subject and definition, which a window may have but once. */
export function measurementKey(m: Measurement): string {
  return `${m.metric}\n${m.definition ?? m.metric}\n${subjectText(m) ?? ''}`
}

/** The same metric, subject and definition twice in one window. */
export function measuredTwice(m: Measurement, path: JsonPath): LineProblem {
  return {
    path,
    code: 'load/duplicate-measurement',
    message: `${nameOf(m.metric)} is measured twice for one subject, definition and window`,
    hint: 'a correction is a snapshot of its own with `supersedes`; a second tool needs a `definition` of its own',
  }
}

/** Tells all that is wrong with one measurement by itself. */
export function checkMeasurement(
  m: Readonly<Record<string, unknown>>,
  path: JsonPath,
  catalogue: Catalogue,
  tell: Tell,
): undefined {
  for (const field in m) {
    if (isField.has(field)) continue
    checkFields(m, { path, known: FIELDS, required: [] }, tell)
    break
  }
  for (const field of TEXTS) checkText(m[field], path, field, tell)
  checkGroupName(m.group, path, tell)
  const metric = metricOf(m, path, catalogue, tell)
  if (metric !== undefined) checkSubject(m, metric, path, tell)
  checkValue(m, metric, path, tell)
  checkCount(m.n, path, 'n', tell)
  if (m.interval !== undefined) checkInterval(m.interval, [...path, 'interval'], tell)
  if (m.level !== undefined) checkLevel(m.level, [...path, 'level'], tell)
  if (m.groups !== undefined) checkGroups(m.groups, [...path, 'groups'], tell)
}

function metricOf(
  m: Readonly<Record<string, unknown>>,
  path: JsonPath,
  catalogue: Catalogue,
  tell: Tell,
): Metric | undefined {
  if (!Object.hasOwn(m, 'metric')) {
    tell(missingField(path, 'metric'))
    return undefined
  }
  const { metric: id } = m
  const metric = typeof id === 'string' ? catalogue.get(id) : undefined
  if (metric !== undefined) return metric
  const near = typeof id === 'string' ? nearestWord(id, catalogue.keys()) : undefined
  tell({
    path: [...path, 'metric'],
    code: 'load/unknown-metric',
    message: `unknown metric ${nameOf(id)}`,
    hint:
      near === undefined
        ? 'a metric of your own is `custom.…`, declared under `metrics` in governance.yaml'
        : `did you mean \`${near}\`?`,
  })
  return undefined
}

/** Measured of rows as a whole, `data.*` describes a data set as well as a feature; any model's figure may be of a slice. */
function checkSubject(m: Readonly<Record<string, unknown>>, metric: Metric, path: JsonPath, tell: Tell): undefined {
  const kind = subjectKind(m)
  if (kind === metric.subject || metric.alsoPer?.some((also) => also === kind) === true) return
  if (metric.subject === 'model' && (kind === 'group' || kind === 'endpoint')) return
  if (kind === 'model' && (metric.subject === 'endpoint' || metric.family === 'data')) return
  const wanted =
    metric.subject === 'protected'
      ? 'a protected attribute'
      : `${/^[aeiou]/.test(metric.subject) ? 'an' : 'a'} ${metric.subject}`
  tell({
    path,
    code: 'load/wrong-subject',
    message: `\`${metric.id}\` is measured of ${metric.subject === 'model' ? 'the model' : wanted}, not of ${KIND_WORDS[kind]}`,
    hint: SUBJECT_HINTS[metric.subject],
  })
}

const KIND_WORDS = {
  model: 'the model',
  feature: 'a feature',
  protected: 'a protected attribute',
  group: 'a group',
  endpoint: 'an endpoint',
  mixed: 'two things at once',
}
const SUBJECT_HINTS = {
  model: 'leave out `feature`, `attribute`, `group` and `endpoint`',
  feature: 'name it in `feature`, and nothing else',
  protected: 'name it in `attribute`, and nothing else',
  group: 'name it in `attribute` and `group`',
  endpoint: 'name it in `endpoint`, and nothing else',
}

function subjectKind(m: Readonly<Record<string, unknown>>): keyof typeof KIND_WORDS {
  const isOfGroup = m.attribute !== undefined || m.group !== undefined
  if (m.feature !== undefined) return isOfGroup || m.endpoint !== undefined ? 'mixed' : 'feature'
  if (m.endpoint !== undefined) return isOfGroup ? 'mixed' : 'endpoint'
  if (m.group !== undefined) return 'group'
  return m.attribute === undefined ? 'model' : 'protected'
}

function checkValue(
  m: Readonly<Record<string, unknown>>,
  metric: Metric | undefined,
  path: JsonPath,
  tell: Tell,
): undefined {
  const { value } = m
  if (value === undefined) return tell(missingField(path, 'value'))
  if (value === null) {
    if (m.reason === undefined) {
      tell({
        path: [...path, 'value'],
        code: 'load/no-reason',
        message: 'a value of `null` has no `reason`',
        hint: 'say why it could not be measured: `"reason":"…"`',
      })
    }
  } else if (!isWithin(value, metric)) checkFigure(value, metric, [...path, 'value'], tell)
  const { reference } = m
  if (reference !== undefined && !isWithin(reference, metric))
    checkFigure(reference, metric, [...path, 'reference'], tell)
}

function isWithin(figure: unknown, metric: Metric | undefined): boolean {
  if (!Number.isFinite(figure)) return false
  if (metric === undefined) return true
  const [low, high] = metric.range
  return (low === null || (figure as number) >= low) && (high === null || (figure as number) <= high)
}

/** Of a figure that is not within the range: what is wrong with it. */
function checkFigure(figure: unknown, metric: Metric | undefined, path: JsonPath, tell: Tell): undefined {
  if (typeof figure !== 'number') return tell(wrongType(path, 'a number', figure))
  if (!Number.isFinite(figure)) {
    return tell({
      path,
      code: 'load/not-finite',
      message: `\`${path.at(-1)}\` is not finite`,
      hint: 'write `null` with a `reason`',
    })
  }
  if (metric === undefined) return
  const [low, high] = metric.range
  tell({
    path,
    code: 'load/out-of-range',
    message: `\`${path.at(-1)}\` is ${figure}, outside the range of \`${metric.id}\`, ${low ?? '−∞'} to ${high ?? '∞'}`,
    hint: high === 1 ? 'shares are 0 to 1, not percent' : `the unit is \`${metric.unit}\``,
  })
}

function checkInterval(interval: unknown, path: JsonPath, tell: Tell): undefined {
  if (!Array.isArray(interval) || interval.length !== 2) return tell(wrongType(path, 'a list of two numbers', interval))
  const [low, high] = interval as readonly unknown[]
  if (!Number.isFinite(low) || !Number.isFinite(high))
    return tell(wrongType(path, 'a list of two finite numbers', interval))
  if ((low as number) > (high as number))
    tell({
      path,
      code: 'load/bad-interval',
      message: `the interval begins at ${low}, above its end ${high}`,
      hint: 'write its lower end first',
    })
}

function checkLevel(level: unknown, path: JsonPath, tell: Tell): undefined {
  if (typeof level !== 'number') return tell(wrongType(path, 'a number', level))
  if (!(level > 0 && level < 1))
    tell({
      path,
      code: 'load/bad-number',
      message: `\`level\` is ${level}, not between 0 and 1`,
      hint: 'write it as a share, such as `0.95`',
    })
}

function checkGroups(groups: unknown, path: JsonPath, tell: Tell): undefined {
  if (!Array.isArray(groups)) return tell(wrongType(path, 'a list', groups))
  for (const [index, group] of (groups as readonly unknown[]).entries()) {
    const here = [...path, index]
    if (isObject(group)) checkGroup(group, here, tell)
    else tell(wrongType(here, 'an object', group))
  }
}

/** `group` and `n`, `suppressed`, and any figures by name. */
function checkGroup(group: Readonly<Record<string, unknown>>, path: JsonPath, tell: Tell): undefined {
  checkGroupName(group.group, path, tell)
  checkCount(group.n, path, 'n', tell)
  for (const field in group) if (!isRight(field, group[field])) tell(wrongFigure(field, group[field], path))
  for (const field of ['group', 'n']) {
    if (!Object.hasOwn(group, field)) tell(missingField(path, field))
  }
}

function isRight(field: string, value: unknown): boolean {
  if (field === 'group' || field === 'n') return true
  if (field === 'suppressed') return typeof value === 'boolean'
  return FIGURE.test(field) && (value === null || Number.isFinite(value))
}

function wrongFigure(field: string, value: unknown, at: JsonPath): LineProblem {
  const path = [...at, field]
  if (field === 'suppressed') return wrongType(path, 'true or false', value)
  if (FIGURE.test(field)) return wrongType(path, 'a finite number', value)
  const hint = 'names are of `a-z`, `0-9` and `_`'
  return { path, code: 'load/unknown-field', message: `${nameOf(field)} is no name of a figure`, hint }
}
