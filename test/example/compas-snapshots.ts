// The snapshots of the COMPAS model from `models/compas/monthly.csv` alone: the reference, thirteen months, the broken tail,
// and the whole period as a validation snapshot, because it would be the newest window otherwise.

import type { Measurement, Purpose, Snapshot } from '../../engine/domain/snapshot.ts'
import { inOrder } from '../../engine/observe/measure.ts'
import { asMeasurement } from '../../engine/observe/metrics/as-measurement.ts'
import { auc } from '../../engine/observe/metrics/auc.ts'
import { categoryPsi } from '../../engine/observe/metrics/column-drift.ts'
import { type Confusion, confusionOf } from '../../engine/observe/metrics/confusion.ts'
import { groupMeasurements } from '../../engine/observe/metrics/group-measurements.ts'
import { known } from '../../engine/observe/metrics/measured.ts'
import { outcomeMeasurements } from '../../engine/observe/metrics/outcome-measurements.ts'
import type { CategoryCounts } from '../../engine/observe/metrics/psi-bins.ts'
import { scoreTable } from '../../engine/observe/metrics/score-table.ts'
import { bitOf, readCounts } from './counts-csv.ts'
import { monthWindow, snapshotOf } from './example-snapshot.ts'

export const COMPAS_COUNTS = 'models/compas/monthly.csv'

/** One line of the file: people of one month and group, by the band of their score, the prediction and the outcome. */
export interface PeopleCount {
  readonly month: string
  readonly race: string
  readonly sex: string
  readonly age_cat: string
  readonly band: string
  readonly prediction: 0 | 1
  readonly label: 0 | 1
  readonly n: number
}

/** As on the card. */
const PROTECTED = [
  { name: 'race', privileged: ['Caucasian'] },
  { name: 'sex', privileged: ['Female'] },
  { name: 'age_cat', privileged: [] },
] as const

/** The three bands in which the score is published, as numbers that keep their order. */
const BAND_ORDER: Readonly<Record<string, number>> = { '1-4': 1, '5-7': 2, '8-10': 3 }

export function readPeople(): PeopleCount[] {
  return readCounts(COMPAS_COUNTS).map((line) => ({
    month: line.month ?? '',
    race: line.race ?? '',
    sex: line.sex ?? '',
    age_cat: line.age_cat ?? '',
    band: line.decile_bin ?? '',
    prediction: bitOf(line.prediction),
    label: bitOf(line.label),
    n: Number(line.n),
  }))
}

export function compasSnapshots(digest: string): Snapshot[] {
  const people = readPeople()
  const reference = people.filter(({ month }) => month <= '2013-03')
  const months = [...new Set(people.map(({ month }) => month))].filter((m) => m > '2013-03' && m <= '2014-04').sort()
  const make = (purpose: Purpose, window: Snapshot['window'], current: readonly PeopleCount[]) =>
    snapshotOf({
      model: 'compas',
      version: '2013.1',
      purpose,
      window,
      rows: { current: rowsOf(current), reference: rowsOf(reference) },
      digest,
      measurements: compasMeasurements(reference, current),
    })
  return [
    make('baseline', monthWindow('2013-01', '2013-03'), reference),
    ...months.map((month) =>
      make(
        'monitoring',
        monthWindow(month),
        people.filter((p) => p.month === month),
      ),
    ),
    make(
      'monitoring',
      monthWindow('2014-05', '2014-12'),
      people.filter(({ month }) => month > '2014-04'),
    ),
    make('validation', monthWindow('2013-01', '2014-12'), people),
  ]
}

function compasMeasurements(
  reference: readonly PeopleCount[],
  current: readonly PeopleCount[],
): readonly Measurement[] {
  const counts = confusionOf(current)
  const scores = scoreTable(
    current.map(({ band, label, n }) => ({
      score: BAND_ORDER[band] ?? Number.NaN,
      positives: label === 1 ? n : 0,
      negatives: label === 0 ? n : 0,
    })),
  )
  const rows = rowsOf(current)
  const attributes = PROTECTED.map(({ name }) => ({
    attributes: [name],
    groups: groupsOf(current, name).map(({ group, counts }) => ({ values: [group], counts })),
  }))
  return inOrder([
    asMeasurement('data.rows', known(rows, rows)),
    asMeasurement('drift.prediction_psi', categoryPsi(bandCounts(reference), bandCounts(current))),
    asMeasurement('performance.auc', auc(scores)),
    ...outcomeMeasurements({ kind: 'binary', prediction: 'prediction', counts, scores: null }),
    ...groupMeasurements({ all: counts, attributes }, { minimumGroupSize: 10, protected: PROTECTED }),
  ])
}

export function groupsOf(
  people: readonly PeopleCount[],
  attribute: 'race' | 'sex' | 'age_cat',
): { group: string; counts: Confusion }[] {
  const byGroup = Map.groupBy(people, (line) => line[attribute])
  return [...byGroup].map(([group, lines]) => ({ group, counts: confusionOf(lines) }))
}

function bandCounts(people: readonly PeopleCount[]): CategoryCounts {
  const byBand = Map.groupBy(people, ({ band }) => band)
  return { values: [...byBand].map(([value, lines]) => ({ value, n: rowsOf(lines) })), missing: 0 }
}

function rowsOf(lines: readonly { readonly n: number }[]): number {
  return lines.reduce((sum, { n }) => sum + n, 0)
}
