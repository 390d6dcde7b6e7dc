// The short way through most snapshot lines: measurements whose fields stand in the order of RESOURCES.md or of RFC 8785,
// each read and checked by one pattern. What is not plain is no fault yet; snapshot-line.ts says what is. A law of the
// tests holds the two together.
import { type Measurement, type Snapshot, subjectText } from '../domain/snapshot.ts'
import { isInterval, isPlainFigure, isPlainGroup } from './plain-measurement.ts'
import { type Catalogue, checkSnapshot } from './snapshot-check.ts'

const OPENING = '"measurements":['
/** Arbitrary: a pattern keeps a step for each character of a list, which the longest lines allowed would be too many of. */
const MOST_PLAIN_LENGTH = 1 << 20

/** The snapshot that a line surely is; null says nothing but that the long way must be gone. */
export function readPlainLine(text: string, catalogue: Catalogue): Snapshot | null {
  const opening = text.indexOf(OPENING)
  if (opening === -1 || text.length > MOST_PLAIN_LENGTH) return null
  const from = opening + OPENING.length
  const measurements: Measurement[] = []
  const to = readMeasurements(text, from, catalogue, measurements)
  return to === -1 ? null : readAround(text.slice(0, from) + text.slice(to), measurements, catalogue)
}

/** The line without its measurements. Equal to its value written anew, it holds no key twice and no list but that one. */
function readAround(text: string, measurements: readonly Measurement[], catalogue: Catalogue): Snapshot | null {
  const value = parse(text)
  if (checkSnapshot(value, catalogue).length > 0 || JSON.stringify(value) !== text) return null
  return Object.assign(value as Snapshot, { measurements })
}

/** The offset of the bracket after the last; -1 where one is not plain, or stands twice. */
function readMeasurements(text: string, from: number, catalogue: Catalogue, into: Measurement[]): number {
  if (text[from] === ']') return from
  const { pattern, fields } = text.startsWith('{"apiVersion":"tutela/v1","k') ? AS_DOCUMENTED : CANONICAL
  const seen = new DistinctMeasurements()
  const grouped: Draft[] = []
  pattern.lastIndex = from
  for (;;) {
    const match = pattern.exec(text)
    const measurement = match === null ? null : readMeasurement(match, fields, catalogue, grouped)
    if (measurement === null) return -1
    if (!seen.add(measurement)) return -1
    into.push(measurement)
    const end = pattern.lastIndex
    if (text[end] === ']') return readGroups(grouped) ? end : -1
    if (text[end] !== ',') return -1
    pattern.lastIndex = end + 1
  }
}

/** As `measurementKey` tells them apart, without making a key of each: most lines measure a metric by one definition. */
class DistinctMeasurements {
  private readonly first = new Map<string, Measurement>()
  private readonly subjects = new Map<string, Set<string | null>>()

  /** False where an equal one was added before. */
  add(m: Measurement): boolean {
    const first = this.first.get(m.metric)
    if (first === undefined) {
      this.first.set(m.metric, m)
      return true
    }
    let subjects = this.subjects.get(m.metric)
    if (subjects === undefined) {
      subjects = new Set([subjectText(first)])
      this.subjects.set(m.metric, subjects)
    }
    const count = subjects.size
    // No plain text has a line break.
    const isSameDefinition = (m.definition ?? m.metric) === (first.definition ?? first.metric)
    const key = isSameDefinition ? subjectText(m) : `${m.definition ?? m.metric}\n${subjectText(m) ?? ''}`
    return subjects.add(key).size > count
  }
}

type Draft = { [field in Field]?: unknown }

/** Its groups are still their text; then it is added to `grouped`. */
function readMeasurement(
  match: RegExpExecArray,
  fields: readonly Field[],
  catalogue: Catalogue,
  grouped: Draft[],
): Measurement | null {
  const measurement: Draft = {}
  for (let i = 0; i < fields.length; i++) {
    const text = match[i + 1]
    if (text === undefined) continue
    const field = fields[i]
    // Field by field, since V8 is slow to set one whose name it does not know.
    if (field === 'metric') measurement.metric = known(text, catalogue)
    else if (field === 'value') measurement.value = Number(text)
    else if (field === 'n') measurement.n = Number(text)
    else if (field === 'definition') measurement.definition = text
    else if (field === 'feature') measurement.feature = text
    else if (field === 'attribute') measurement.attribute = text
    else if (field === 'group') measurement.group = text
    else if (field === 'endpoint') measurement.endpoint = text
    else if (field === 'groups') {
      measurement.groups = text
      grouped.push(measurement)
    } else {
      measurement.interval = parse(text)
      if (!isInterval(measurement.interval)) return null
    }
  }
  const read = measurement as unknown as Measurement
  return isPlainFigure(read, catalogue) ? read : null
}

/** The catalogue's own text of a metric where it has it: all that is looked up by it later is found without hashing it. */
function known(metric: string, catalogue: Catalogue): string {
  const id = catalogue.get(metric)?.id
  return id === metric ? id : metric
}

/**
 * Texts to lists; false where some are not plain. All are parsed as one, which costs a fraction: in a text no bracket closes
 * but its last, so there are as many lists as texts only where each text is one. Written anew they are the same: so no key
 * stands twice.
 */
function readGroups(grouped: readonly Draft[]): boolean {
  const text = `[${grouped.map(({ groups }) => groups).join(',')}]`
  const lists = parse(text)
  if (!Array.isArray(lists) || lists.length !== grouped.length || JSON.stringify(lists) !== text) return false
  for (const [i, measurement] of grouped.entries()) {
    const list: unknown = lists[i]
    if (!Array.isArray(list) || !list.every(isPlainGroup)) return false
    measurement.groups = list
  }
  return true
}

/** Undefined where it is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Those of plain-measurement.ts, without what JSON escapes. */
const TEXT = '"([!#-[\\]-~\\u00a1-\\u024f][ !#-[\\]-~\\u00a1-\\u024f]{0,199})"'
const NUMBER = '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][-+]?\\d+)?'
const PATTERNS = {
  metric: TEXT,
  feature: TEXT,
  attribute: TEXT,
  group: TEXT,
  endpoint: TEXT,
  definition: TEXT,
  value: `(${NUMBER})`,
  n: '(0|[1-9]\\d{0,14})',
  interval: `(\\[${NUMBER},${NUMBER}\\])`,
  groups: '(\\[\\{[^\\]]*\\}\\])',
}
type Field = keyof typeof PATTERNS

/** A measurement has a metric and a value; its other fields may be missing. One group of the pattern a field. */
function form(before: readonly Field[], after: readonly Field[]): { pattern: RegExp; fields: readonly Field[] } {
  const optional = (field: Field) => (field === 'value' ? '' : '?')
  const first = before.map((field) => `(?:"${field}":${PATTERNS[field]},)?`)
  const rest = after.map((field) => `(?:,"${field}":${PATTERNS[field]})${optional(field)}`)
  const pattern = new RegExp(`\\{${first.join('')}"metric":${TEXT}${rest.join('')}\\}`, 'y')
  return { pattern, fields: [...before, 'metric', ...after] }
}

const CANONICAL = form(
  ['attribute', 'definition', 'endpoint', 'feature', 'group', 'groups', 'interval'],
  ['n', 'value'],
)
const AS_DOCUMENTED = form(
  [],
  ['feature', 'attribute', 'group', 'endpoint', 'value', 'interval', 'n', 'definition', 'groups'],
)
