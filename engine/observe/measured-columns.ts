// Which columns of the data a card asks for, and in which part each stands: what must be there, and what may come later.
import type { Feature, ModelCard } from '../domain/model-card.ts'
import type { WantedColumn } from '../world-sql.ts'
import type { OutcomeColumns } from './summarise/outcome-columns.ts'

export type CardData = NonNullable<ModelCard['data']>
export type CardSla = NonNullable<ModelCard['sla']>

/** The features that are measured; a protected attribute is watched as one, also where the model does not read it. */
export function monitoredFeatures({ features, protected: attributes = [] }: CardData): readonly Feature[] {
  const listed = new Set(features.map(({ name }) => name))
  const others = attributes.filter(({ name }) => !listed.has(name))
  return [
    ...features.filter(({ monitor }) => monitor !== false),
    ...others.map(({ name }): Feature => ({ name, type: 'category' })),
  ]
}

/** Every column that a window needs, but the label; a feature's type comes first, then what the part of the column asks for. */
export function neededColumns(data: CardData, sla: CardSla | undefined): readonly WantedColumn[] {
  const columns = new Map<string, WantedColumn>()
  const need = (name: string | undefined, kind: WantedColumn['kind']) => {
    if (name !== undefined && !columns.has(name)) columns.set(name, { name, kind: kindOfFeature(data, name) ?? kind })
  }
  for (const { name, type } of monitoredFeatures(data)) need(name, type)
  need(data.prediction, outcomeKind(data))
  need(data.score, 'number')
  need(data.timestamp, 'timestamp')
  for (const { name } of data.protected ?? []) need(name, 'category')
  need(data.reasons, 'text')
  need(sla?.columns?.latency, 'number')
  need(sla?.columns?.error, 'boolean')
  need(sla?.columns?.endpoint, 'category')
  return [...columns.values()]
}

/** The label as a column; null where the card names none. */
export function labelColumn(data: CardData): WantedColumn | null {
  const { label } = data
  return label === undefined ? null : { name: label, kind: kindOfFeature(data, label) ?? outcomeKind(data) }
}

/** What the summaries of outcomes are asked for. */
export function outcomeColumns(
  { kind, prediction, label, score, positive }: CardData,
  isLabelled: boolean,
): OutcomeColumns {
  return {
    kind,
    prediction: kind === 'score' ? (score ?? prediction) : prediction,
    label: isLabelled ? (label ?? null) : null,
    score: score ?? null,
    ...(positive === undefined ? {} : { positive }),
  }
}

/** The column whose drift is the drift of the prediction: a score tells more than the class made from it. */
export function outputColumn({ score, prediction }: CardData): string {
  return score ?? prediction
}

function kindOfFeature({ features }: CardData, name: string): WantedColumn['kind'] | undefined {
  return features.find((feature) => feature.name === name)?.type
}

/**
 * How prediction and label are read: numbers where numbers are meant; of two classes as the data have them, for 1 and true are
 * the same; names of many classes as text, so that those of two files compare.
 */
export function outcomeKind({ kind }: CardData): WantedColumn['kind'] {
  if (kind === 'multiclass') return 'category'
  return kind === 'binary' ? 'class' : 'number'
}
