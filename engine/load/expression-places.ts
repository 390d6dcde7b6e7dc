// Where the parts of a free-form rule stand, so that what evaluation refuses is told at the operator or variable concerned.
import { expressionPart, type Place } from '../domain/policy.ts'
import { keyPlaceOf, placeOf } from './read-document.ts'
import type { YamlPath } from './read-yaml.ts'
import type { WrittenRule } from './rule-reader.ts'

/** More parts than evaluation accepts; of a larger expression the first are enough to say where it stands. */
const MOST_PARTS = 1000

/** By `expressionPart`: an operator at its key, a variable at its name, a value where it stands; `""` is the whole. */
export function expressionPlaces({ rule, yaml, path }: WrittenRule): Readonly<Record<string, Place>> {
  const root = [...path, 'failsWhen']
  const places: Record<string, Place> = {}
  const waiting: { readonly part: YamlPath; readonly value: unknown }[] = [{ part: [], value: rule.failsWhen }]
  for (let count = 0; count < MOST_PARTS; count++) {
    const next = waiting.pop()
    if (next === undefined) break
    const { part, value } = next
    places[expressionPart(part)] ??= placeOf(yaml, [...root, ...part])
    for (const [step, inner] of stepsOf(value)) {
      const within = [...part, step]
      const isName = step === 'var' && typeof inner === 'string'
      if (typeof step === 'string' && !isName) places[expressionPart(within)] = keyPlaceOf(yaml, [...root, ...within])
      waiting.push({ part: within, value: inner })
    }
  }
  return places
}

function stepsOf(value: unknown): (readonly [string | number, unknown])[] {
  if (Array.isArray(value)) return [...value.entries()]
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}
