// What a schema says is wanted at a place, in words for a hint: what the field is for, and what may stand in it.
import type { JsonSchema } from './schema-kind.ts'

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text; quote it where it looks like a number, a day or `true`',
  number: 'a number, without quotes',
  integer: 'a whole number, without quotes',
  boolean: '`true` or `false`',
  array: 'a list: `[a, b]`, or a line `- a` for each',
  object: 'a mapping: its fields stand below it, indented',
  null: 'nothing: leave it out',
}

/** The description of the place and its choices or form; in want of these, its type. Null where the schema says nothing. */
export function wantedValue(schemas: readonly JsonSchema[]): string | null {
  const description = firstText(schemas, 'description')
  const form = choices(schemas) ?? (firstText(schemas, 'title') || null)
  if (description !== null) return form === null || form === NOT_EMPTY ? description : `${description}; ${form}`
  return form ?? typeOf(schemas)
}

/** The same as a sentence, for what stands there already and is wrong. */
export function wantedHint(schemas: readonly JsonSchema[]): string | null {
  const wanted = wantedValue(schemas)
  if (wanted === null) return null
  return firstText(schemas, 'description') === null ? `write ${wanted}` : `it is ${wanted}`
}

/** Says too little beside a description. */
const NOT_EMPTY = 'a text that is not empty'

function firstText(schemas: readonly JsonSchema[], word: 'description' | 'title'): string | null {
  const found = schemas.map((schema) => schema[word]).find((text) => typeof text === 'string')
  return typeof found === 'string' ? found : null
}

function choices(schemas: readonly JsonSchema[]): string | null {
  const constant = schemas.find((schema) => schema.const !== undefined)?.const
  if (constant !== undefined) return `always \`${String(constant)}\``
  const list = schemas.map((schema) => schema.enum).find(Array.isArray) as readonly unknown[] | undefined
  return list === undefined ? null : `one of: ${list.map(String).join(', ')}`
}

function typeOf(schemas: readonly JsonSchema[]): string | null {
  const words = [...new Set(schemas.flatMap(({ type }) => type ?? []))].map((type) => TYPE_WORDS[type] ?? type)
  return words.length === 0 ? null : words.join(', or ')
}
