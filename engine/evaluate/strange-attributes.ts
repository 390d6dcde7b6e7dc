// Measurements of protected attributes that the card does not name: `each: protected` judges the card's attributes, and would find
// them without a measurement. Mostly another language's word for the same column.
import { compareText } from '../base/order.ts'
import { visibleText } from '../base/visible-text.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import type { ModelCard } from '../domain/model-card.ts'

/** `null`: the card tells no data, so no attribute is strange. */
export type KnownAttributes = {
  readonly protected: readonly string[]
  /** With the columns of the output, by whose values labels are counted. */
  readonly all: ReadonlySet<string>
} | null

/** What a card says of attributes. */
export function knownAttributes({ data }: ModelCard): KnownAttributes {
  if (data === undefined) return null
  const names = (data.protected ?? []).map(({ name }) => name)
  const outputs = [data.prediction, data.score, data.label].filter((name) => name !== undefined)
  return { protected: names, all: new Set([...names, ...outputs]) }
}

/** A warning where an attribute that is measured is not the card's. Pairs (`sex × race`, `sex|race`) are of both. */
export function strangeAttributes(
  known: KnownAttributes,
  measured: Iterable<string>,
  at: { readonly file: string; readonly line: number; readonly model: string },
): Diagnostic | null {
  if (known === null) return null
  const isKnown = (name: string) => known.all.has(name) || name.split(/ × |\|/).every((part) => known.all.has(part))
  const strange = [...new Set(measured)].filter((name) => !isKnown(name)).sort(compareText)
  if (strange.length === 0) return null
  const { file, line, model } = at
  const words = (names: readonly string[]) => names.map((name) => `\`${visibleText(name, 60)}\``).join(', ')
  const has = known.protected.length === 0 ? 'the card has none' : `the card has ${words(known.protected)}`
  return {
    file,
    line,
    column: 1,
    severity: 'warning',
    code: 'observe/unknown-attribute',
    message: `${words(strange.slice(0, MOST_LISTED))} ${strange.length === 1 ? 'is no protected attribute' : 'are no protected attributes'} of \`${model}\``,
    hint: `${has}; rules of \`each: protected\` read no other: add it to \`data.protected\`, or import with \`--attribute\``,
  }
}

const MOST_LISTED = 8
