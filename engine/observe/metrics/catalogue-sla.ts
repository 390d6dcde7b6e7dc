// The catalogue's rows on the service: latency, errors, availability.
import type { MetricSource, MetricVariant } from '../../domain/metric.ts'
import { type CatalogueRow, rows } from './catalogue-row.ts'

const SOURCE: MetricSource = {
  pt: 'Prometheus (consulta de intervalo), ou uma coluna dos dados',
  en: 'Prometheus range queries, or a column of the data',
}

const VARIANTS: readonly MetricVariant[] = [
  {
    variant: 'columns',
    definition: 'data-column',
    source: { pt: 'uma coluna dos dados (`sla.columns`)', en: 'a column of the data (`sla.columns`)' },
  },
]

const ROWS: readonly CatalogueRow[] = [
  {
    name: 'latency_p50_ms',
    title: { pt: 'Latência, percentil 50', en: 'Latency, percentile 50' },
    subject: 'model',
    unit: 'ms',
    range: [0, null],
    worse: 'up',
    source: SOURCE,
    note: {
      pt: 'De uma coluna: exata no DuckDB, interpolada como no NumPy; aproximada no Trino. Valores negativos ou infinitos ficam de fora.',
      en: 'From a column: exact on DuckDB, interpolated as NumPy does; approximate on Trino. Negative and infinite values are left out.',
    },
    alsoPer: ['endpoint'],
    variants: VARIANTS,
  },
  {
    name: 'latency_p95_ms',
    title: { pt: 'Latência, percentil 95', en: 'Latency, percentile 95' },
    subject: 'model',
    unit: 'ms',
    range: [0, null],
    worse: 'up',
    source: SOURCE,
    alsoPer: ['endpoint'],
    variants: VARIANTS,
  },
  {
    name: 'latency_p99_ms',
    title: { pt: 'Latência, percentil 99', en: 'Latency, percentile 99' },
    subject: 'model',
    unit: 'ms',
    range: [0, null],
    worse: 'up',
    source: SOURCE,
    alsoPer: ['endpoint'],
    variants: VARIANTS,
  },
  {
    name: 'error_rate',
    title: { pt: 'Taxa de erros', en: 'Error rate' },
    subject: 'model',
    unit: 'share',
    range: [0, 1],
    worse: 'up',
    source: SOURCE,
    interval: 'wilson',
    note: {
      pt: 'De uma coluna: respostas que falharam ÷ linhas em que a coluna diz se falhou.',
      en: 'From a column: answers that failed ÷ rows whose column says whether they did.',
    },
    alsoPer: ['endpoint'],
    variants: VARIANTS,
  },
  {
    name: 'availability',
    title: { pt: 'Disponibilidade', en: 'Availability' },
    subject: 'model',
    unit: 'share',
    range: [0, 1],
    worse: 'down',
    source: SOURCE,
    interval: 'wilson',
    note: {
      pt: 'De uma coluna: 1 − `sla.error_rate`.',
      en: 'From a column: 1 − `sla.error_rate`.',
    },
    alsoPer: ['endpoint'],
    variants: VARIANTS,
  },
  {
    name: 'throughput',
    title: { pt: 'Vazão', en: 'Throughput' },
    subject: 'model',
    unit: 'per second',
    range: [0, null],
    worse: 'down',
    source: SOURCE,
    note: {
      pt: 'De uma coluna: linhas da janela ÷ segundos da janela.',
      en: 'From a column: rows of the window ÷ its seconds.',
    },
    alsoPer: ['endpoint'],
    variants: VARIANTS,
  },
  {
    name: 'burn_rate',
    title: { pt: 'Consumo da margem de erro', en: 'Error-budget burn rate' },
    subject: 'model',
    unit: 'ratio',
    range: [0, null],
    worse: 'up',
    source: SOURCE,
    note: {
      pt: 'De uma coluna: `sla.error_rate` ÷ (1 − `objectives.availability` da ficha). Com 1, a margem acaba justo no fim do período; com 2, na metade dele. Sem esse objetivo, ou com objetivo de 1, não é medida.',
      en: 'From a column: `sla.error_rate` ÷ (1 − `objectives.availability` of the card). At 1 the budget lasts just its period, at 2 half of it. Without that objective, or with one of 1, it is not measured.',
    },
    alsoPer: ['endpoint'],
    variants: VARIANTS,
  },
]

export const SLA_METRICS = rows('sla', ROWS)
