// The catalogue says of which metrics a value has an interval: those that the pure functions give one to, and no others.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Measurement } from '../../../engine/domain/snapshot.ts'
import { findMetric } from '../../../engine/observe/metrics/catalogue.ts'
import { type Confusion, NO_ROWS } from '../../../engine/observe/metrics/confusion.ts'
import { groupMeasurements } from '../../../engine/observe/metrics/group-measurements.ts'
import { outcomeMeasurements } from '../../../engine/observe/metrics/outcome-measurements.ts'

const counts = (tp: number, fp: number, fn: number, tn: number): Confusion => ({ ...NO_ROWS, tp, fp, fn, tn })
const groups = [
  { values: ['F'], counts: counts(40, 20, 15, 60) },
  { values: ['M'], counts: counts(50, 25, 12, 70) },
  { values: ['X'], counts: counts(20, 9, 8, 30) },
]

test('what has an interval by the catalogue has one, and what has one says how it is made', () => {
  const measured: readonly Measurement[] = [
    ...groupMeasurements(
      { all: counts(110, 54, 35, 160), attributes: [{ attributes: ['sex'], groups }] },
      { minimumGroupSize: 10, protected: [{ name: 'sex', privileged: ['M'] }] },
    ),
    ...outcomeMeasurements({ kind: 'binary', prediction: 'y', counts: counts(110, 54, 35, 160), scores: null }),
  ]
  const seen = new Set<string>()
  for (const one of measured) {
    assert.equal(one.interval !== undefined, findMetric(one.metric)?.interval !== undefined, one.metric)
    seen.add(one.metric)
  }
  assert.ok(seen.size >= 22, [...seen].join(' '))
})
