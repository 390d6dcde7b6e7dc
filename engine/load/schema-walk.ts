// Which parts of a schema speak of a place in a value: through properties, lists, references and conditions.
// ajv's own schema paths lose their root at references, so messages look the place up here.
import type { JsonSchema } from './schema-kind.ts'

/** Every subschema that applies, or may apply, to the value at a path. */
export function schemasAt(root: JsonSchema, path: readonly (string | number)[]): readonly JsonSchema[] {
  let here = expand(root, [root])
  for (const part of path)
    here = here.flatMap((schema) => step(schema, part)).flatMap((schema) => expand(root, [schema]))
  return here
}

function step(schema: JsonSchema, part: string | number): readonly JsonSchema[] {
  if (typeof part === 'number') return asSchemas(schema.items)
  const named =
    schema.properties !== undefined && Object.hasOwn(schema.properties, part) ? schema.properties[part] : undefined
  return named === undefined ? asSchemas(schema.additionalProperties) : asSchemas(named)
}

/** A schema with those it refers to and those of its conditions. */
function expand(root: JsonSchema, schemas: readonly JsonSchema[]): readonly JsonSchema[] {
  return schemas.flatMap((schema) => {
    const more = [
      ...asSchemas(typeof schema.$ref === 'string' ? root.$defs?.[schema.$ref.replace('#/$defs/', '')] : undefined),
      ...['then', 'else'].flatMap((word) => asSchemas(schema[word])),
      ...['allOf', 'oneOf'].flatMap((word) => [schema[word] ?? []].flat().flatMap(asSchemas)),
    ]
    return [schema, ...expand(root, more)]
  })
}

function asSchemas(schema: unknown): readonly JsonSchema[] {
  return typeof schema === 'object' && schema !== null ? [schema as JsonSchema] : []
}
