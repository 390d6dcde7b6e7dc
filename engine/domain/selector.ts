// Which models a policy applies to: `appliesTo` as a closure over the card.

import { cardValues } from './card-values.ts'
import type { ModelCard } from './model-card.ts'
import type { Selector } from './policy.ts'

/** Whether a policy applies to a card. */
export type Selects = (card: ModelCard) => boolean

/** Every line must hold; a line holds when a value at its path is one of those listed; `not` excludes what it selects. */
export function compileSelector(selector: Selector): Selects {
  const lines = selector.all.map(({ path, anyOf }) => {
    const wanted = new Set(anyOf)
    return (card: ModelCard) => cardValues(card, path).values.some((value) => wanted.has(value))
  })
  const not = selector.not === null ? null : compileSelector(selector.not)
  return (card) => lines.every((holds) => holds(card)) && !not?.(card)
}
