// What a model card may hold at a path such as `data.features[].name`: read from its schema, so that rules and selectors over
// fields or values that no card can have are told.
import type { JsonSchema } from './schema-kind.ts'
import { schemasAt } from './schema-walk.ts'
import { schemaOf } from './validators.ts'

/** What the schema of cards says of one path. */
export interface CardField {
  /** JSON Schema types; empty where anything is allowed. */
  readonly types: readonly string[]
  /** The only values, where there is a list of them. */
  readonly values: readonly string[] | null
  readonly isDay: boolean
  /** Every card has it. */
  readonly isRequired: boolean
  readonly minimum: number | null
}

const fields = new Map<string, CardField | null>()

/** `data.features[].name` → `['data', 'features', '[]', 'name']`. */
export function cardPath(text: string): readonly string[] {
  return text.split('.').flatMap((part) => (part.endsWith('[]') ? [part.slice(0, -2), '[]'] : [part]))
}

/** `null` where a card has no such field. */
export function cardField(text: string): CardField | null {
  let field = fields.get(text)
  if (field === undefined) {
    field = findField(text)
    fields.set(text, field)
  }
  return field
}

/** What to do about a path that no card has. */
export const NO_CARD_FIELD = 'fields are those of models/<id>/card.yaml, such as `risk.tier`'

/** For `did you mean`: every path that has a name of its own. */
export function cardFieldNames(): readonly string[] {
  return namesBelow(schemaOf('model-card'), [], schemaOf('model-card'))
}

function findField(text: string): CardField | null {
  const root = schemaOf('model-card')
  const path = cardPath(text).map((part) => (part === '[]' ? 0 : part))
  for (let depth = 1; depth <= path.length; depth++) {
    if (schemasAt(root, path.slice(0, depth)).length > 0) continue
    const parents = schemasAt(root, path.slice(0, depth - 1))
    const isOpen = parents.some((s) => s.type === 'object' && s.additionalProperties === undefined)
    return isOpen ? { types: [], values: null, isDay: false, isRequired: false, minimum: null } : null
  }
  return describe(schemasAt(root, path), path.length === 1 && [root.required].flat().includes(path[0]))
}

function describe(schemas: readonly JsonSchema[], isRequired: boolean): CardField {
  // A list is entered element by element, with or without `[]`.
  const all = schemas.flatMap((s) =>
    typeof s.items === 'object' ? schemasAt({ ...s, $defs: schemaOf('model-card').$defs ?? {} }, [0]) : [s],
  )
  const values = all.find((s) => Array.isArray(s.enum))?.enum as readonly string[] | undefined
  const minimum = all.find((s) => typeof s.minimum === 'number')?.minimum as number | undefined
  const types = [...new Set(all.flatMap((s) => [s.type ?? (s.enum === undefined ? [] : 'string')].flat()))]
  return {
    types,
    values: values ?? null,
    isDay: all.some((s) => s.title?.startsWith('a day ')),
    isRequired,
    minimum: minimum ?? null,
  }
}

function namesBelow(root: JsonSchema, path: readonly (string | number)[], schema: JsonSchema): readonly string[] {
  return schemasAt(root, path).flatMap((here) => {
    if (typeof here.items === 'object' && path.at(-1) !== 0) return namesBelow(root, [...path, 0], schema)
    return Object.keys(here.properties ?? {}).flatMap((name) => {
      const child = [...path, name]
      return [textOf(child), ...namesBelow(root, child, schema)]
    })
  })
}

function textOf(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, part) => (part === 0 ? `${text}[]` : text === '' ? String(part) : `${text}.${part}`),
    '',
  )
}
