// A file of one kind: read, held against its schema, and what remains of it after the faulty parts are taken out, so that
// the checks of meaning can still tell everything else that is wrong.
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { Place } from '../domain/policy.ts'
import { BareObject } from './bare-object.ts'
import { readYaml, type YamlFile, type YamlPath } from './read-yaml.ts'
import type { SchemaKind } from './schema-kind.ts'
import { describeError } from './schema-problems.ts'
import type { Problem } from './source-text.ts'
import { schemaOf, validatorOf } from './validators.ts'

/** Every part may be missing: because it is optional, or because it was faulty. */
export type Partially<T> = T extends readonly (infer E)[]
  ? readonly (Partially<E> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Partially<T[K]> | undefined }
    : T

/** A file read against its schema. */
export interface Document<T> {
  readonly yaml: YamlFile
  /** The value as written when the file has no error; else null. */
  readonly value: T | null
  /** What of it keeps to the schema; `undefined` when nothing can be said. */
  readonly sound: Partially<T> | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** Never throws: problems are diagnostics. */
export function readDocument<T>(kind: SchemaKind, file: string, bytes: Uint8Array): Document<T> {
  const yaml = readYaml(file, bytes)
  if (yaml.diagnostics.length === 0 && yaml.value !== undefined && validatorOf(kind)(yaml.value)) {
    return { yaml, value: yaml.value as T, sound: yaml.value as Partially<T>, diagnostics: [] }
  }
  return { ...faultyDocument(kind, yaml), value: null } as Document<T>
}

function faultyDocument(kind: SchemaKind, yaml: YamlFile): Omit<Document<unknown>, 'value'> {
  if (yaml.value === undefined && yaml.diagnostics.length > 0)
    return { yaml, sound: undefined, diagnostics: yaml.diagnostics }
  if (yaml.value === undefined || yaml.value === null || typeof yaml.value !== 'object' || Array.isArray(yaml.value)) {
    const problem = problemOf(yaml, [], {
      code: 'load/empty-file',
      message: 'the file holds no fields',
      hint: 'it begins with `apiVersion: tutela/v1` and its `kind`',
    })
    return { yaml, sound: undefined, diagnostics: [...yaml.diagnostics, problem] }
  }
  const validate = validatorOf(kind)
  const errors = validate(yaml.value) ? [] : (validate.errors ?? [])
  const violations = errors.flatMap((error) => describeError(error, yaml, schemaOf(kind)) ?? [])
  const otherKind = violations.find(({ diagnostic }) => diagnostic.code === 'load/wrong-kind')
  // Whatever else a file of another kind holds is right where it belongs.
  if (otherKind !== undefined)
    return { yaml, sound: undefined, diagnostics: [...yaml.diagnostics, otherKind.diagnostic] }
  const refused = new Set(yaml.diagnostics.map((d) => `${d.line}:${d.column}`))
  const fresh = violations.filter(({ diagnostic: d }) => !refused.has(`${d.line}:${d.column}`))
  const sound = without(
    yaml.value,
    violations.map((v) => v.path),
  )
  return {
    yaml,
    sound: sound as Partially<unknown>,
    diagnostics: [...yaml.diagnostics, ...fresh.map((v) => v.diagnostic)],
  }
}

/** A diagnostic at a value. */
export function problemOf(yaml: YamlFile, path: YamlPath, problem: Problem): Diagnostic {
  return yaml.source.problem(yaml.valueSpan(path), problem)
}

/** A diagnostic at a key. */
export function problemAtKey(yaml: YamlFile, path: YamlPath, problem: Problem): Diagnostic {
  return yaml.source.problem(yaml.keySpan(path), problem)
}

/** Where a value stands. */
export function placeOf(yaml: YamlFile, path: YamlPath): Place {
  return yaml.source.placeOf(yaml.valueSpan(path).start)
}

/** Where a key stands. */
export function keyPlaceOf(yaml: YamlFile, path: YamlPath): Place {
  return yaml.source.placeOf(yaml.keySpan(path).start)
}

/** A copy without the values at some paths; a list keeps its positions. The root stays. */
function without(value: unknown, paths: readonly YamlPath[]): unknown {
  if (paths.length === 0 || value === null || typeof value !== 'object') return value
  const [first, rest] = [new Set<string | number>(), new Map<string | number, YamlPath[]>()]
  for (const path of paths) {
    const [part, ...others] = path
    if (part === undefined) continue
    if (others.length === 0) first.add(part)
    else if (!rest.get(part)?.push(others)) rest.set(part, [others])
  }
  const keep = (part: string | number, child: unknown) =>
    first.has(part) ? undefined : without(child, rest.get(part) ?? [])
  if (Array.isArray(value)) return value.map((child, index) => keep(index, child))
  const copy = new BareObject()
  for (const [name, child] of Object.entries(value)) copy[name] = keep(name, child)
  return copy
}
