// The kinds of files that have a published schema, and what is asked of a validator.

/** In the order of their file names. */
export const SCHEMA_KINDS = [
  'enforcement',
  'framework',
  'governance',
  'model-card',
  'policy',
  'policy-test',
  'snapshot',
  'waiver',
] as const

/** The file is `engine/schemas/<kind>.json`. */
export type SchemaKind = (typeof SCHEMA_KINDS)[number]

/** JSON Schema 2020-12, as far as ours use it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
  readonly title?: string
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema | boolean>>
  readonly $defs?: Readonly<Record<string, JsonSchema>>
}

/** What ajv says of one violation. */
export interface SchemaError {
  readonly keyword: string
  /** JSON pointers: into the value, and into the schema. */
  readonly instancePath: string
  readonly schemaPath: string
  readonly params: Readonly<Record<string, unknown>>
  readonly propertyName?: string
}

/** True, or false with `errors` set until the next call. */
export interface Validator {
  (value: unknown): boolean
  errors?: readonly SchemaError[] | null
}
