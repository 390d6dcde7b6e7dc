// Whether a parsed value is a snapshot: fields, kinds and numbers (RESOURCES.md), checked by hand because it runs once a
// line. The published form is schemas/snapshot.json; a test holds the two together. Measurements: measurement-check.ts.

import { nearestWord } from '../base/nearest-word.ts'
import { parseInstant } from '../domain/instant.ts'
import type { Metric } from '../domain/metric.ts'
import type { JsonPath } from './json-scan.ts'
import {
  checkCount,
  checkFields,
  checkText,
  isObject,
  type LineProblem,
  nameOf,
  type Tell,
  wrongType,
} from './line-problem.ts'
import { checkMeasurements } from './measurement-check.ts'

/** Metrics by id: the catalogue's and the institution's own. */
export type Catalogue = ReadonlyMap<string, Metric>

const FIELDS = [
  'apiVersion',
  'kind',
  'model',
  'version',
  'environment',
  'purpose',
  'window',
  'rows',
  'source',
  'supersedes',
  'measurements',
]
const REQUIRED = [
  'apiVersion',
  'kind',
  'model',
  'version',
  'environment',
  'purpose',
  'window',
  'source',
  'measurements',
]
const ID = /^[a-z0-9-]{1,100}$/
const PURPOSES = ['monitoring', 'baseline', 'validation']

/** All problems of the value itself: not of its file, its time or other lines. None: it is a `Snapshot`. */
export function checkSnapshot(value: unknown, catalogue: Catalogue): readonly LineProblem[] {
  const problems: LineProblem[] = []
  const tell: Tell = (problem) => {
    problems.push(problem)
  }
  if (!isObject(value)) {
    tell({
      path: [],
      code: 'load/wrong-type',
      message: `a snapshot is an object, not ${nameOf(value)}`,
      hint: 'a line is one JSON object: `{"apiVersion":"tutela/v1","kind":"Snapshot",…}`',
    })
    return problems
  }
  checkFields(value, { path: [], known: FIELDS, required: REQUIRED }, tell)
  checkHead(value, tell)
  checkWindow(value.window, tell)
  checkRows(value.rows, tell)
  checkSource(value.source, tell)
  checkMeasurements(value.measurements, catalogue, tell)
  return problems
}

function checkHead(value: Readonly<Record<string, unknown>>, tell: Tell): undefined {
  checkConstant(value, 'apiVersion', ['tutela/v1'], tell)
  checkConstant(value, 'kind', ['Snapshot'], tell)
  checkConstant(value, 'purpose', PURPOSES, tell)
  checkId(value.model, 'model', tell)
  checkId(value.environment, 'environment', tell)
  checkText(value.version, [], 'version', tell)
  if (typeof value.version === 'string' && /\s/.test(value.version)) {
    tell({
      path: ['version'],
      code: 'load/bad-version',
      message: 'the version has white space in it',
      hint: 'write it as on the card',
    })
  }
  checkDigest(value.supersedes, ['supersedes'], tell)
}

function checkId(id: unknown, field: string, tell: Tell): undefined {
  if (id === undefined || (typeof id === 'string' && ID.test(id))) return
  const hint = 'it is of `a-z`, `0-9` and `-`, at most 100 characters'
  tell({ path: [field], code: 'load/bad-id', message: `\`${field}\` is ${nameOf(id)}, which is no id`, hint })
}

function checkDigest(digest: unknown, path: JsonPath, tell: Tell): undefined {
  if (digest === undefined || (typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest))) return
  const hint = 'it is `sha256:` and the 64 lower-case hex digits of a SHA-256'
  tell({ path, code: 'load/bad-digest', message: `\`${path.at(-1)}\` is ${nameOf(digest)}, which is no digest`, hint })
}

function checkConstant(
  value: Readonly<Record<string, unknown>>,
  field: string,
  allowed: readonly string[],
  tell: Tell,
): undefined {
  const found = value[field]
  if (found === undefined || (typeof found === 'string' && allowed.includes(found))) return
  const near = typeof found === 'string' ? nearestWord(found, allowed) : undefined
  tell({
    path: [field],
    code: 'load/bad-value',
    message: `\`${field}\` is ${allowed.length === 1 ? '' : 'one of '}${allowed.map((word) => `\`${word}\``).join(', ')}, not ${nameOf(found)}`,
    hint: `write \`${near ?? allowed[0]}\`${allowed.length === 1 || near !== undefined ? '' : `, or another of ${allowed.length}`}`,
  })
}

function checkWindow(window: unknown, tell: Tell): undefined {
  if (window === undefined) return
  if (!isObject(window)) return tell(wrongType(['window'], 'an object', window))
  checkFields(window, { path: ['window'], known: ['start', 'end'], required: ['start', 'end'] }, tell)
  const start = checkInstant(window.start, ['window', 'start'], tell)
  const end = checkInstant(window.end, ['window', 'end'], tell)
  if (start === null || end === null || start < end) return
  tell({
    path: ['window', 'end'],
    code: 'load/window-order',
    message: `the window ends at \`${window.end}\`, not after its start \`${window.start}\``,
    hint: 'exchange the two, or correct one',
  })
}

function checkInstant(text: unknown, path: JsonPath, tell: Tell): number | null {
  if (text === undefined) return null
  const at = typeof text === 'string' && text.endsWith('Z') ? parseInstant(text) : null
  if (at === null) {
    tell({
      path,
      code: 'load/bad-instant',
      message: `${nameOf(text)} is no instant in UTC`,
      hint: 'write it as `2026-11-21T00:00:00Z`',
    })
  }
  return at
}

function checkRows(rows: unknown, tell: Tell): undefined {
  if (rows === undefined) return
  if (!isObject(rows)) return tell(wrongType(['rows'], 'an object', rows))
  checkFields(rows, { path: ['rows'], known: ['current', 'reference'], required: ['current'] }, tell)
  for (const field of ['current', 'reference']) checkCount(rows[field], ['rows'], field, tell)
}

function checkSource(source: unknown, tell: Tell): undefined {
  if (source === undefined) return
  if (!isObject(source)) return tell(wrongType(['source'], 'an object', source))
  const fields = ['tool', 'version', 'digest']
  checkFields(source, { path: ['source'], known: fields, required: fields }, tell)
  checkText(source.tool, ['source'], 'tool', tell)
  checkText(source.version, ['source'], 'version', tell)
  checkDigest(source.digest, ['source', 'digest'], tell)
}
