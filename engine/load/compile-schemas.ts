// Turns the published schemas into one ES module that stands in for validators.ts in the bundle. Run by build.ts alone.
import { readFileSync } from 'node:fs'
import standalone from 'ajv/dist/standalone/index.js'
import { internalError } from '../base/fault.ts'
import { createAjv } from './ajv-options.ts'
import { type JsonSchema, SCHEMA_KINDS } from './schema-kind.ts'

/** The text of the module: the same exports as validators.ts, without any import. */
export function compileSchemas(): string {
  const schemas = SCHEMA_KINDS.map((kind) => ({ kind, schema: readSchema(kind) }))
  const ajv = createAjv({ standalone: true })
  for (const { kind, schema } of schemas) ajv.addSchema(schema, kind)
  const names = Object.fromEntries(SCHEMA_KINDS.map((kind) => [exportName(kind), kind]))
  const code = generate(ajv, names)
  if (/\brequire\(|^import /m.test(code))
    internalError('a schema uses a keyword that needs the run-time library of ajv')
  const table = SCHEMA_KINDS.map((kind) => `'${kind}':${exportName(kind)}`).join(',')
  const texts = schemas.map(({ kind, schema }) => `'${kind}':${JSON.stringify(JSON.stringify(schema))}`).join(',')
  return `${code}
const validators={${table}};
const schemas={${texts}};
export function validatorOf(kind){return validators[kind]}
export function schemaOf(kind){const s=schemas[kind];return typeof s==='string'?(schemas[kind]=JSON.parse(s)):s}
`
}

function readSchema(kind: string): JsonSchema {
  return JSON.parse(readFileSync(new URL(`../schemas/${kind}.json`, import.meta.url), 'utf8')) as JsonSchema
}

function exportName(kind: string): string {
  return `validate_${kind.replaceAll('-', '_')}`
}

/** A CommonJS module whose types and whose shape under Node differ: its function is the default, or its default's default. */
function generate(ajv: ReturnType<typeof createAjv>, names: Record<string, string>): string {
  const module = standalone as unknown as { readonly default?: unknown }
  const write = (typeof standalone === 'function' ? standalone : module.default) as (
    a: typeof ajv,
    n: typeof names,
  ) => string
  return write(ajv, names)
}
