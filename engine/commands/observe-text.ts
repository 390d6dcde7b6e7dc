// What `tutela observe` says: notes on the way, a table of what was measured, and its JSON document.
import { alignRows } from '../base/text-columns.ts'
import { visibleText } from '../base/visible-text.ts'
import { formatNumber } from '../domain/figures.ts'
import type { Metric } from '../domain/metric.ts'
import { type Measurement, type Snapshot, subjectText } from '../domain/snapshot.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { Observed } from './observe-model.ts'

export type MeasuredModel = Extract<Observed, { readonly kind: 'measured' }>

/** Where the snapshot stands, and its figures. Only the line itself, where that is what was asked for. */
export function measuredText({ snapshot, written, alarms }: MeasuredModel): string {
  if (written.kind === 'refused') return 'nothing was written'
  if (written.path === null) return written.text
  const { measurements, model, version, environment, window } = snapshot
  const where = written.line === null ? written.path : `${written.path}:${written.line}`
  const [pairs, shown] = [measurements.filter(isOfPair), measurements.filter((one) => !isOfPair(one))]
  return [
    ...measurementLines(shown),
    ...(pairs.length === 0 ? [] : [`… and ${pairs.length} of groups by two attributes (\`--format json\` shows all)`]),
    ...alarms.map(alarmLine),
    '',
    `${model} ${version} in ${environment}, ${window.start} to ${window.end}: ${rowsText(snapshot)}`,
    `${measurements.length} measurements → ${where}`,
    `digest ${written.digest}`,
    ...(written.commit === null ? [] : [`commit ${written.commit}`]),
  ].join('\n')
}

/** The document of one model, and the entry of each with `--all`. */
export function measuredJson({
  snapshot,
  written,
  chosenBy,
  labels,
  alarms,
  notes,
}: MeasuredModel): Record<string, unknown> {
  return {
    model: snapshot.model,
    ok: written.kind === 'written',
    window: { ...snapshot.window, chosenBy },
    labels,
    alarms: alarms.map(({ detector, positions }) => ({ metric: `concept.${detector}`, at: positions })),
    notes,
    snapshot: { digest: written.digest, path: written.path, line: written.line },
    commit: written.commit,
    line: snapshot,
    diagnostics: written.diagnostics,
  }
}

/** Enough to see where it begins; the document has them all. */
const ALARMS_SHOWN = 8

function alarmLine({ detector, positions }: MeasuredModel['alarms'][number]): string {
  const shown = positions.slice(0, ALARMS_SHOWN).join(', ')
  const more = positions.length > ALARMS_SHOWN ? ', …' : ''
  return `concept.${detector} alarms at ${shown}${more} (rows with a label in order of time, the first is 0)`
}

function rowsText({ rows }: Snapshot): string {
  const count = (value: number) => `${formatNumber(value, { language: 'en' })} ${value === 1 ? 'row' : 'rows'}`
  if (rows === undefined) return 'no rows counted'
  return rows.reference === undefined
    ? count(rows.current)
    : `${count(rows.current)} against ${count(rows.reference)} of the reference`
}

/** `sex=F|race=B`: there are many of them. */
function isOfPair({ group, attribute }: Measurement): boolean {
  return group !== undefined && attribute === undefined
}

/** A definition is told where it is not the catalogue's. */
function measurementLines(measurements: readonly Measurement[]): string[] {
  const rows = measurements.map((one) => {
    const metric = metricsById.get(one.metric)
    const isOwn = one.definition === undefined || one.definition === metric?.definition
    return [
      one.metric,
      visibleText(subjectText(one) ?? '', 50),
      valueText(one, metric),
      intervalText(one, metric),
      one.n === undefined ? '' : formatNumber(one.n, { language: 'en' }),
      isOwn ? '' : visibleText(one.definition ?? '', 60),
    ]
  })
  return alignRows(
    [['metric', 'subject', 'value', '95% interval', 'n', ''], ...rows],
    ['left', 'left', 'right', 'left', 'right'],
  )
}

function valueText({ value, reason }: Measurement, metric: Metric | undefined): string {
  if (value === null) return `– ${visibleText(reason ?? '', 40)}`
  return formatNumber(value, { language: 'en', ...(metric === undefined ? {} : { unit: metric.unit }) })
}

function intervalText({ interval }: Measurement, metric: Metric | undefined): string {
  if (interval === undefined) return ''
  const [low, high] = interval.map((end) => valueText({ metric: '', value: end }, metric))
  return `${low} to ${high}`
}

/** To stderr, in text and in JSON alike: nothing is left out in silence. */
export function noteLines(notes: readonly string[], model: string | null): string[] {
  return notes.map((note) => `note: ${model === null ? '' : `${model}: `}${note}`)
}
