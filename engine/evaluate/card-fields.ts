// The fields of a model card that a free-form rule may read, with their types. The form of the card is RESOURCES.md.
import type { LogicType } from './logic-operators.ts'

/** `[]` stands for the elements of a list; `*` for any name. A path through a list gives a list. */
const CARD_FIELDS: ReadonlyMap<string, LogicType> = new Map<string, LogicType>([
  ['id', 'text'],
  ['title', 'text'],
  ['formerly', 'list of text'],
  ['purpose', 'text'],
  ['stage', 'text'],
  ['owners', 'list of text'],
  ['validator', 'text'],
  ['risk.tier', 'text'],
  ['risk.automation', 'text'],
  ['risk.domain', 'text'],
  ['privacy.legalBasis', 'text'],
  ['privacy.ropa', 'text'],
  ['privacy.ripd.ref', 'text'],
  ['privacy.ripd.date', 'text'],
  ['criteria.pt', 'text'],
  ['criteria.en', 'text'],
  ['review.last', 'text'],
  ['review.everyDays', 'number'],
  ['data.kind', 'text'],
  ['data.prediction', 'text'],
  ['data.label', 'text'],
  ['data.score', 'text'],
  ['data.timestamp', 'text'],
  ['data.features[].name', 'list of text'],
  ['data.features[].type', 'list of text'],
  ['data.protected[].name', 'list of text'],
  ['versions[].version', 'list of text'],
  ['deployment.environment', 'text'],
  ['deployment.version', 'text'],
  ['deployment.role', 'text'],
  ['deployment.hold', 'boolean'],
  ['deployment.reason', 'text'],
  ['objectives.*', 'number'],
  ['retrain.*', 'text'],
])

/** The type of a path as written after `card.`, or undefined where a card has no such field. */
export function cardFieldType(path: string): LogicType | undefined {
  if (path.endsWith('*') || path.endsWith('.')) return undefined
  return CARD_FIELDS.get(path) ?? CARD_FIELDS.get(`${path.slice(0, path.lastIndexOf('.'))}.*`)
}

/** For `did you mean`. */
export function cardFieldNames(): readonly string[] {
  return [...CARD_FIELDS.keys()].filter((name) => !name.endsWith('*'))
}

/** `data.features[].name` → `['data', 'features', '[]', 'name']`. */
export function cardPath(path: string): readonly string[] {
  return path.split('.').flatMap((part) => (part.endsWith('[]') ? [part.slice(0, -2), '[]'] : [part]))
}
