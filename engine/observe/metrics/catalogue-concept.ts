// The catalogue's rows on concept drift: alarms over the ordered stream of errors.
import { type CatalogueRow, rows } from './catalogue-row.ts'

const ROWS: readonly CatalogueRow[] = [
  {
    name: 'page_hinkley',
    title: { pt: 'Alarmes de Page–Hinkley', en: 'Page–Hinkley alarms' },
    subject: 'model',
    unit: 'count',
    range: [0, null],
    worse: 'up',
    definition: 'page_hinkley/min_instances=30/delta=0.005/threshold=50/alpha=0.9999/both',
    source: 'river PageHinkley',
  },
  {
    name: 'adwin',
    title: { pt: 'Alarmes de ADWIN', en: 'ADWIN alarms' },
    subject: 'model',
    unit: 'count',
    range: [0, null],
    worse: 'up',
    definition: 'adwin/delta=0.002/clock=32/max_buckets=5/min_window=5/grace=10',
    source: 'river 0.26 ADWIN',
  },
  {
    name: 'ddm',
    title: { pt: 'Alarmes de DDM', en: 'DDM alarms' },
    subject: 'model',
    unit: 'count',
    range: [0, null],
    worse: 'up',
    definition: 'ddm/warm_start=30/warning=2/drift=3',
    source: 'river DDM',
  },
]

export const CONCEPT_METRICS = rows('concept', ROWS)
