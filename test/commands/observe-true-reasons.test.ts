// What `tutela observe` says where rows, labels or their order are wanting: null with the reason, never a 0 that passes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csv, figures, lineOf, observe, rows, scene, value, without } from './observe-scene.ts'

const WINDOW = { window: '2026-11-20/2026-11-21' }
const unlabelled = rows(60).map((line) => line.replace(/,[01]$/, ','))

test('a header alone has no 0 but the number of rows and of labels', async () => {
  const result = await observe(scene({ 'current.csv': csv([]) }), WINDOW)
  const zeros = lineOf(result).measurements.filter((one) => one.value === 0)
  assert.deepEqual(new Set(zeros.map(({ metric }) => metric)), new Set(['data.rows', 'performance.support']))
  for (const metric of ['concept.adwin', 'data.range_violations', 'data.freshness_hours']) {
    const reasons = new Set(figures(result, metric).map(({ reason }) => reason))
    assert.deepEqual([...reasons], ['empty_window'], metric)
  }
})

for (const [name, text] of [
  ['in an empty column', csv(unlabelled)],
  ['in no column', without(csv(rows(60)), 'defaulted')],
] as const) {
  test(`labels that have not come, ${name}, are the reason of all that needs them`, async () => {
    const result = await observe(scene({ 'current.csv': text }))
    const needing = lineOf(result).measurements.filter(({ metric }) =>
      /^concept\.|^performance\.(accuracy|precision|recall|f1|auc|brier|ece)|^fairness\.(tpr|ppv|equal|theil|disparate)/.test(
        metric,
      ),
    )
    assert.ok(needing.length > 12)
    assert.deepEqual(
      needing.filter((one) => one.value !== null || one.reason !== 'no_label'),
      [],
    )
    assert.equal(typeof value(result, 'data.rows'), 'number')
    assert.ok(figures(result, 'fairness.selection_rate').every((one) => one.value !== null))
  })
}

test('labels of one group alone: the reason is told of the other', async () => {
  const lines = rows(60).map((line, i) => (i % 2 === 0 ? line.replace(/,[01]$/, ',') : line))
  const result = await observe(scene({ 'current.csv': csv(lines) }))
  const rate = (group: string) => figures(result, 'fairness.tpr').find((one) => one.group === group)
  assert.equal(rate('F')?.reason, 'no_label')
  assert.equal(typeof rate('M')?.value, 'number')
  assert.equal(typeof value(result, 'performance.accuracy'), 'number')
})

test('rows of one and the same time have no order, so no alarm and no all-clear', async () => {
  const result = await observe(scene({ 'current.csv': csv(rows(60)).replaceAll(/T\d\d:00:00Z/g, '') }))
  for (const metric of ['concept.adwin', 'concept.ddm', 'concept.page_hinkley'])
    assert.deepEqual(
      figures(result, metric).map((one) => [one.value, one.reason]),
      [[null, 'no_order']],
    )
  const ordered = await observe(scene({ 'current.csv': csv(rows(60)) }))
  assert.equal(value(ordered, 'concept.adwin'), 0)
})

test('no interval leaves the range of its metric, and an F1 of 0 has none', async () => {
  const lines = rows(60).map((line, i) => line.replace(/,[01],[01]$/, i % 4 < 2 ? ',1,0' : ',0,1'))
  const result = await observe(scene({ 'current.csv': csv(lines) }))
  const [ratio] = figures(result, 'fairness.demographic_parity_ratio')
  assert.equal(ratio?.interval?.[1], 1)
  const [f1] = figures(result, 'performance.f1')
  assert.deepEqual([f1?.value, f1?.interval], [0, undefined])
})

test('a label that is written in another case is told', async () => {
  const result = await observe(scene({ 'current.csv': csv(rows(60)).replace('defaulted', 'Defaulted') }))
  assert.match(result.notes.join(), /no column `defaulted`: no label has come yet \(did you mean `Defaulted`\?\)/)
})
