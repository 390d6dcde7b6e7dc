// The fields that free-form rules may read are those of the card's schema, with its types: one list, checked against the other.
import assert from 'node:assert/strict'
import test from 'node:test'
import { cardFieldType, cardFieldNames as readableFields } from '../../engine/evaluate/card-fields.ts'
import { cardField, cardFieldNames } from '../../engine/load/card-field.ts'

const SCALARS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
}

/** The type of single values at a path, or null where the schema has an object, or several types. */
function scalarInSchema(path: string): string | null {
  const types = [...new Set((cardField(path)?.types ?? []).filter((t) => t !== 'array').map((t) => SCALARS[t]))]
  return types.length === 1 ? (types[0] ?? null) : null
}

test('every field of the schema that holds values of one type, one or a list, can be read with that type', () => {
  const wrong = cardFieldNames()
    .map((path) => ({ path, schema: scalarInSchema(path), here: cardFieldType(path) ?? null }))
    .filter(({ path, schema, here }) => {
      if (schema === null) return false
      return path.includes('[]') ? here !== `list of ${schema}` : here?.replace('list of ', '') !== schema
    })
  assert.deepEqual(wrong, [])
})

test('no field is readable that the schema does not have', () => {
  assert.deepEqual(
    readableFields().filter((path) => cardField(path) === null),
    [],
  )
})
