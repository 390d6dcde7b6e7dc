// The bundled example's numbers: equal to what the committed counts give, to scikit-learn and Fairlearn on the full data
// (../shared/data, where it exists), and to the figures that ProPublica published.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Measurement, Snapshot } from '../../engine/domain/snapshot.ts'
import { categoryPsi } from '../../engine/observe/metrics/column-drift.ts'
import { allRows } from '../../engine/observe/metrics/confusion.ts'
import { groupsOf, readPeople } from './compas-snapshots.ts'
import { PROJECT } from './counts-csv.ts'
import { type LoanMonth, readLoanMonths } from './loan-snapshots.ts'
import { exampleSnapshotFiles } from './make-snapshots.ts'

const DATA = join(PROJECT, '../shared/data')
const NO_DATA = existsSync(DATA) ? false : 'the full data (../shared/data) are not on this machine'

const files = exampleSnapshotFiles()
const snapshots = [...files.values()].flatMap((text) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Snapshot),
)

test('the committed snapshots are those that the committed counts give', () => {
  const committed = readdirSync(join(PROJECT, 'models/snapshots'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ndjson'))
    .map((path) => `models/snapshots/${path}`)
  assert.deepEqual(committed.sort(), [...files.keys()].sort())
  for (const [path, text] of files) assert.equal(readFileSync(join(PROJECT, path), 'utf8'), text, path)
})

test('COMPAS over the whole period has the published rates: 44.85 and 23.45 %, 27.99 and 47.72 %', () => {
  const whole = snapshots.find(({ model, purpose }) => model === 'compas' && purpose === 'validation')
  const percent = (metric: string, group: string) =>
    (100 * figure(whole, metric, { attribute: 'race', group })).toFixed(2)
  assert.equal(percent('fairness.fpr', 'African-American'), '44.85')
  assert.equal(percent('fairness.fpr', 'Caucasian'), '23.45')
  assert.equal(percent('fairness.fnr', 'African-American'), '27.99')
  assert.equal(percent('fairness.fnr', 'Caucasian'), '47.72')
})

test('groups under ten people have a size and nothing else', () => {
  let suppressed = 0
  for (const snapshot of snapshots) {
    const sizes = snapshot.measurements.filter(({ metric }) => metric === 'fairness.group_size')
    for (const size of sizes.filter(({ value }) => (value ?? 0) < 10)) {
      suppressed++
      const others = snapshot.measurements.filter(
        (m) => m.attribute === size.attribute && m.group === size.group && m.metric !== 'fairness.group_size',
      )
      assert.deepEqual(others, [], `${snapshot.model} ${snapshot.window.start} ${size.group}`)
    }
  }
  assert.ok(suppressed > 10)
})

test('the broken label of April 2014 is in the data, and its AUC is null with a reason from May on', () => {
  const april = snapshots.find(({ window }) => window.start === '2014-04-01T00:00:00Z')
  const after = snapshots.find(({ window }) => window.start === '2014-05-01T00:00:00Z')
  assert.ok(figure(april, 'custom.label_rate') > 0.97)
  assert.equal(after?.measurements.find(({ metric }) => metric === 'performance.auc')?.reason, 'one_class')
})

interface ExpectedGroups {
  readonly groups: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly [gap: string]: unknown
}

type ExpectedWindow = Readonly<Record<string, unknown>> & {
  readonly performance: Readonly<Record<string, number | null>>
  readonly drift: Readonly<Record<string, { readonly psi: number }>>
}

describe('the numbers of scikit-learn, Fairlearn and the PSI definition on the full data', { skip: NO_DATA }, () => {
  test('small-business credit, every month', () => {
    const months = new Map(readLoanMonths().map((month) => [month.month, month]))
    for (const [name, expected] of expectedWindows('sba-loans')) {
      if (name.startsWith('1997')) continue
      const month = name === 'reference' ? '2004-09' : name
      const snapshot = snapshotAt('small-business-credit', month)
      checkPerformance(snapshot, expected, ['accuracy', 'precision', 'recall', 'f1', 'auc', 'brier', 'log_loss'])
      checkGroups(snapshot, 'business', expected.business as ExpectedGroups)
      checkGroups(snapshot, 'area', expected.area as ExpectedGroups)
      for (const [feature, { psi }] of Object.entries(expected.drift)) {
        close(psiOf(snapshot, months, month, feature), psi, `${month} psi ${feature}`)
      }
    }
  })

  test('COMPAS, every window', () => {
    for (const [name, expected] of expectedWindows('compas')) {
      const month = name === 'reference' ? '2013-01' : name.slice(0, 7)
      const snapshot = snapshotAt('compas', month)
      // The file of counts has three bands of the score, so AUC and calibration over ten deciles cannot be had from it.
      checkPerformance(snapshot, expected, ['accuracy', 'precision', 'recall', 'f1'])
      checkGroups(snapshot, 'sex', expected.sex as ExpectedGroups)
      const { groups } = expected.race as ExpectedGroups
      for (const group of Object.keys(groups)) checkRates(snapshot, 'race', group, groups[group] ?? {})
      const [reference, current] = [readPeople().filter((p) => p.month <= '2013-03'), windowOf(name)]
      for (const attribute of ['sex', 'race', 'age_cat'] as const) {
        const sides = [reference, current].map((people) => ({
          values: groupsOf(people, attribute).map(({ group, counts }) => ({ value: group, n: allRows(counts) })),
          missing: 0,
        }))
        const [before, now] = sides
        assert.ok(before && now)
        close(categoryPsi(before, now).value ?? Number.NaN, expected.drift[attribute]?.psi ?? 0, `${name} ${attribute}`)
      }
    }
  })
})

function windowOf(name: string) {
  const people = readPeople()
  if (name === 'reference') return people.filter(({ month }) => month <= '2013-03')
  return people.filter(({ month }) => (name === '2014-05-to-12' ? month > '2014-04' : month === name))
}

function expectedWindows(folder: string): [string, ExpectedWindow][] {
  return Object.entries(JSON.parse(readFileSync(join(DATA, folder, 'expected.json'), 'utf8')).windows)
}

function snapshotAt(model: string, month: string): Snapshot {
  const found = snapshots.find(
    (s) => s.model === model && s.purpose !== 'validation' && s.window.start.startsWith(month),
  )
  assert.ok(found, `${model} ${month}`)
  return found
}

function checkPerformance(snapshot: Snapshot, expected: ExpectedWindow, names: readonly string[]): void {
  for (const name of names) {
    close(
      figure(snapshot, `performance.${name}`),
      expected.performance[name] ?? Number.NaN,
      `${snapshot.window.start} ${name}`,
    )
  }
  close(figure(snapshot, 'custom.label_rate'), expected.performance.label_rate ?? Number.NaN, 'label rate')
}

function checkGroups(snapshot: Snapshot, attribute: string, expected: ExpectedGroups): void {
  for (const [group, rates] of Object.entries(expected.groups)) checkRates(snapshot, attribute, group, rates)
  for (const gap of GAPS) {
    const measured = find(snapshot, `fairness.${gap}`, { attribute })
    // Without any negative label there is no false positive rate to compare, where Fairlearn counts 0.
    if (measured?.reason === 'fewer_than_two_groups' && snapshot.window.start === '2014-05-01T00:00:00Z') continue
    close(measured?.value ?? Number.NaN, Number(expected[gap]), `${snapshot.window.start} ${attribute} ${gap}`)
  }
}

const GAPS = [
  'demographic_parity_difference',
  'demographic_parity_ratio',
  'equal_opportunity_difference',
  'equalized_odds_difference',
]

/** Fairlearn counts a rate without a denominator as 0; here it is null with its reason. */
function checkRates(
  snapshot: Snapshot,
  attribute: string,
  group: string,
  rates: Readonly<Record<string, number>>,
): void {
  for (const name of ['selection_rate', 'tpr', 'fpr', 'fnr']) {
    const measured = find(snapshot, `fairness.${name}`, { attribute, group })
    if (measured?.value === null) assert.ok(measured.reason)
    else close(measured?.value ?? Number.NaN, rates[name] ?? Number.NaN, `${snapshot.window.start} ${group} ${name}`)
  }
}

function psiOf(snapshot: Snapshot, months: ReadonlyMap<string, LoanMonth>, month: string, feature: string): number {
  if (feature === 'score') return figure(snapshot, 'drift.prediction_psi')
  if (feature !== 'business' && feature !== 'area') return figure(snapshot, 'drift.psi', { feature })
  const [before, now] = ['2004-09', month].map((name) => ({
    values: (months.get(name)?.groups.get(feature) ?? []).map((g) => ({ value: g.group, n: allRows(g.counts) })),
    missing: 0,
  }))
  assert.ok(before && now)
  return categoryPsi(before, now).value ?? Number.NaN
}

type Place = Partial<Pick<Measurement, 'feature' | 'attribute' | 'group'>>

function find(snapshot: Snapshot | undefined, metric: string, place: Place = {}): Measurement | undefined {
  return snapshot?.measurements.find(
    (m) =>
      m.metric === metric && m.feature === place.feature && m.attribute === place.attribute && m.group === place.group,
  )
}

function figure(snapshot: Snapshot | undefined, metric: string, place: Place = {}): number {
  return find(snapshot, metric, place)?.value ?? Number.NaN
}

function close(got: number, expected: number, where: string): void {
  assert.ok(
    Math.abs(got - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${where}: ${got} instead of ${expected}`,
  )
}
