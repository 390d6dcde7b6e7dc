// The bundled example's numbers: equal to what the committed data give; those of COMPAS equal to scikit-learn and Fairlearn on
// the full data (../shared/data, where it exists), and to the figures that ProPublica published.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Snapshot } from '../../engine/domain/snapshot.ts'
import { categoryPsi } from '../../engine/observe/metrics/column-drift.ts'
import { allRows } from '../../engine/observe/metrics/confusion.ts'
import { groupsOf, readPeople } from './compas-snapshots.ts'
import { PROJECT } from './counts-csv.ts'
import {
  checkGroups,
  checkPerformance,
  checkRates,
  close,
  type ExpectedGroups,
  expectedWindows,
  figure,
  NO_DATA,
} from './expected-figures.ts'
import { exampleSnapshotFiles } from './make-snapshots.ts'

const files = await exampleSnapshotFiles()
const snapshots = [...files.values()].flatMap((text) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Snapshot),
)

test('the committed snapshots are those that the committed data give', () => {
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
  assert.ok(figure(april, 'performance.label_rate') > 0.97)
  assert.equal(after?.measurements.find(({ metric }) => metric === 'performance.auc')?.reason, 'one_class')
})

describe('the numbers of scikit-learn, Fairlearn and the PSI definition on the full data', { skip: NO_DATA }, () => {
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

function snapshotAt(model: string, month: string): Snapshot {
  const found = snapshots.find(
    (s) => s.model === model && s.purpose !== 'validation' && s.window.start.startsWith(month),
  )
  assert.ok(found, `${model} ${month}`)
  return found
}
