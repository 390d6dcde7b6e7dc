// Writes docs/metrics.md and docs/metricas.pt.md from the catalogue: `node test/docs/make-metrics.ts`. metrics.test.ts
// holds the files to it. What no row of the catalogue says (what surprises, and the figures) stands in metrics-words.*.ts.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compareText } from '../../engine/base/order.ts'
import type { Language } from '../../engine/domain/governance.ts'
import type { IntervalMethod, Metric, MetricSource, SubjectKind } from '../../engine/domain/metric.ts'
import type { Feature } from '../../engine/domain/model-card.ts'
import { METRICS } from '../../engine/observe/metrics/catalogue.ts'
import { ENGLISH } from './metrics-words.en.ts'
import { PORTUGUESE } from './metrics-words.pt.ts'

const ROOT = join(import.meta.dirname, '../..')
export const PAGES: Readonly<Record<Language, string>> = {
  en: join(ROOT, 'docs/metrics.md'),
  pt: join(ROOT, 'docs/metricas.pt.md'),
}

/** The words of a page. */
export interface MetricsWords {
  readonly title: string
  readonly intro: string
  readonly families: Readonly<Record<Exclude<Metric['family'], 'custom'>, readonly [title: string, text: string]>>
  readonly columns: readonly string[]
  /** `text` stands over those of drift, `also` over the others. */
  readonly variants: readonly [text: string, also: string, ...columns: string[]]
  readonly subjects: Readonly<Record<SubjectKind, string>>
  readonly worse: Readonly<Record<Metric['worse'], string>>
  readonly unbounded: string
  /** Of the catalogue; a unit that is missing here is the same word. */
  readonly units: Readonly<Record<string, string>>
  readonly intervals: Readonly<Record<IntervalMethod, string>>
  /** Of definitions beside the catalogue's; a name that is missing here is a tool's. */
  readonly variantNames: Readonly<Record<string, string>>
  readonly or: string
  readonly having: string
  readonly types: Readonly<Record<Feature['type'], string>>
  readonly outro: string
}

const WORDS: Readonly<Record<Language, MetricsWords>> = { en: ENGLISH, pt: PORTUGUESE }

export function metricsPage(language: Language): string {
  const words = WORDS[language]
  const families = Object.entries(words.families).map(([family, [title, text]]) =>
    [
      `## ${title}`,
      text,
      table(
        METRICS.filter((metric) => metric.family === family),
        language,
      ),
      ...variantsTable(family, language),
    ].join('\n\n'),
  )
  return `${[`# ${words.title}`, words.intro, ...families, words.outro].join('\n\n')}\n`
}

function table(metrics: readonly Metric[], language: Language): string {
  const { columns } = WORDS[language]
  const head = [`| ${columns.join(' | ')} |`, `|${columns.map(() => '---|').join('')}`]
  return [...head, ...metrics.map((metric) => row(metric, language))].join('\n')
}

/** Definitions beside the catalogue's. */
function variantsTable(family: string, language: Language): string[] {
  const [text, also, ...columns] = WORDS[language].variants
  const { variantNames } = WORDS[language]
  const rows = METRICS.filter((metric) => metric.family === family).flatMap(({ id, variants = [] }) =>
    variants.map(({ variant, definition, source }) =>
      cellsText([`\`${id}\``, variantNames[variant] ?? variant, `\`${definition}\``, sourceText(source, language)]),
    ),
  )
  if (rows.length === 0) return []
  const sorted = rows.sort(compareText)
  return [
    [
      family === 'drift' ? text : also,
      '',
      `| ${columns.join(' | ')} |`,
      `|${columns.map(() => '---|').join('')}`,
      ...sorted,
    ].join('\n'),
  ]
}

function row(metric: Metric, language: Language): string {
  const { subjects, worse, units, intervals, unbounded } = WORDS[language]
  const also = (metric.alsoPer ?? []).map((kind) => subjects[kind])
  const about = [`${subjects[metric.subject]}${kindsText(metric, language)}`, ...also].join(', ')
  const note = metric.note === undefined ? '' : `. ${metric.note[language]}`
  const cells = [
    `\`${metric.id}\``,
    `${metric.title[language]}${note}`,
    about,
    `${units[metric.unit] ?? metric.unit}, ${range(metric.range, unbounded)}`,
    worse[metric.worse],
    `\`${metric.definition}\``,
    sourceText(metric.source, language),
    metric.interval === undefined ? '–' : intervals[metric.interval],
  ]
  return cellsText(cells)
}

function cellsText(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function sourceText(source: MetricSource, language: Language): string {
  return typeof source === 'string' ? source : source[language]
}

/** ` (number with min or max)`: of which features, where it is not of all. */
function kindsText({ features }: Metric, language: Language): string {
  if (features === undefined) return ''
  const { or, having, types } = WORDS[language]
  const kinds = (features.types ?? []).map((type) => types[type]).join(` ${or} `)
  const needs = (features.needs ?? []).map((field) => `\`${field}\``).join(` ${or} `)
  return ` (${[kinds, needs === '' ? '' : `${having} ${needs}`].filter((part) => part !== '').join(' ')})`
}

function range([low, high]: Metric['range'], unbounded: string): string {
  return `${low === null ? `−${unbounded}` : low}…${high === null ? unbounded : high}`
}

if (import.meta.main) {
  for (const language of ['en', 'pt'] as const) writeFileSync(PAGES[language], metricsPage(language))
}
