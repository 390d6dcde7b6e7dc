// The one seam to the published schemas: from source they are compiled by ajv when a kind is first met; the bundler puts
// the module that compile-schemas.ts makes in the place of this file, so that the bundle carries no compiler.
import { createRequire } from 'node:module'
import type { JsonSchema, SchemaKind, Validator } from './schema-kind.ts'

const require = createRequire(import.meta.url)
const validators = new Map<SchemaKind, Validator>()

/** The validator of a kind, compiled once. */
export function validatorOf(kind: SchemaKind): Validator {
  let validator = validators.get(kind)
  if (validator === undefined) {
    const { createAjv } = require('./ajv-options.ts') as typeof import('./ajv-options.ts')
    validator = createAjv().compile(schemaOf(kind)) as unknown as Validator
    validators.set(kind, validator)
  }
  return validator
}

/** The schema itself: for error messages, and for the fields that a card may have. */
export function schemaOf(kind: SchemaKind): JsonSchema {
  return require(`../schemas/${kind}.json`) as JsonSchema
}
