// What `tutela observe` says: notes on the way, a table of what was measured, and its JSON document.
import { alignRows } from '../base/text-columns.ts'
import { visibleText } from '../base/visible-text.ts'
import { formatNumber } from '../domain/figures.ts'
import type { Language } from '../domain/governance.ts'
import type { Metric } from '../domain/metric.ts'
import { type Measurement, type Snapshot, subjectText } from '../domain/snapshot.ts'
import { metricsById } from '../observe/metrics/catalogue.ts'
import type { Observed } from './observe-model.ts'
import type { ObserveWords } from './observe-words.en.ts'
import type { ObserveScreen } from './observe-words.ts'

export type MeasuredModel = Extract<Observed, { readonly kind: 'measured' }>

/** Where the snapshot stands, and its figures. Only the line itself, where that is what was asked for. */
export function measuredText({ snapshot, written, alarms }: MeasuredModel, screen: ObserveScreen): string {
  const { words } = screen
  if (written.kind === 'refused') return words.nothing
  if (written.path === null) return written.text
  const { measurements, model, version, environment, window } = snapshot
  const where = written.line === null ? written.path : `${written.path}:${written.line}`
  const [pairs, shown] = [measurements.filter(isOfPair), measurements.filter((one) => !isOfPair(one))]
  return [
    ...measurementLines(shown, screen),
    ...(pairs.length === 0 ? [] : [words.pairs(pairs.length)]),
    ...alarms.map((alarm) => alarmLine(alarm, words)),
    '',
    `${words.place(model, version, environment)}, ${words.window(window.start, window.end)}: ${rowsText(snapshot, screen)}`,
    `${words.measurements(measurements.length)} → ${where}`,
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

function alarmLine({ detector, positions }: MeasuredModel['alarms'][number], words: ObserveWords): string {
  const shown = positions.slice(0, ALARMS_SHOWN).join(', ')
  const more = positions.length > ALARMS_SHOWN ? ', …' : ''
  return words.alarms(`concept.${detector}`, `${shown}${more}`)
}

function rowsText({ rows }: Snapshot, { language, words }: ObserveScreen): string {
  const count = (value: number) => words.rows(value, formatNumber(value, { language }))
  if (rows === undefined) return words.noRows
  const current = count(rows.current)
  return rows.reference === undefined ? current : words.against(current, count(rows.reference))
}

/** `sex=F|race=B`: there are many of them. */
function isOfPair({ group, attribute }: Measurement): boolean {
  return group !== undefined && attribute === undefined
}

/** A definition is told where it is not the catalogue's. */
function measurementLines(measurements: readonly Measurement[], screen: ObserveScreen): string[] {
  const { language, words } = screen
  const rows = measurements.map((one) => {
    const metric = metricsById.get(one.metric)
    const isOwn = one.definition === undefined || one.definition === metric?.definition
    return [
      one.metric,
      visibleText(subjectText(one) ?? '', 50),
      valueText(one, metric, language),
      intervalText(one, metric, screen),
      one.n === undefined ? '' : formatNumber(one.n, { language }),
      isOwn ? '' : visibleText(one.definition ?? '', 60),
    ]
  })
  return alignRows([[...words.columns], ...rows], ['left', 'left', 'right', 'left', 'right'])
}

function valueText({ value, reason }: Measurement, metric: Metric | undefined, language: Language): string {
  if (value === null) return `– ${visibleText(reason ?? '', 40)}`
  return formatNumber(value, { language, ...(metric === undefined ? {} : { unit: metric.unit }) })
}

function intervalText(
  { interval }: Measurement,
  metric: Metric | undefined,
  { language, words }: ObserveScreen,
): string {
  if (interval === undefined) return ''
  const [low = '', high = ''] = interval.map((end) => valueText({ metric: '', value: end }, metric, language))
  return words.interval(low, high)
}

/** To stderr, in text and in JSON alike: nothing is left out in silence. */
export function noteLines(notes: readonly string[], model: string | null): string[] {
  return notes.map((note) => `note: ${model === null ? '' : `${model}: `}${note}`)
}
