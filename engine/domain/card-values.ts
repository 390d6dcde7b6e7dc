// Reading a model card by a path such as `data.features[].name`.
// Own properties alone, so that no path reaches a prototype.

/** What stands at a path of one card. */
export interface CardValues {
  /** In the card's order; a list at the end of the path gives its elements. */
  readonly values: readonly unknown[]
  /** Whether some branch lacks the field: it is absent, null, or a list without elements. */
  readonly lacking: boolean
}

/**
 * The values at a path, its parts as in `CardRule.path`.
 * A list is entered element by element, with or without `[]`, because `deployment` may be one or a list of them.
 */
export function cardValues(card: unknown, path: readonly string[]): CardValues {
  const values: unknown[] = []
  const lacking = !collect(card, path, 0, values)
  return { values, lacking }
}

/** False where some branch lacks the field. */
function collect(at: unknown, path: readonly string[], depth: number, into: unknown[]): boolean {
  if (at === undefined || at === null) return false
  if (Array.isArray(at)) return collectAll(at, path, path[depth] === '[]' ? depth + 1 : depth, into)
  const part = path[depth]
  if (part === undefined) {
    into.push(at)
    return true
  }
  if (part === '[]') return collect(at, path, depth + 1, into)
  if (typeof at !== 'object' || !Object.hasOwn(at, part)) return false
  return collect((at as Record<string, unknown>)[part], path, depth + 1, into)
}

function collectAll(list: readonly unknown[], path: readonly string[], depth: number, into: unknown[]): boolean {
  let complete = list.length > 0
  for (const element of list) complete = collect(element, path, depth, into) && complete
  return complete
}
