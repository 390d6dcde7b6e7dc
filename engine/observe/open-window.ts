// The data of one model as tables: the rows of the window with their labels, and the reference. What may be absent (a label
// that has not come yet) is told; what must be there is a fault.
import { alikeWord } from '../base/nearest-word.ts'
import { visibleText } from '../base/visible-text.ts'
import type { ModelCard } from '../domain/model-card.ts'
import type { DataSource, FileEngine, SqlTable, WantedColumn } from '../world-sql.ts'
import { joinLabels, keyOf, type LabelCounts } from './labels-join.ts'
import { type CardData, labelColumn, monitoredFeatures, neededColumns, outcomeKind } from './measured-columns.ts'
import { type WindowOfData, type WindowRequest, windowOfData } from './window-of-data.ts'

/** Files of the three parts; without files a part is not there. */
export interface DataFiles {
  readonly current: readonly string[]
  readonly reference: readonly string[]
  readonly labels: readonly string[]
  /** Faults name files relative to it. */
  readonly folder: string
}

export interface OpenRequest {
  readonly data: CardData
  readonly sla: ModelCard['sla']
  readonly files: DataFiles
}

/** Files that were read and found to be what the card says. */
export interface OpenedFiles {
  readonly current: SqlTable
  readonly reference: SqlTable | null
  readonly labels: SqlTable | null
  readonly key: readonly string[]
  readonly keyOnly: readonly string[]
  /** The label as a column; null where the card names none, or where no label is in the data. */
  readonly label: WantedColumn | null
  /** A column that the label's name is a slip of, where the data have no label. */
  readonly likelyLabel: string | null
  /** By part, of what was read. */
  readonly digests: Readonly<Record<string, string>>
}

/** Faults `observe/missing-column`, `observe/wrong-type`, `observe/no-key`, … */
export async function openFiles(engine: FileEngine, { data, sla, files }: OpenRequest): Promise<OpenedFiles> {
  const source = (role: Part, columns: readonly WantedColumn[]): DataSource => {
    return { role, files: files[role], columns, relativeTo: files.folder }
  }
  const label = labelColumn(data)
  const names = await engine.columnNames(source('current', []))
  const key =
    files.labels.length === 0 || label === null
      ? []
      : keyOf(names, await engine.columnNames(source('labels', [])), label.name)
  const needed = neededColumns(data, sla)
  const isHere = label !== null && names.includes(label.name)
  const keyOnly = key.filter((name) => !needed.some((column) => column.name === name))
  const wanted = [
    ...needed.filter(({ name }) => name !== label?.name),
    ...(isHere && label !== null ? [label] : []),
    ...keyOnly.map((name): WantedColumn => ({ name, kind: 'text' })),
  ]
  const { current, reference } = await openAlike(
    engine,
    source('current', wanted),
    await referenceSource(engine, data, source),
  )
  const labels =
    key.length === 0 || label === null ? null : await engine.open(source('labels', labelsColumns(current, key, label)))
  const digests = { current: current.digest, reference: reference?.digest, labels: labels?.digest }
  return {
    current,
    reference,
    labels,
    key,
    keyOnly,
    label: isHere || labels !== null ? label : null,
    likelyLabel: label === null || isHere ? null : (alikeWord(label.name, names) ?? null),
    digests: known(digests),
  }
}

type Part = 'current' | 'reference' | 'labels'

function known(digests: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(digests).flatMap(([part, digest]) => (digest ? [[part, digest]] : [])))
}

/** The reference needs the features and the output; protected attributes and the label where it has them. */
async function referenceSource(
  engine: FileEngine,
  data: CardData,
  source: (role: Part, columns: readonly WantedColumn[]) => DataSource,
): Promise<DataSource | null> {
  const empty = source('reference', [])
  if (empty.files.length === 0) return null
  const names = await engine.columnNames(empty)
  const outputs = [
    { name: data.prediction, kind: outcomeKind(data) },
    ...(data.score === undefined ? [] : [{ name: data.score, kind: 'number' as const }]),
  ]
  const label = labelColumn(data)
  const wanted = new Map<string, WantedColumn>()
  for (const { name, type } of monitoredFeatures(data)) {
    const isFeature = data.features.some((feature) => feature.name === name)
    if (isFeature || names.includes(name)) wanted.set(name, { name, kind: type })
  }
  for (const column of outputs) if (!wanted.has(column.name)) wanted.set(column.name, column)
  if (label !== null && names.includes(label.name) && !wanted.has(label.name)) wanted.set(label.name, label)
  return source('reference', [...wanted.values()])
}

/** Numbers in one file and text in the other (a class from CSV and from Parquet) are compared as text. */
async function openAlike(engine: FileEngine, now: DataSource, before: DataSource | null) {
  const current = await engine.open(now)
  const reference = before === null ? null : await engine.open(before)
  const others = new Map(reference?.columns.map(({ name, kind }) => [name, kind]))
  const unlike = current.columns.filter(({ name, kind }) => others.has(name) && others.get(name) !== kind)
  if (unlike.length === 0 || before === null) return { current, reference }
  const asText = (source: DataSource): DataSource => ({
    ...source,
    columns: source.columns.map((column) =>
      unlike.some(({ name }) => name === column.name) ? { name: column.name, kind: 'category' } : column,
    ),
  })
  return { current: await engine.open(asText(now)), reference: await engine.open(asText(before)) }
}

/** A key is compared as what it is in the current data. */
function labelsColumns(current: SqlTable, key: readonly string[], label: WantedColumn): readonly WantedColumn[] {
  const kinds = new Map(current.columns.map(({ name, kind }) => [name, kind]))
  return [...key.map((name): WantedColumn => ({ name, kind: kinds.get(name) ?? 'text' })), label]
}

export interface OpenedWindow {
  readonly window: WindowOfData
  /** The rows of the window, with the label where there is one. */
  readonly current: SqlTable
  readonly labels: LabelCounts | null
  /** For people: what was left out, and why. */
  readonly notes: readonly string[]
}

/** Faults `observe/no-window`, `observe/future-rows`, `observe/ambiguous-key`. */
export async function openWindow(
  engine: FileEngine,
  opened: OpenedFiles,
  { data, ...request }: Omit<WindowRequest, 'timestamp'> & { readonly data: CardData },
): Promise<OpenedWindow> {
  const window = await windowOfData(engine, opened.current, { ...request, timestamp: data.timestamp ?? null })
  const notes = windowNotes(window, data)
  const { labels, key, keyOnly } = opened
  const label = labels?.columns.find(({ name }) => name === data.label)
  if (labels === null || label === undefined) {
    const absent = opened.label === null && data.label !== undefined
    const { likelyLabel } = opened
    const meant = likelyLabel === null ? '' : ` (did you mean \`${visibleText(likelyLabel)}\`?)`
    const why = `the current data have no column \`${visibleText(data.label ?? '')}\`: no label has come yet${meant}`
    return { window, current: window.table, labels: null, notes: absent ? [...notes, why] : notes }
  }
  const { table, counts } = await joinLabels(engine, { current: window.table, labels, key, label, keyOnly })
  return { window, current: table, labels: counts, notes: [...notes, ...labelNotes(counts)] }
}

function windowNotes({ window, chosenBy, left }: WindowOfData, { timestamp }: CardData): string[] {
  const column = `\`${visibleText(timestamp ?? '')}\``
  return [
    ...(chosenBy === 'column' ? [`the window is that of ${column}: ${window.start} to ${window.end}`] : []),
    ...(timestamp === undefined ? ['the card names no `data.timestamp`: all rows are taken to be of the window'] : []),
    ...(left.outside > 0 ? [`${rows(left.outside)} outside the window by ${column}: left out`] : []),
    ...(left.untimed > 0 ? [`${rows(left.untimed)} without a time in ${column}: left out`] : []),
  ]
}

function labelNotes({ key, rows: all, unknown, keyless, contradicting, shared }: LabelCounts): string[] {
  const names = key.map((name) => `\`${visibleText(name)}\``).join(', ')
  return [
    `labels are joined by ${names}`,
    ...(unknown > 0 ? [`${unknown} ${unknown === 1 ? 'label is' : 'labels are'} of no row of the window`] : []),
    ...(unknown > 0 && unknown === all - keyless
      ? [
          `no label found its row: is ${names} written alike in both files? \`3\` and \`3.0\`, or \`03\`, are different texts`,
        ]
      : []),
    ...(contradicting > 0
      ? [`${rows(contradicting)} of the window had another label in the data: that of \`--labels\` is taken`]
      : []),
    ...(keyless > 0 ? [`${rows(keyless)} of the labels without a key`] : []),
    ...(shared > 0 ? [`${rows(shared)} of the window share their key with another, and so their label`] : []),
  ]
}

function rows(count: number): string {
  return count === 1 ? 'one row' : `${count} rows`
}
