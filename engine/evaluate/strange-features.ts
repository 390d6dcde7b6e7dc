// Measurements that no rule can reach: features of which the card has none. Mostly the names of another data set, or of a column
// before it was renamed; a rule of `each: feature` would find its own features missing.
import { compareText } from '../base/order.ts'
import { visibleText } from '../base/visible-text.ts'
import type { Diagnostic } from '../domain/diagnostic.ts'
import { type Deployment, deploymentsOf, type ModelCard } from '../domain/model-card.ts'
import type { Measurement, SnapshotHistory } from '../domain/snapshot.ts'
import { groupByWindow } from './metric-history.ts'
import { type KnownAttributes, knownAttributes, strangeAttributes } from './strange-attributes.ts'

/** Names by which a card's columns are measured; `null`: it names no feature, so none is strange. */
export type KnownFeatures = ReadonlySet<string> | null

/** What is kept of a card when it is let go. */
export interface MeasuredCard {
  readonly model: string
  readonly known: KnownFeatures
  readonly attributes: KnownAttributes
  readonly deployments: readonly Deployment[]
}

/** What stays of a card when it is let go: enough to name the features and attributes that it does not have. */
export function measuredCard(card: ModelCard): MeasuredCard {
  return {
    model: card.id,
    known: knownFeatures(card),
    attributes: knownAttributes(card),
    deployments: deploymentsOf(card),
  }
}

/** Features, protected attributes (watched as features too), and the columns of the output. */
function knownFeatures({ data }: ModelCard): KnownFeatures {
  if (data === undefined || data.features.length === 0) return null
  const outputs = [data.prediction, data.score, data.label].filter((name) => name !== undefined)
  return new Set([...data.features.map((f) => f.name), ...(data.protected ?? []).map((p) => p.name), ...outputs])
}

/** A warning where none of the features that are measured is known; `null` where one is, or none is measured. */
function strangeFeatures(
  known: KnownFeatures,
  measured: Iterable<string>,
  at: { readonly file: string; readonly line: number; readonly model: string },
): Diagnostic | null {
  const names = [...new Set(measured)].sort(compareText)
  if (known === null || names.length === 0 || names.some((name) => known.has(name))) return null
  const { file, line, model } = at
  return {
    file,
    line,
    column: 1,
    severity: 'warning',
    code: 'observe/unknown-feature',
    message: `no feature that is measured here is one of \`${model}\`: ${listed(names)}`,
    hint: `the card has ${listed([...known])}; rules of \`each: feature\` read no other`,
  }
}

/** Of the newest monitoring window of each deployment, each of its snapshots; `metrics`: those of features or attributes. */
export function strangeSnapshots(
  { model, known, attributes, deployments }: MeasuredCard,
  history: SnapshotHistory,
  metrics: readonly string[],
): Diagnostic[] {
  return deployments.flatMap(({ version, environment }) => {
    const newest = groupByWindow(history.windows(version, environment, 'monitoring')).at(0) ?? []
    return newest.flatMap((snapshot) => {
      const measured = metrics.flatMap((metric) => snapshot.measurementsOf(metric) ?? [])
      return strangeMeasured({ known, attributes }, measured, { file: snapshot.file, line: snapshot.line, model })
    })
  })
}

/** Of one snapshot: a warning for its features, and one for its attributes. */
export function strangeMeasured(
  { known, attributes }: Pick<MeasuredCard, 'known' | 'attributes'>,
  measured: readonly Pick<Measurement, 'feature' | 'attribute'>[],
  at: { readonly file: string; readonly line: number; readonly model: string },
): Diagnostic[] {
  const features = measured.flatMap(({ feature }) => feature ?? [])
  const names = measured.flatMap(({ attribute }) => attribute ?? [])
  return [strangeFeatures(known, features, at) ?? [], strangeAttributes(attributes, names, at) ?? []].flat()
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_LISTED).map((name) => `\`${visibleText(name, 60)}\``)
  return `${shown.join(', ')}${names.length > MOST_LISTED ? ` and ${names.length - MOST_LISTED} more` : ''}`
}

const MOST_LISTED = 8
