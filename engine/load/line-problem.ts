// A problem of a snapshot line, and the checks that its parts share: fields, texts, whole numbers. Each tells and goes on.
import { nearestWord } from '../base/nearest-word.ts'
import type { DiagnosticCode } from '../domain/diagnostic.ts'
import type { JsonPath } from './json-scan.ts'
import { schemasAt } from './schema-walk.ts'
import { schemaOf } from './validators.ts'
import { wantedValue } from './wanted-value.ts'

const LONGEST_TEXT = 1000

/** A problem at a place of the value; its offset in the text is found when it is told. */
export interface LineProblem {
  readonly path: JsonPath
  readonly code: DiagnosticCode
  readonly message: string
  readonly hint: string
}

/** Tells a problem; checks collect them all. */
export type Tell = (problem: LineProblem) => undefined

/** Unknown and lacking fields of one object. Fields are own properties: `__proto__` is unknown like any other. */
export function checkFields(
  value: Readonly<Record<string, unknown>>,
  {
    path,
    known,
    required,
  }: { readonly path: JsonPath; readonly known: readonly string[]; readonly required: readonly string[] },
  tell: Tell,
): undefined {
  for (const field of Object.keys(value)) {
    if (known.includes(field)) continue
    const near = nearestWord(field, known)
    tell({
      path: [...path, field],
      code: 'load/unknown-field',
      message: `unknown field \`${shown(field)}\``,
      hint: near === undefined ? `fields here: ${known.join(', ')}` : `did you mean \`${near}\`?`,
    })
  }
  for (const field of required) {
    if (!Object.hasOwn(value, field)) tell(missingField(path, field))
  }
}

/** `source` lacks `digest`: what is missing, and of what. */
export function missingField(path: JsonPath, field: string): LineProblem {
  const within = path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
  const message = `${within === '' ? 'the snapshot' : `\`${within}\``} lacks \`${field}\``
  const wanted = wantedValue(schemasAt(schemaOf('snapshot'), [...path, field]))
  return {
    path,
    code: 'load/missing-field',
    message,
    hint: `add \`"${field}"\`${wanted === null ? '' : `: ${wanted}`}`,
  }
}

/** A text of 1 to 1,000 characters without control characters or lone surrogates; an absent one is not told here. */
export function checkText(text: unknown, at: JsonPath, field: string, tell: Tell): undefined {
  if (text === undefined) return
  if (typeof text !== 'string') return tell(wrongType([...at, field], 'a text', text))
  const problem = problemOfText(text)
  if (problem === null) return
  const hint = `a text here has 1 to ${LONGEST_TEXT} characters on one line`
  tell({ path: [...at, field], code: 'load/bad-text', message: `\`${field}\` ${problem}`, hint })
}

/** A group's name: a text that may be empty or blank, as the value of a column may. */
export function checkGroupName(name: unknown, at: JsonPath, tell: Tell): undefined {
  if (typeof name !== 'string' || name.trim() !== '') checkText(name, at, 'group', tell)
}

function problemOfText(text: string): string | null {
  if (text.trim() === '') return 'is empty'
  if (text.length > LONGEST_TEXT) return `is longer than ${LONGEST_TEXT} characters`
  if (!text.isWellFormed()) return 'has a lone surrogate'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  return /[\u0000-\u001f\u007f-\u009f]/.test(text) ? 'has a control character' : null
}

/** A whole number from 0 to 2^53 − 1; an absent one is not told here. */
export function checkCount(count: unknown, at: JsonPath, field: string, tell: Tell): undefined {
  if (count === undefined || (Number.isSafeInteger(count) && (count as number) >= 0)) return
  const path = [...at, field]
  if (typeof count !== 'number') return tell(wrongType(path, 'a whole number', count))
  const message = `\`${field}\` is ${count}, not a whole number from 0 to 2^53 − 1`
  tell({ path, code: 'load/bad-number', message, hint: 'write how many rows there were' })
}

/** A value of another type than is due at a path. */
export function wrongType(path: JsonPath, wanted: string, found: unknown): LineProblem {
  const isQuoted =
    typeof found === 'string' && wanted.includes('number') && found.trim() !== '' && !Number.isNaN(Number(found))
  return {
    path,
    code: 'load/wrong-type',
    message: `\`${path.at(-1) ?? 'the line'}\` is ${nameOf(found)}, not ${wanted}`,
    hint: isQuoted ? 'write the number without quotes' : `write ${wanted}`,
  }
}

/** An object that is no list and not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value in a message: short, and on one line. */
export function nameOf(value: unknown): string {
  if (typeof value === 'string') return `\`${shown(value)}\``
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' && value !== null ? 'an object' : `\`${value}\``
}

function shown(text: string): string {
  const safe = JSON.stringify(text.toWellFormed()).slice(1, -1)
  return safe.length > 60 ? `${safe.slice(0, 60)}…` : safe
}
