// The fields of a model card that a free-form rule may read, with their types. The form of the card is RESOURCES.md.
import type { LogicType } from './logic-operators.ts'

/** `[]` stands for the elements of a list; `*` for any name. A path through a list gives a list. */
const PATHS: Readonly<Record<LogicType, readonly string[]>> = {
  text: [
    ...['id', 'title', 'purpose', 'stage', 'validator', 'apiVersion', 'kind'],
    ...['risk.tier', 'risk.automation', 'risk.domain'],
    ...['privacy.legalBasis', 'privacy.ropa', 'privacy.ripd.ref', 'privacy.ripd.date'],
    ...['criteria.pt', 'criteria.en', 'review.last'],
    ...['data.kind', 'data.prediction', 'data.label', 'data.score', 'data.timestamp'],
    ...['data.positive', 'data.reasons', 'data.adverse'],
    ...['sla.columns.latency', 'sla.columns.error', 'sla.columns.endpoint'],
    ...['deployment.environment', 'deployment.version', 'deployment.role', 'deployment.reason'],
    ...['retrain.trigger', 'retrain.*', 'retrain.request.id', 'retrain.request.reason', 'retrain.request.evidence'],
    ...['retrain.request.window.start', 'retrain.request.window.end'],
  ],
  number: ['review.everyDays', 'objectives.*'],
  boolean: ['deployment.hold'],
  'list of text': [
    ...['formerly', 'owners'],
    ...['data.features[].name', 'data.features[].type', 'data.features[].values'],
    ...['data.protected[].name', 'data.protected[].privileged', 'data.protected[].missingGroup'],
    ...['deployment[].environment', 'deployment[].version', 'deployment[].role', 'deployment[].reason'],
    ...['versions[].version', 'versions[].trained'],
    ...['versions[].artifact.uri', 'versions[].artifact.sha256', 'versions[].dataset.uri', 'versions[].dataset.sha256'],
  ],
  'list of number': ['data.features[].min', 'data.features[].max'],
  'list of boolean': [
    'deployment[].hold',
    'data.features[].monitor',
    'data.features[].notNull',
    'data.features[].unique',
  ],
}

const CARD_FIELDS: ReadonlyMap<string, LogicType> = new Map(
  (Object.keys(PATHS) as LogicType[]).flatMap((type) => PATHS[type].map((path) => [path, type] as const)),
)

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
