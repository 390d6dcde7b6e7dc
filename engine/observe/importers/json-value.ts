// How importers take values out of JSON: own members only, and a refusal that names the key where a type is wrong.
import { Refusal } from './imported.ts'
import type { JsonObject, JsonValue } from './read-json.ts'

/** Neither null nor a list. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A list, of anything. */
export function isArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** An own member. */
export function member(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** A member that must be an object. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = member(object, key)
  if (isObject(value)) return value
  throw wrongType(key, 'an object', value)
}

/** An object, or undefined where it is absent or something else. */
export function maybeObject(object: JsonObject, key: string): JsonObject | undefined {
  const value = member(object, key)
  return isObject(value) ? value : undefined
}

/** Throws `Refusal` with code `type` where the member is no list, or absent. */
export function arrayAt(object: JsonObject, key: string): readonly JsonValue[] {
  const value = member(object, key)
  if (isArray(value)) return value
  throw wrongType(key, 'a list', value)
}

/** A list of objects. */
export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  return arrayAt(object, key).map((item) => {
    if (isObject(item)) return item
    throw wrongType(key, 'a list of objects', item)
  })
}

/** Throws `Refusal` with code `type` where the member is no text, or absent. */
export function textAt(object: JsonObject, key: string): string {
  const value = member(object, key)
  if (typeof value === 'string') return value
  throw wrongType(key, 'text', value)
}

/** Undefined where the member is absent, or no text. */
export function maybeText(object: JsonObject, key: string): string | undefined {
  const value = member(object, key)
  return typeof value === 'string' ? value : undefined
}

/** A number (NaN and infinities included), or null where it is null or absent; anything else is refused. */
export function numberAt(object: JsonObject, key: string): number | null {
  const value = member(object, key)
  if (value === undefined || value === null || typeof value === 'number') return value ?? null
  throw wrongType(key, 'a number', value)
}

/** A finite number, or undefined. */
export function maybeNumber(object: JsonObject, key: string): number | undefined {
  const value = member(object, key)
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** Undefined where the member is absent, or neither true nor false. */
export function maybeBoolean(object: JsonObject, key: string): boolean | undefined {
  const value = member(object, key)
  return typeof value === 'boolean' ? value : undefined
}

/** To be thrown: names the key, what stands there and what was wanted, never the value. */
export function wrongType(key: string, wanted: string, value: JsonValue | undefined): Refusal {
  return new Refusal('type', `\`${key}\` is ${kindOf(value)}, not ${wanted}`)
}

/** `text (\`0,2\`)`, `a list`, `null`: for messages. */
export function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'absent'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return `text (\`${value.slice(0, 40)}\`)`
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

/** Says what was seen at the top: its keys, sorted, or what it is. */
export function unknownShape(value: JsonValue, wanted: string, more = ''): Refusal {
  const seen = isObject(value)
    ? `the keys ${Object.keys(value)
        .sort()
        .slice(0, 20)
        .map((key) => `\`${key.slice(0, 60)}\``)
        .join(', ')}`
    : kindOf(value)
  return new Refusal('unknown-shape', `at the top stands ${seen}${more}; ${wanted}`)
}
