// Every kind of model: what is measured of it, and that classes are the same in Parquet and CSV.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { assembleWorld } from '../../engine/adapters/real-world.ts'
import { textLiteral } from '../../engine/base/sql-text.ts'
import { CARD, csv, figures, lineOf, observe, rows, scene, value } from './observe-scene.ts'
import { NOW } from './reading-world.ts'

const card = (kind: string) => ({ 'models/loans/card.yaml': CARD.replace('kind: binary', `kind: ${kind}`) })
const cells = rows(60).map((line) => line.split(','))
/** The scene's rows with other predictions and labels. */
const withOutcomes = (outcome: (i: number) => readonly [prediction: string, label: string]) =>
  csv(cells.map((row, i) => [...row.slice(0, 7), ...outcome(i)].join(',')))

test('many classes: shares of right ones, averages over classes, no gaps of selection', async () => {
  const data = withOutcomes((i) => [String(i % 3), String(i % 4 === 0 ? 0 : i % 3)])
  const result = await observe(scene({ 'current.csv': data }, card('multiclass')))
  const right = cells.filter((_, i) => i % 3 === (i % 4 === 0 ? 0 : i % 3)).length
  assert.equal(value(result, 'performance.accuracy'), right / 60)
  assert.equal(figures(result, 'performance.f1')[0]?.definition, 'performance.f1/macro')
  assert.deepEqual(figures(result, 'fairness.selection_rate'), [])
})

test('numbers: errors and drift of the prediction', async () => {
  const data = withOutcomes((i) => [String(i), String(i + (i % 2))])
  const reference = withOutcomes((i) => [String(i * 2), String(i)])
  const place = scene({ 'current.csv': data, 'reference.csv': reference }, card('regression'))
  const result = await observe(place, { reference: ['reference.csv'] })
  assert.equal(value(result, 'performance.mae'), 0.5)
  assert.equal(value(result, 'performance.rmse'), Math.sqrt(0.5))
  assert.equal(figures(result, 'drift.prediction_psi').length, 1)
})

test('scores alone: ranking and calibration, no classes', async () => {
  const result = await observe(scene({ 'current.csv': csv(rows(60)) }, card('score')))
  assert.equal(typeof value(result, 'performance.auc'), 'number')
  assert.deepEqual(figures(result, 'performance.accuracy'), [])
})

test('a model without a label, a score, features or groups still has its quality', async () => {
  const bare = CARD.replace(/ {2}(label|score|protected).*\n/g, '').replace(/features: .*/, 'features: []')
  const result = await observe(scene({ 'current.csv': csv(rows(30)) }, { 'models/loans/card.yaml': bare }))
  assert.equal(value(result, 'data.rows'), 30)
  assert.deepEqual(
    lineOf(result).measurements.filter(({ metric }) => /^(performance|fairness|drift)/.test(metric)),
    [],
  )
})

for (const kind of ['binary', 'multiclass']) {
  test(`${kind}: whole numbers in Parquet are the classes that CSV writes`, async () => {
    const place = scene({ 'current.csv': csv(rows(60)), 'reference.csv': csv(rows(80)) }, card(kind))
    const path = (name: string) => textLiteral(join(place.root, '.git', name))
    const engine = await assembleWorld(NOW).openEngine?.({ engine: 'duckdb', beside: 1 })
    const select = `SELECT * REPLACE (refused::DOUBLE AS refused, defaulted::BIGINT AS defaulted) FROM read_csv(${path('current.csv')})`
    await engine?.query(`COPY (${select}) TO ${path('current.parquet')} (FORMAT parquet)`)
    engine?.close()
    const ofCsv = await observe(place, { reference: ['reference.csv'], out: '-' })
    const ofParquet = await observe(place, { reference: ['reference.csv'], out: '-', current: ['current.parquet'] })
    assert.deepEqual(lineOf(ofParquet).measurements, lineOf(ofCsv).measurements)
  })
}
